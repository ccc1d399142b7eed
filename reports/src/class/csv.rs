//! A class as CSV: a line for each submission, under a line of headings.

use std::collections::BTreeSet;

use super::{Class, Row};
use crate::csv::safe;

/// The summary as CSV.
pub fn render(class: &Class) -> String {
    let suites = class.suites();
    let columns: BTreeSet<&str> =
        class.submissions.iter().flat_map(|row| row.columns.keys().map(String::as_str)).collect();
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let mut headings = vec!["id".to_owned(), "name".to_owned()];
    headings.extend(columns.iter().map(|&column| safe(column)));
    headings.extend(["status", "score", "of"].map(str::to_owned));
    headings.extend(suites.iter().map(|&suite| safe(suite)));
    headings.extend(COUNTS.map(str::to_owned));
    headings.extend(
        ["runs", "failed_runs", "flaky_tests", "wall_s", "reports", "reason"].map(str::to_owned),
    );
    write(&mut writer, &headings);
    for row in &class.submissions {
        write(&mut writer, &cells(row, &columns, &suites));
    }
    let bytes = writer.into_inner().expect("a vector takes everything");
    String::from_utf8(bytes).expect("what was text is text")
}

const COUNTS: [&str; 5] = ["pass", "flaky", "fail", "not_implemented", "undetermined"];

fn cells(row: &Row, columns: &BTreeSet<&str>, suites: &[&str]) -> Vec<String> {
    let mut cells = vec![safe(&row.id), safe(row.name.as_deref().unwrap_or_default())];
    let column =
        |&column: &&str| row.columns.get(column).map_or_else(String::new, |cell| safe(cell));
    cells.extend(columns.iter().map(column));
    cells.extend([row.status.to_string(), row.score.points.to_string(), row.score.of.to_string()]);
    cells.extend(suites.iter().map(|&suite| {
        let score = row.suites.iter().find(|score| score.suite == suite);
        score.map_or_else(String::new, |score| score.score.points.to_string())
    }));
    let tests = row.tests;
    let counts = [tests.pass, tests.flaky, tests.fail, tests.not_implemented, tests.undetermined];
    cells.extend(counts.map(|count| count.to_string()));
    let flaky: Vec<String> = row
        .flaky
        .iter()
        .map(|flaky| format!("{} {:.0} %", flaky.test, flaky.failure_rate * 100.0))
        .collect();
    cells.extend([
        row.runs.to_string(),
        row.failed_runs.to_string(),
        safe(&flaky.join("; ")),
        format!("{:.3}", row.wall_s),
        safe(&row.reports),
        safe(row.reason.as_deref().unwrap_or_default()),
    ]);
    cells
}

fn write(writer: &mut ::csv::Writer<Vec<u8>>, cells: &[String]) {
    writer.write_record(cells).expect("a vector takes everything");
}
