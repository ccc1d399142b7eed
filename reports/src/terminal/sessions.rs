//! A list of sessions as text.

use super::text::{Pen, plain};
use super::{Options, Page};
use crate::model::Totals;
use crate::table::{Align, Table};
use crate::terminal::tables::ink;
use crate::units::{count, duration};

/// A session in a list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name.
    pub id: String,
    /// When it began, as a person reads it.
    pub when: String,
    /// What was graded.
    pub submission: String,
    /// Ids of its suites.
    pub suites: Vec<String>,
    /// The sums of its report.
    pub totals: Totals,
}

/// The sessions, in the order given, ending in a newline.
pub fn render(rows: &[Row], options: Options) -> String {
    let mut page = Page::new(options);
    if rows.is_empty() {
        page.wrapped(0, "no session is kept yet: `grader run` keeps each");
        return page.into_text();
    }
    let columns = [
        ("session", Align::Left),
        ("when", Align::Left),
        ("runs", Align::Right),
        ("took", Align::Right),
    ];
    let mut table = Table::new(columns);
    for row in rows {
        let (runs, took) = (count(row.totals.runs), duration(row.totals.wall_s));
        table.row(vec![row.id.as_str().into(), row.when.as_str().into(), runs.into(), took.into()]);
    }
    let room = options.width.saturating_sub(table.width() + GAP);
    let mut lines = table.lines(page.pen()).into_iter();
    page.line(&format!("{}{:GAP$}tests", lines.next().unwrap_or_default(), ""));
    // What was graded is often the same for all, and long.
    let mut last = None;
    for (row, line) in rows.iter().zip(lines) {
        let what = format!("{}: {}", row.submission, row.suites.join(", "));
        if last.as_ref() != Some(&what) {
            page.wrapped(0, &plain(&what));
            last = Some(what);
        }
        let tests = tests(&row.totals);
        if tests.len() <= room {
            page.line(&format!("{line}{:GAP$}{}", "", painted(&row.totals, page.pen())));
        } else {
            page.line(&line);
            page.wrapped(4, &tests);
        }
    }
    page.into_text()
}

/// Spaces before the last column, which may be too long for its line.
const GAP: usize = 2;

/// `5 pass, 1 flaky`
fn tests(totals: &Totals) -> String {
    painted(totals, Pen { color: false })
}

fn painted(totals: &Totals, pen: Pen) -> String {
    let verdicts = totals.verdicts();
    let words: Vec<String> = verdicts
        .map(|(tests, verdict)| pen.paint(ink(verdict), &format!("{} {verdict}", count(tests))))
        .collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}
