//! A class as text: a line for each submission, and what the lines amount to.

use std::fmt::Write;

use super::{Class, Row, Status};
use crate::table::{Align, Cell, Table};
use crate::terminal::Options;
use crate::terminal::text::{Ink, Pen, plain, wrap};
use crate::units::plural;

/// Lines of a reason that are shown; a submission's report has all of it.
const REASON_LINES: usize = 2;

/// The summary as text, ending in a newline.
pub fn render(class: &Class, options: Options) -> String {
    let pen = Pen { color: options.color };
    let mut table = Table::new([
        ("submission", Align::Left),
        ("score", Align::Right),
        ("of", Align::Right),
        ("pass", Align::Right),
        ("flaky", Align::Right),
        ("fail", Align::Right),
        ("other", Align::Right),
        ("", Align::Left),
    ]);
    for row in &class.submissions {
        table.row(cells(row));
        if let Some(reason) = &row.reason {
            let width = options.width.max(40) - 6;
            let lines = wrap(&plain(reason), width);
            let cut = if lines.len() > REASON_LINES { " …" } else { "" };
            for (at, line) in lines.iter().take(REASON_LINES).enumerate() {
                let end = if at + 1 == REASON_LINES { cut } else { "" };
                table.span(Cell::new(format!("  {line}{end}"), Ink::Dim));
            }
        }
    }
    let mut text = String::new();
    for line in table.lines(pen) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {line}");
    }
    text.push('\n');
    for line in closing(class).lines().flat_map(|line| wrap(line, options.width.max(40))) {
        let _ = writeln!(text, "{line}");
    }
    text
}

fn cells(row: &Row) -> Vec<Cell> {
    let mut name = plain(&row.id);
    if let Some(whose) = &row.name {
        let _ = write!(name, " ({})", plain(whose));
    }
    let tests = row.tests;
    let count = |count: u64, ink| match count {
        0 => Cell::new("0", Ink::Dim),
        many => Cell::new(many.to_string(), ink),
    };
    let status = match row.status {
        Status::Graded => Cell::from(""),
        other => Cell::new(other.to_string(), Ink::Bad),
    };
    vec![
        name.into(),
        row.score.points.to_string().into(),
        row.score.of.to_string().into(),
        count(tests.pass, Ink::Good),
        count(tests.flaky, Ink::Doubtful),
        count(tests.fail, Ink::Bad),
        count(tests.not_implemented + tests.undetermined, Ink::Plain),
        status,
    ]
}

/// What the rows amount to.
fn closing(class: &Class) -> String {
    let rows = &class.submissions;
    let mut text = plural(rows.len() as u64, "submission");
    let kinds = [Status::OutOfTime, Status::DoesNotBuild, Status::NoSubmission, Status::NoTests];
    let with = |status| rows.iter().filter(|row| row.status == status).count();
    let _ = write!(text, ": {} graded", with(Status::Graded));
    for status in kinds.into_iter().filter(|&status| with(status) > 0) {
        let _ = write!(text, ", {} {status}", with(status));
    }
    if class.waiting > 0 {
        let _ = write!(text, "; {} still to be graded", class.waiting);
    }
    let _ = writeln!(text, "; seed {}", class.seed);
    let runs: u64 = rows.iter().map(|row| row.runs).sum();
    let mut points: Vec<f64> = rows.iter().map(|row| row.score.points).collect();
    points.sort_by(f64::total_cmp);
    if let (Some(least), Some(most)) = (points.first(), points.last()) {
        let median = points[(points.len() - 1) / 2];
        let _ = write!(
            text,
            "scores {least}/{median}/{most} (min/median/max), {} ",
            plural(runs, "run")
        );
        text.push_str("in all\n");
    }
    text
}
