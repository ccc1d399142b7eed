//! A history as text: one column a server, time down the side.
//!
//! Each column has a lifeline that shows the server's role by its shape, and by colour where there
//! is colour. What the test does, and its steps, run across all columns.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::cluster::Cluster;
use super::digest;
use super::model::{Driven, End, Event, History, Role, Server, What};
use super::rows::{self, Place, Row};
use super::select::Selection;
use super::words::{self, list};
use crate::terminal::Options;
use crate::terminal::text::{Ink, Pen, plain, wrap};

/// Narrower columns would hold no word.
const LEAST_TEXT: usize = 8;
/// Nor would lines across.
const LEAST_ACROSS: usize = 20;
/// Columns at least this wide leave room for microseconds.
const ROOMY_TEXT: usize = 20;
/// Lifeline and a space.
const BEFORE_TEXT: usize = 2;
/// Narrower columns have no room for a space after the text.
const ROOM_FOR_GAP: usize = 11;
/// Characters of one event that are shown; a trace has them all.
const MOST_TEXT: usize = 2000;
/// Lines after which a step shows the heading again.
const HEADING_EVERY: usize = 30;

/// Writes what `selection` selects of `history`. In a window too narrow for its servers lines are
/// longer than it.
///
/// # Errors
/// Those of `out`.
pub fn write(
    history: &History,
    selection: &Selection,
    options: Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows = rows::rows(&digest::entries(history, selection));
    let mut page = Page::new(history, selection, options, out);
    page.legend()?;
    page.heading()?;
    for row in &rows {
        page.row(row)?;
    }
    page.end(history)
}

/// What is known of a server at some moment.
#[derive(Clone, Copy, Debug)]
struct Now {
    runs: bool,
    connected: bool,
    role: Option<Role>,
}

impl Now {
    fn lifeline(self) -> (Ink, &'static str) {
        match self.role {
            _ if !self.runs => (Ink::Dim, "·"),
            Some(role @ Role::Leader { .. }) => {
                (words::ink_of(role), if self.connected { "┃" } else { "┇" })
            }
            Some(role @ Role::Candidate { .. }) => (words::ink_of(role), "?"),
            _ => (Ink::Dim, if self.connected { "│" } else { "┊" }),
        }
    }

    /// `server 0: leader, t3, cut off`.
    fn words(self, server: Server) -> (Ink, String) {
        let (ink, role) = match self.role {
            _ if !self.runs => (Ink::Dim, ": down".to_owned()),
            None => (Ink::Bold, String::new()),
            Some(role) => {
                let (word, term) = (words::word(role), role.term());
                (words::ink_of(role), format!(": {word}, t{term}"))
            }
        };
        let cut_off = if self.runs && !self.connected { ", cut off" } else { "" };
        (ink, format!("server {server}{role}{cut_off}"))
    }
}

struct Page<'a> {
    events: &'a [Event],
    columns: Vec<Server>,
    pen: Pen,
    width: usize,
    /// Columns of the window for the time.
    time: usize,
    /// Digits of a second.
    decimals: usize,
    /// Columns of the window for a server's text.
    text: usize,
    /// And after it.
    gap: usize,
    cluster: Cluster,
    /// The last role that each server showed in its life.
    roles: Vec<Option<Role>>,
    /// Events that the lifelines know of.
    seen: usize,
    /// The time of the row before; empty when something else stands between.
    told: String,
    /// Lines since the last heading.
    lines: usize,
    out: &'a mut dyn Write,
}

impl<'a> Page<'a> {
    fn new(
        history: &'a History,
        selection: &Selection,
        options: Options,
        out: &'a mut dyn Write,
    ) -> Self {
        let columns: Vec<Server> =
            (0..history.servers).filter(|server| selection.has_server(*server)).collect();
        let end_ns = history.end.as_ref().map(|end| end.at_ns);
        let last_ns = end_ns.max(history.events.last().map(|event| event.at_ns)).unwrap_or(0);
        let digits = (last_ns / 1_000_000_000).to_string().len();
        let text = |decimals: usize| {
            let left = options.width.saturating_sub(digits + 1 + decimals + 1);
            (left / columns.len().max(1)).saturating_sub(BEFORE_TEXT)
        };
        let decimals = if text(6) > ROOMY_TEXT { 6 } else { 3 };
        let column = text(decimals).max(LEAST_TEXT);
        let gap = usize::from(column >= ROOM_FOR_GAP);
        Self {
            events: &history.events,
            pen: Pen { color: options.color },
            width: options.width,
            time: digits + 1 + decimals,
            decimals,
            text: column - gap,
            gap,
            cluster: Cluster::default(),
            roles: vec![None; history.servers],
            columns,
            seen: 0,
            told: String::new(),
            lines: 0,
            out,
        }
    }

