//! The report as text for a person: tables, then each distinct failure once, then one line that
//! says it all. It is read at midnight, so it says things in words.

pub mod audit;
pub mod exploration;
mod findings;
pub(crate) mod iterations;
mod properties;
pub mod sessions;
pub(crate) mod tables;
pub(crate) mod text;
pub(crate) mod unwritten;

use protocol::Clock;

use crate::model::{Report, SuiteReport, TestReport, Totals};
use crate::sandbox::Sandbox;
use crate::table::Table;
use crate::units::{count, duration, plural};
use crate::verdict::TestVerdict;
use text::{Ink, Pen, plain, wrap};

/// How the text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Columns of the window. Replay commands and paths of logs are never broken; all else keeps to
    /// it in a window of 80 columns or more.
    pub width: usize,
    /// Whether to colour, by ANSI escapes. Colour never carries meaning alone.
    pub color: bool,
}

/// The report as text, ending in a newline.
pub fn render(report: &Report, options: Options) -> String {
    let mut page = Page::new(options);
    for suite in &report.suites {
        suite_section(&mut page, suite, suite.clock.unwrap_or(report.clock));
    }
    // What stops at code that is not written costs nothing worth telling.
    let measured = run_tests(report).any(|test| test.runs > 0 && !unwritten::is_unwritten(test));
    if measured {
        page.blank();
        let legend = "Failure rates come with their 95 % interval. Costs are those of one run: \
                      min/median/max, or one figure where all runs agree.";
        page.inked(Ink::Dim, legend);
    }
    if measured || report.iterations.iter().any(|all| all.over > 0) {
        iterations::section(&mut page, report);
    }
    unwritten::section(&mut page, report);
    findings::failures(&mut page, report);
    findings::warnings(&mut page, report);
    closing(&mut page, report);
    page.into_text()
}

/// A page being filled.
#[derive(Debug)]
pub(crate) struct Page {
    width: usize,
    pen: Pen,
    text: String,
}

impl Page {
    pub(crate) fn new(options: Options) -> Self {
        let Options { width, color } = options;
        Self { width: width.max(20), pen: Pen { color }, text: String::new() }
    }

    /// With what it is written.
    pub(crate) fn pen(&self) -> Pen {
        self.pen
    }

    /// What it holds.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// A table whose lines start at column `indent`, from 0.
    pub(crate) fn table(&mut self, indent: usize, table: &Table) {
        for line in table.lines(self.pen) {
            self.line(&format!("{:indent$}{line}", ""));
        }
    }

