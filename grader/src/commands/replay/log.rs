//! `grader replay --log`: what happened in the run, in columns.

use reports::history::{History, Selection, columns};
use reports::{Writer, terminal::Options};

use crate::cli::LogArgs;
use crate::exit::{self, Outcome, Stop};
use crate::terminal::{self, Screen};

/// The log shows whole microseconds, so an event may be so far from the time that is copied from it.
const ROUNDING_NS: u64 = 500;

/// A log that was asked for.
pub(super) struct Log<'a> {
    args: &'a LogArgs,
    to: Writer,
}

impl<'a> Log<'a> {
    /// Looks, before the run, whether there can be a log; none when none is asked for.
    pub(super) fn new(args: &'a LogArgs) -> Outcome<Option<Self>> {
        let Some(file) = &args.log else { return Ok(None) };
        if let (Some(from), Some(to)) = (args.from, args.to)
            && from > to
        {
            let (from, to) = (seconds(from), seconds(to));
            return Err(Stop::usage(format!("--from {from} is after --to {to}")));
        }
        let to = Writer::open(file).map_err(exit::write_failed)?;
        Ok(Some(Self { args, to }))
    }

    /// Shows what happened in a run.
    pub(super) fn show(self, history: &History) -> Outcome<()> {
        self.check_servers(history.servers)?;
        let to_screen = self.to.is_stdout();
        let width = match self.args.width {
            Some(width) => width,
            None if to_screen => Screen::Stdout.width(),
            None => terminal::WIDTH,
        };
        // Escapes that the screen does not want are taken out when they are printed.
        let color = to_screen || terminal::always_colors();
        let mut text = Vec::new();
        columns::write(history, &self.selection(), Options { width, color }, &mut text)
            .expect("a vector takes all");
        if to_screen {
            return Screen::Stdout.print(&String::from_utf8_lossy(&text));
        }
        exit::unless_closed(self.to.write(&text))
    }

    fn check_servers(&self, servers: usize) -> Outcome<()> {
        let Some(unknown) = self.args.servers.iter().find(|server| **server >= servers) else {
            return Ok(());
        };
        Err(Stop::usage(match servers {
            0 => format!("--server {unknown}: this test has no cluster"),
            _ => format!("--server {unknown}: this test has servers 0 to {}", servers - 1),
        }))
    }

    fn selection(&self) -> Selection {
        let LogArgs { servers, level, from, to, only, all, .. } = self.args;
        Selection {
            servers: (!servers.is_empty()).then(|| servers.iter().copied().collect()),
            level: level.unwrap_or_default(),
            from_ns: from.unwrap_or(0).saturating_sub(ROUNDING_NS),
            to_ns: to.map(|to| to.saturating_add(ROUNDING_NS)),
            topics: (!only.is_empty()).then(|| only.iter().copied().collect()),
            all: *all,
        }
    }
}

fn seconds(ns: u64) -> f64 {
    ns as f64 / 1e9
}