    fn legend(&mut self) -> io::Result<()> {
        if self.columns.is_empty() {
            return Ok(());
        }
        let legend = "┃ leader, ? candidate, │ follower, ┇ ┊ the same cut off, · down; → sends; \
                      t3: term 3; 4 (t2): index 4, of term 2; [I] the submission's log";
        for line in wrap(legend, self.width.max(LEAST_ACROSS)) {
            let line = self.pen.paint(Ink::Dim, &line);
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    /// Who is what.
    fn heading(&mut self) -> io::Result<()> {
        self.lines = 0;
        let cells: Vec<(Ink, Vec<String>)> = self
            .columns
            .iter()
            .map(|server| {
                let (ink, text) = match self.seen {
                    0 => (Ink::Bold, format!("server {server}")),
                    _ => self.now(*server).words(*server),
                };
                (ink, wrap(&text, self.text))
            })
            .collect();
        let height = cells.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
        for i in 0..height {
            let mut line = Line::new(self.pen);
            line.skip(self.time + 1);
            for (ink, lines) in &cells {
                line.skip(BEFORE_TEXT);
                line.cell(*ink, lines.get(i).map_or("", String::as_str), self.text + self.gap);
            }
            writeln!(self.out, "{}", line.text)?;
        }
        Ok(())
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.catch_up(row.seen);
        let Row { at_ns, place, ink, text, .. } = row;
        match place {
            Place::Columns(servers) => {
                let (shown, hidden): (Vec<Server>, Vec<Server>) =
                    servers.iter().partition(|server| self.columns.contains(server));
                for server in hidden {
                    self.across(*at_ns, *ink, &format!("server {server}: {text}"))?;
                }
                if shown.is_empty() { Ok(()) } else { self.cells(*at_ns, &shown, *ink, text) }
            }
            Place::Driven => self.across(*at_ns, *ink, &format!("{text}{}", self.who_is_there())),
            Place::Across => self.across(*at_ns, *ink, text),
            Place::Quiet => self.aside(text),
            Place::Step => {
                self.across(*at_ns, *ink, text)?;
                if self.lines >= HEADING_EVERY { self.heading() } else { Ok(()) }
            }
        }
    }

    /// Lets the lifelines know of the first `seen` events.
    fn catch_up(&mut self, seen: usize) {
        let news = self.seen.min(seen)..seen;
        for event in &self.events[news] {
            let (server, role) = match (&event.what, event.server) {
                (What::Driven(driven), _) => {
                    self.cluster.drive(driven);
                    let Driven::Start(server) = driven else { continue };
                    (*server, None)
                }
                (What::Role(role), Some(server)) => (server, Some(*role)),
                _ => continue,
            };
            if let Some(place) = self.roles.get_mut(server) {
                *place = role;
            }
        }
        self.seen = self.seen.max(seen);
    }

    fn now(&self, server: Server) -> Now {
        Now {
            runs: self.cluster.runs(server),
            connected: self.cluster.is_connected(server),
            role: self.roles[server],
        }
    }

    /// ` (connected: 0 2; cut off: 1; down: 3 4)`; nothing when no server runs.
    fn who_is_there(&self) -> String {
        let count = self.roles.len();
        let those = |is: fn(Now) -> bool| -> Vec<Server> {
            (0..count).filter(|server| is(self.now(*server))).collect()
        };
        let groups = [
            ("connected", those(|now| now.runs && now.connected)),
            ("cut off", those(|now| now.runs && !now.connected)),
            ("down", those(|now| !now.runs)),
        ];
        if groups[2].1.len() == count {
            return String::new();
        }
        let mut texts: Vec<String> = groups
            .iter()
            .filter(|(_, servers)| !servers.is_empty())
            .map(|(what, servers)| match servers.len() {
                all if all == count => format!("all {what}"),
                _ => format!("{what}: {}", list(servers)),
            })
            .collect();
        if self.cluster.has_cuts() {
            texts.push(match self.cluster.groups(count) {
                Some(groups) => {
                    let groups: Vec<String> = groups.iter().map(|group| list(group)).collect();
                    format!("parted: {}", groups.join(" | "))
                }
                None => "some links cut".to_owned(),
            });
        }
        format!(" ({})", texts.join("; "))
    }

    /// The same words in the columns of `servers`, beside the lifelines of the others.
    fn cells(&mut self, at_ns: u64, servers: &[Server], ink: Ink, text: &str) -> io::Result<()> {
        for (i, words) in wrap(&clipped(text), self.text).iter().enumerate() {
            let mut line = Line::new(self.pen);
            let time = if i == 0 { self.time_unless_told(at_ns) } else { String::new() };
            line.cell(Ink::Dim, &time, self.time + 1);
            for column in &self.columns {
                let (life, glyph) = self.now(*column).lifeline();
                line.cell(life, glyph, BEFORE_TEXT);
                let words = if servers.contains(column) { words.as_str() } else { "" };
                line.cell(ink, words, self.text + self.gap);
            }
            self.put(&line)?;
        }
        Ok(())
    }

    /// Words across all columns.
    fn across(&mut self, at_ns: u64, ink: Ink, text: &str) -> io::Result<()> {
        const RULE: &str = "──";
        self.told.clear();
        let width = self.width.saturating_sub(self.time + RULE.width() + 2).max(LEAST_ACROSS);
        for (i, words) in wrap(&clipped(text), width).iter().enumerate() {
            let mut line = Line::new(self.pen);
            let (time, rule) = if i == 0 { (self.time(at_ns), RULE) } else { (String::new(), "") };
            line.cell(Ink::Dim, &time, self.time + 1);
            line.cell(Ink::Dim, rule, RULE.width() + 1);
            line.cell(ink, words, 0);
            self.put(&line)?;
        }
        Ok(())
    }

    /// Words across all columns, without a time.
    fn aside(&mut self, text: &str) -> io::Result<()> {
        self.told.clear();
        let width = self.width.saturating_sub(self.time + 1).max(LEAST_ACROSS);
        for words in wrap(&clipped(text), width) {
            let mut line = Line::new(self.pen);
            line.skip(self.time + 1);
            line.cell(Ink::Dim, &words, 0);
            self.put(&line)?;
        }
        Ok(())
    }

    fn end(&mut self, history: &History) -> io::Result<()> {
        if history.is_cut {
            let words = "the trace breaks off here: the process was killed, or the disk is full";
            self.aside(words)?;
        }
        let Some(End { at_ns, failure }) = &history.end else { return Ok(()) };
        match failure.as_deref() {
            None => self.across(*at_ns, Ink::Good, "PASSED"),
            Some([first, details @ ..]) => {
                self.across(*at_ns, Ink::Bad, &format!("FAILED: {first}"))?;
                details.iter().try_for_each(|detail| self.aside(detail))
            }
            Some([]) => self.across(*at_ns, Ink::Bad, "FAILED"),
        }
    }

    fn time(&self, at_ns: u64) -> String {
        let second = 10_u64.pow(self.decimals as u32);
        let unit_ns = 1_000_000_000 / second;
        // Rounded, as in the failure's own words.
        let units = at_ns.saturating_add(unit_ns / 2) / unit_ns;
        let (s, fraction) = (units / second, units % second);
        let time = format!("{s}.{fraction:0decimals$}", decimals = self.decimals);
        format!("{time:>width$}", width = self.time)
    }

    /// The time; nothing when the row before has told it.
    fn time_unless_told(&mut self, at_ns: u64) -> String {
        let time = self.time(at_ns);
        if self.told == time {
            return String::new();
        }
        self.told.clone_from(&time);
        time
    }

    fn put(&mut self, line: &Line) -> io::Result<()> {
        self.lines += 1;
        writeln!(self.out, "{}", line.text)
    }
}

/// The start of a very long text. Nothing in it breaks a line.
fn clipped(text: &str) -> String {
    match text.char_indices().nth(MOST_TEXT) {
        None => plain(text),
        Some((end, _)) => format!("{}…", plain(&text[..end])),
    }
}

/// A line being filled; no spaces at the end.
struct Line {
    pen: Pen,
    text: String,
    /// Spaces to come before the next word.
    pending: usize,
}

impl Line {
    fn new(pen: Pen) -> Self {
        Self { pen, text: String::new(), pending: 0 }
    }

    fn skip(&mut self, columns: usize) {
        self.pending += columns;
    }

    /// `text`, and spaces until it takes `columns`.
    fn cell(&mut self, ink: Ink, text: &str, columns: usize) {
        if !text.is_empty() {
            self.text.extend(std::iter::repeat_n(' ', std::mem::take(&mut self.pending)));
            self.text.push_str(&self.pen.paint(ink, text));
        }
        self.pending += columns.saturating_sub(text.width());
    }
}
