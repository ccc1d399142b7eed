//! A list of sessions as text.

use super::text::plain;
use super::{Options, Page};
use crate::model::Totals;
use crate::table::{Align, Cell, Table};
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
        ("tests", Align::Left),
    ];
    let mut table = Table::new(columns);
    for row in rows {
        let verdict = row.totals.verdicts().last().map(|(_, verdict)| ink(verdict));
        let tests: Vec<String> = row
            .totals
            .verdicts()
            .map(|(tests, verdict)| format!("{} {verdict}", count(tests)))
            .collect();
        let tests = if tests.is_empty() { "none".to_owned() } else { tests.join(", ") };
        table.row(vec![
            row.id.as_str().into(),
            row.when.as_str().into(),
            count(row.totals.runs).into(),
            duration(row.totals.wall_s).into(),
            verdict.map_or_else(|| tests.clone().into(), |ink| Cell::new(tests.clone(), ink)),
        ]);
    }
    // What was graded is often the same for all, and long.
    let mut last = None;
    let mut lines = table.lines(page.pen()).into_iter();
    page.line(&lines.next().unwrap_or_default());
    for (row, line) in rows.iter().zip(lines) {
        let what = format!("{}: {}", row.submission, row.suites.join(", "));
        if last.as_ref() != Some(&what) {
            page.wrapped(0, &plain(&what));
            last = Some(what);
        }
        page.line(&line);
    }
    page.into_text()
}
