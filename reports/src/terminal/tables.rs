//! The tables of a suite: what each test amounts to and what its runs cost.
//!
//! In a wide window it is one table. In a narrower one the costs follow in a table of their own, in
//! which the number of servers may stand beside the test's name; where even that is too wide, medians
//! and ranges stand in two rows under the name.

use protocol::Clock;

use super::text::{Ink, plain};
use crate::interval::Rate;
use crate::model::{SuiteReport, TestReport};
use crate::table::{Align, Cell, Table};
use crate::units::{Scaled, count, plural};
use crate::verdict::TestVerdict;

/// The tables of `suite`, none wider than `width` where that can be done.
pub(super) fn of(suite: &SuiteReport, clock: Clock, width: usize) -> Vec<Table> {
    let tests: Vec<&TestReport> = suite.tests.iter().collect();
    if suite.reads {
        return vec![flat("rule", &tests, name, reading_headings(), reading_cells)];
    }
    let measured: Vec<&TestReport> =
        suite.tests.iter().filter(|test| test.wall_s.is_some()).collect();
    let costs = cost_headings(clock);
    let sized_costs = std::iter::once(SERVERS).chain(costs);
    let fits = |table: &Table| table.width() <= width;

    let headings = verdict_headings().into_iter().chain(sized_costs.clone());
    let full = flat("test", &tests, name, headings, |test| {
        verdict_cells(test).into_iter().chain([servers(test)]).chain(cost_cells(test)).collect()
    });
    if fits(&full) && !measured.is_empty() {
        return vec![full];
    }
    let verdicts = flat("test", &tests, name, verdict_headings(), verdict_cells);
    let verdicts = Some(verdicts).filter(fits).unwrap_or_else(|| tall_verdicts(&tests));
    if measured.is_empty() {
        return vec![verdicts];
    }
    let wide = flat("cost of a run", &measured, name, sized_costs, |test| {
        std::iter::once(servers(test)).chain(cost_cells(test)).collect()
    });
    let narrow = flat("cost of a run (servers)", &measured, name_with_servers, costs, cost_cells);
    let costs = [wide, narrow].into_iter().find(fits);
    vec![verdicts, costs.unwrap_or_else(|| tall_costs(&measured, cost_headings(clock)))]
}

type Heading = (&'static str, Align);

/// Heading of [`servers`].
const SERVERS: Heading = ("servers", Align::Right);

/// One row for each test, which starts with its `label`.
fn flat(
    first: &'static str,
    tests: &[&TestReport],
    label: fn(&TestReport) -> Cell,
    headings: impl IntoIterator<Item = Heading>,
    cells: impl Fn(&TestReport) -> Vec<Cell>,
) -> Table {
    let mut table = Table::new([(first, Align::Left)].into_iter().chain(headings));
    for test in tests {
        table.row(std::iter::once(label(test)).chain(cells(test)).collect());
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

/// The costs with each name on a line of its own, with its servers, and under it medians and ranges in
/// two rows.
fn tall_costs(tests: &[&TestReport], headings: [Heading; 6]) -> Table {
    let mut table = Table::new([("cost of a run", Align::Left)].into_iter().chain(headings));
    for test in tests {
        let servers = match test.servers {
            0 => String::new(),
            servers => format!(" ({})", plural(servers.into(), "server")),
        };
        table.span(format!("{}{servers}", plain(test.short_id())));
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

/// The name with the number of servers, for want of a column.
fn name_with_servers(test: &TestReport) -> Cell {
    match test.servers {
        0 => name(test),
        servers => format!("{} ({servers})", plain(test.short_id())).into(),
    }
}

/// How many servers a test has.
fn servers(test: &TestReport) -> Cell {
    match test.servers {
        0 => "–".into(),
        servers => servers.to_string().into(),
    }
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

/// Headings of [`reading_cells`].
fn reading_headings() -> [Heading; 3] {
    [("points", Align::Right), ("verdict", Align::Left), ("found", Align::Left)]
}

/// What a look at the sources found, which has neither a rate nor a cost.
fn reading_cells(test: &TestReport) -> Vec<Cell> {
    let found = match (test.verdict, &*test.failures) {
        (TestVerdict::Fail, [failure, ..]) => plain(&failure.message),
        (TestVerdict::Pass, _) => "nothing".to_owned(),
        _ => "–".to_owned(),
    };
    vec![
        count(test.points.into()).into(),
        Cell::new(test.verdict.to_string(), ink(test.verdict)),
        found.into(),
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
pub(crate) fn ink(verdict: TestVerdict) -> Ink {
    match verdict {
        TestVerdict::Pass => Ink::Good,
        TestVerdict::Flaky | TestVerdict::Undetermined => Ink::Doubtful,
        TestVerdict::Fail => Ink::Bad,
        TestVerdict::NotImplemented => Ink::Dim,
    }
}