    /// An empty line, but not at the top.
    pub(crate) fn blank(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    pub(crate) fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// `text` in lines that start at column `indent`, from 0.
    pub(crate) fn wrapped(&mut self, indent: usize, text: &str) {
        for line in wrap(text, self.width.saturating_sub(indent)) {
            self.line(&format!("{:indent$}{line}", ""));
        }
    }

    /// `step    3: reconnect`: a label of `columns` columns and a text wrapped under itself.
    pub(crate) fn labelled(
        &mut self,
        indent: usize,
        columns: usize,
        label: (&str, Ink),
        text: &str,
    ) {
        let width = self.width.saturating_sub(indent + columns);
        let (label, ink) = label;
        for (i, line) in wrap(text, width).iter().enumerate() {
            let label = if i == 0 { label } else { "" };
            let label = self.pen.paint(ink, &format!("{label:columns$}"));
            self.line(&format!("{:indent$}{label}{line}", ""));
        }
    }

    pub(crate) fn inked(&mut self, ink: Ink, text: &str) {
        for line in wrap(text, self.width) {
            let line = self.pen.paint(ink, &line);
            self.line(&line);
        }
    }
}

fn suite_section(page: &mut Page, suite: &SuiteReport, clock: Clock) {
    page.blank();
    let id = page.pen.paint(Ink::Bold, &plain(&suite.id));
    page.line(&format!("{id}  {} ({})", plain(&suite.title), plain(&suite.course)));
    let left_out = |suite: &SuiteReport| {
        suite.tests.iter().all(|test| test.verdict == TestVerdict::NotImplemented)
    };
    if left_out(suite) {
        let tests = plural(suite.tests.len() as u64, "test");
        let words = if suite.tests.iter().all(unwritten::is_unwritten) {
            format!("not implemented yet: {tests}")
        } else {
            format!("not implemented by this submission: {tests} not run")
        };
        page.wrapped(2, &words);
        return;
    }
    for table in tables::of(suite, clock, page.width - 2) {
        page.blank();
        page.table(2, &table);
    }
    properties::section(page, suite);
    if let Some(iteration_s) = suite.iteration_s.filter(|_| suite.slow) {
        page.blank();
        let kind = if clock == Clock::Sim { " of virtual time" } else { "" };
        let (takes, budget) = (duration(iteration_s), duration(suite.budget_s));
        let slow = format!(
            "slow: one run of each test takes {takes}{kind}, more than the {budget} expected"
        );
        page.inked(Ink::Doubtful, &slow);
    }
}

/// Notes, where the logs are, and the line that says it all.
fn closing(page: &mut Page, report: &Report) {
    page.blank();
    for note in &report.notes {
        page.wrapped(0, &format!("note: {note}"));
    }
    if let Some(sandbox) = &report.sandbox {
        confinement(page, sandbox);
    }
    if report.interrupted {
        let planned: u64 = report
            .tests()
            .filter(|test| test.verdict != TestVerdict::NotImplemented)
            .map(|test| test.planned)
            .sum();
        let done = report.totals.runs + report.totals.errors;
        let words = format!("stopped early: {} of {} done", count(done), plural(planned, "run"));
        page.inked(Ink::Doubtful, &words);
    }
    let logged = run_tests(report).any(|test| test.failed > 0);
    if let Some(logs) = report.logs.as_ref().filter(|_| logged) {
        page.line(&format!("logs of failing runs: {}", plain(logs)));
    }
    let verdicts = verdicts(page.pen, report);
    page.line(&verdicts);
    page.wrapped(0, &work(report));
}

/// How far the runs were confined: in passing when all protections were in force.
fn confinement(page: &mut Page, sandbox: &Sandbox) {
    let ink = if sandbox.is_whole() { Ink::Dim } else { Ink::Doubtful };
    page.inked(ink, &sandbox.words());
}

/// The tests that are run; those that read have neither rates nor logs.
fn run_tests(report: &Report) -> impl Iterator<Item = &TestReport> {
    report.suites.iter().filter(|suite| !suite.reads).flat_map(|suite| &suite.tests)
}

/// `7 tests: 5 pass, 1 flaky, 1 fail; seed 7`
fn verdicts(pen: Pen, report: &Report) -> String {
    let totals = &report.totals;
    let words: Vec<String> = totals
        .verdicts()
        .map(|(tests, verdict)| {
            pen.paint(tables::ink(verdict), &format!("{} {verdict}", count(tests)))
        })
        .collect();
    let over = report.iterations.iter().filter(|all| all.over > 0).count() as u64;
    let over = match over {
        0 => String::new(),
        over => {
            let words = format!("{} exceeded", plural(over, "suite time limit"));
            format!("; {}", pen.paint(Ink::Bad, &words))
        }
    };
    format!("{}: {}{over}; seed {}", plural(totals.tests, "test"), words.join(", "), report.seed)
}

/// `350 runs (53 failed) in 2.10 s wall, 3.20 s CPU, 10 432 virtual s (4 968×)`
pub(crate) fn work(report: &Report) -> String {
    let totals = &report.totals;
    if totals.runs + totals.errors == 0 {
        return "nothing was run".to_owned();
    }
    let some = |number: u64, words: String| if number > 0 { words } else { String::new() };
    let failed = some(totals.failed_runs, format!(" ({} failed)", count(totals.failed_runs)));
    let errors = plural(totals.errors, "error");
    let errors = some(totals.errors, format!(" and {errors} of the grader's own"));
    let times = format!("in {} wall, {} CPU", duration(totals.wall_s), duration(totals.cpu_s));
    let virtual_s = match report.clock {
        Clock::Sim => format!(", {} virtual s{}", whole(totals.virtual_s), speedup(totals)),
        Clock::Real => String::new(),
    };
    format!("{}{failed}{errors} {times}{virtual_s}", plural(totals.runs, "run"))
}

/// ` (4 968×)`: virtual over wall seconds.
fn speedup(totals: &Totals) -> String {
    if totals.wall_s > 0.0 {
        format!(" ({}×)", whole(totals.virtual_s / totals.wall_s))
    } else {
        String::new()
    }
}

fn whole(number: f64) -> String {
    count(number.round() as u64)
}
