//! The tables of a suite: what each test amounts to and what its runs cost.
//!
//! In a wide window it is one table. In a narrower one the costs follow in a table of their own;
//! where even that is too wide, medians and ranges stand in two rows under the test's name.

use protocol::Clock;

use super::text::{Ink, plain};
use crate::interval::Rate;
use crate::model::{SuiteReport, TestReport};
use crate::table::{Align, Cell, Table};
use crate::units::{Scaled, count};
use crate::verdict::TestVerdict;

/// The tables of `suite`, none wider than `width` where that can be done.
pub(super) fn of(suite: &SuiteReport, clock: Clock, width: usize) -> Vec<Table> {
    let tests: Vec<&TestReport> = suite.tests.iter().collect();
    let measured: Vec<&TestReport> =
        suite.tests.iter().filter(|test| test.wall_s.is_some()).collect();
    let costs = cost_headings(clock);
    let fits = |table: &Table| table.width() <= width;
    if measured.is_empty() {
        let verdicts = flat("test", &tests, verdict_headings(), verdict_cells);
        return vec![Some(verdicts).filter(fits).unwrap_or_else(|| tall_verdicts(&tests))];
    }
    let headings = verdict_headings().into_iter().chain(costs);
    let full =
        flat("test", &tests, headings, |test| [verdict_cells(test), cost_cells(test)].concat());
    if fits(&full) {
        return vec![full];
    }
    let verdicts = flat("test", &tests, verdict_headings(), verdict_cells);
    let one_row = flat("cost of a run", &measured, costs, cost_cells);
    vec![
        Some(verdicts).filter(fits).unwrap_or_else(|| tall_verdicts(&tests)),
        Some(one_row).filter(fits).unwrap_or_else(|| tall_costs(&measured, costs)),
    ]
}

type Heading = (&'static str, Align);

/// One row for each test, which starts with its name.
fn flat(
    first: &'static str,
    tests: &[&TestReport],
    headings: impl IntoIterator<Item = Heading>,
    cells: impl Fn(&TestReport) -> Vec<Cell>,
) -> Table {
    let mut table = Table::new([(first, Align::Left)].into_iter().chain(headings));
    for test in tests {
        table.row(std::iter::once(name(test)).chain(cells(test)).collect());
    }
    table
}

/// The verdicts with each name on a line of its own.
fn tall_verdicts(tests: &[&TestReport]) -> Table {
    let mut table = Table::new([("test", Align::Left)].into_iter().chain(verdict_headings()));
    for test in tests {
        table.span(name(test));
        table.row(std::iter::once("".into()).chain(verdict_cells(test)).collect());
    }
    table
}

/// The costs with each name on a line of its own, and under it medians and ranges in two rows.
fn tall_costs(tests: &[&TestReport], headings: [Heading; 6]) -> Table {
    let mut table = Table::new([("cost of a run", Align::Left)].into_iter().chain(headings));
    for test in tests {
        table.span(name(test));
        let costs = costs(test);
        let row = |label: &str, ink, figure: fn(&Scaled) -> String| {
            let figures = costs.iter().map(|cost| cost.as_ref().map_or("–".to_owned(), figure));
            let label = Cell::new(format!("  {label}"), Ink::Dim);
            std::iter::once(label).chain(figures.map(|figure| Cell::new(figure, ink))).collect()
        };
        table.row(row("median", Ink::Plain, Scaled::middle));
        if costs.iter().flatten().any(|cost| !cost.is_constant()) {
            table.row(row("min–max", Ink::Dim, Scaled::range));
        }
    }
    table
}

fn name(test: &TestReport) -> Cell {
    plain(test.short_id()).into()
}

fn verdict_headings() -> [Heading; 5] {
    [
        ("runs", Align::Right),
        ("passed", Align::Right),
        ("failed", Align::Right),
        ("verdict", Align::Left),
        ("failure rate", Align::Left),
    ]
}

fn verdict_cells(test: &TestReport) -> Vec<Cell> {
    let cut_short = test.runs + test.errors < test.planned;
    let runs = if cut_short && test.verdict != TestVerdict::NotImplemented {
        format!("{} of {}", count(test.runs), count(test.planned))
    } else {
        count(test.runs)
    };
    let failed_ink = if test.failed > 0 { Ink::Bad } else { Ink::Plain };
    vec![
        runs.into(),
        count(test.passed()).into(),
        Cell::new(count(test.failed), failed_ink),
        Cell::new(test.verdict.to_string(), ink(test.verdict)),
        test.failure_rate.map_or_else(|| "–".to_owned(), Rate::brief).into(),
    ]
}

/// Headings of [`costs`]. Only simulated time is called virtual.
fn cost_headings(clock: Clock) -> [Heading; 6] {
    let time = match clock {
        Clock::Sim => "virtual",
        Clock::Real => "time",
    };
    [time, "wall", "CPU", "RPCs", "bytes", "commits"].map(|heading| (heading, Align::Right))
}

fn cost_cells(test: &TestReport) -> Vec<Cell> {
    let cells = costs(test).map(|cost| cost.map_or("–".to_owned(), |cost| cost.all()).into());
    cells.to_vec()
}

/// What the runs of a test cost.
fn costs(test: &TestReport) -> [Option<Scaled>; 6] {
    [
        test.virtual_s.map(Scaled::durations),
        test.wall_s.map(Scaled::durations),
        test.cpu_s.map(Scaled::durations),
        test.rpcs.map(Scaled::counts),
        test.bytes.map(Scaled::bytes),
        test.commits.map(Scaled::counts),
    ]
}

/// The ink of a verdict.
pub(super) fn ink(verdict: TestVerdict) -> Ink {
    match verdict {
        TestVerdict::Pass => Ink::Good,
        TestVerdict::Flaky | TestVerdict::Undetermined => Ink::Doubtful,
        TestVerdict::Fail => Ink::Bad,
        TestVerdict::NotImplemented => Ink::Dim,
    }
}
