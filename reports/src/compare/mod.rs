//! Two reports: what got better or worse, and whether that is more than noise.
//!
//! | module | what |
//! | --- | --- |
//! | this one | what a comparison says, and how a test is judged |
//! | `statistics` | Fisher's exact test, the test of Mann and Whitney, and Holm's correction for many tests at once |
//! | `terminal` | the comparison as text for a person |
//!
//! A failure rate has changed where Fisher's exact test (two-sided) says that two rates which are the same would differ so
//! much in fewer than `alpha` of all comparisons; a cost has changed where the test of Mann and Whitney says so of the runs
//! that passed *and* the median differs by a tenth or more. Each of the two families is corrected for the number of tests in
//! it after Holm. What differs and is not proven to is called undecided, never a regression.

mod statistics;
mod terminal;

use std::collections::BTreeMap;

use protocol::{Clock, Failure};
use serde::{Deserialize, Serialize};

use crate::groups::{Key, clip};
use crate::model::{FailureGroup, IterationReport, Report, Seed, SuiteReport, TestReport, Tool};
use crate::verdict::{self, TestVerdict};
use statistics::{fisher, holm, mann_whitney};

pub use terminal::render;

/// The schema of a comparison.
pub const SCHEMA: &str = "lab-comparison/1";

/// The part of a median by which it must differ to count.
const NOTABLE: f64 = 0.1;

/// Fewest runs on each side from which a change of costs is judged.
const FEWEST: usize = 8;

/// Two reports, compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// [`SCHEMA`].
    pub schema: String,
    /// The earlier report.
    pub before: Side,
    /// The later one.
    pub after: Side,
    /// The chance of calling noise a change that is accepted in each of the two families.
    pub alpha: f64,
    /// What keeps some figures from being compared.
    pub notes: Vec<String>,
    /// All tests of both, in the order of the later one; those that are gone come last.
    pub tests: Vec<Compared>,
}

/// What a report is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// What was graded.
    pub submission: String,
    /// The base seed.
    pub seed: Seed,
    /// When.
    pub started: String,
    /// What wrote it.
    pub tool: Tool,
}

/// A test in both reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Full id.
    pub test: String,
    /// What became of it.
    pub change: Change,
    /// Before; none where it is new.
    pub before: Option<Counts>,
    /// After; none where it is gone.
    pub after: Option<Counts>,
    /// Chance of a difference in failures like this or greater between equal rates; none where there is nothing to compare.
    pub p_value: Option<f64>,
    /// Costs that have changed.
    pub costs: Vec<CostChange>,
    /// Distinct failures that were not there before, in words.
    pub new_failures: Vec<String>,
}

/// How a test came out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// What its runs amount to.
    pub verdict: TestVerdict,
    /// Runs that passed or failed.
    pub runs: u64,
    /// Those that failed.
    pub failed: u64,
}

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It fails in every run, and did not, or is no longer implemented.
    Worse,
    /// It fails more often.
    Flakier,
    /// It fails less often.
    Steadier,
    /// It passes in every run, and did not.
    Better,
    /// The verdicts differ, and that may be noise.
    Undecided,
    /// As before, as far as can be told.
    Same,
    /// It was not there before, or not implemented.
    New,
    /// It is not there any more.
    Gone,
    /// One of the two says nothing about it.
    Unknown,
}

/// A cost that has changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostChange {
    /// Which.
    pub figure: Figure,
    /// Median before; seconds on the clock in use, or a count.
    pub before: f64,
    /// Median after.
    pub after: f64,
    /// Chance of a difference like this or greater between runs that cost the same.
    pub p_value: f64,
}

/// A cost of a run that does not depend on the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Figure {
    /// Seconds on the simulated clock.
    VirtualTime,
    /// RPCs sent.
    Rpcs,
    /// Bytes of requests and delivered replies.
    Bytes,
}

impl CostChange {
    /// Whether it costs more than before.
    pub fn is_more(&self) -> bool {
        self.after > self.before
    }
}

impl Compared {
    /// Whether it got worse, beyond noise.
    pub fn regressed(&self) -> bool {
        matches!(self.change, Change::Worse | Change::Flakier)
            || self.costs.iter().any(CostChange::is_more)
    }
}

impl Comparison {
    /// Compares two reports, accepting to call noise a change with a chance of `alpha` (0 to 1).
    pub fn of(before: &Report, after: &Report, alpha: f64) -> Self {
        let notes = differences(before, after);
        let earlier: BTreeMap<&str, (&SuiteReport, &TestReport)> = tests(before).collect();
        let mut compared = Vec::new();
        for (id, (suite, test)) in tests(after) {
            compared.push(match earlier.get(id) {
                Some((_, was)) => pair(was, test, suite),
                None => alone(test, Change::New),
            });
        }
        let now: BTreeMap<&str, _> = tests(after).collect();
        let gone = tests(before).filter(|(id, _)| !now.contains_key(id));
        compared.extend(gone.map(|(_, (_, test))| alone(test, Change::Gone)));
        compared.extend(limits(before, after));
        judge_rates(&mut compared, alpha);
        if costs_compare(before, after) {
            judge_costs(&mut compared, &earlier, &now, alpha);
        }
        Self {
            schema: SCHEMA.to_owned(),
            before: side(before),
            after: side(after),
            alpha,
            notes,
            tests: compared,
        }
    }

    /// Whether anything got worse, beyond noise.
    pub fn regressed(&self) -> bool {
        self.tests.iter().any(Compared::regressed)
    }

    /// As JSON, ending in a newline.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a comparison is always JSON") + "\n"
    }
}

fn tests(report: &Report) -> impl Iterator<Item = (&str, (&SuiteReport, &TestReport))> {
    let suites = report.suites.iter();
    suites.flat_map(|suite| suite.tests.iter().map(move |test| (test.id.as_str(), (suite, test))))
}

fn side(report: &Report) -> Side {
    Side {
        submission: report.submission.name.clone(),
        seed: report.seed,
        started: report.started.to_string(),
        tool: report.tool.clone(),
    }
}

/// What differs between the two sessions besides the submission.
fn differences(before: &Report, after: &Report) -> Vec<String> {
    let mut notes = Vec::new();
    if before.clock != after.clock {
        let (was, is) = (before.clock, after.clock);
        notes.push(format!("the clock was {was} and is {is}, so costs are not compared"));
    } else if before.clock == Clock::Real {
        notes.push("on the real clock costs depend on the machine and are not compared".to_owned());
    } else if before.policy != after.policy {
        notes.push("the scheduling policies differ, so costs are not compared".to_owned());
    }
    if before.tool != after.tool {
        let (was, is) = (&before.tool.version, &after.tool.version);
        notes.push(format!("the grader was {was} and is {is}: its tests may differ, too"));
    }
    for (report, which) in [(before, "earlier"), (after, "later")] {
        if report.interrupted {
            notes.push(format!("the {which} session was stopped early"));
        }
    }
    notes
}

fn costs_compare(before: &Report, after: &Report) -> bool {
    before.clock == Clock::Sim && after.clock == Clock::Sim && before.policy == after.policy
}

fn counts(test: &TestReport) -> Counts {
    Counts { verdict: test.verdict, runs: test.runs, failed: test.failed }
}

fn alone(test: &TestReport, change: Change) -> Compared {
    let is_new = change == Change::New;
    Compared {
        test: test.id.clone(),
        change,
        before: (!is_new).then(|| counts(test)),
        after: is_new.then(|| counts(test)),
        p_value: None,
        costs: Vec::new(),
        new_failures: Vec::new(),
    }
}

/// A test in both, as far as it can be judged by itself.
fn pair(was: &TestReport, is: &TestReport, suite: &SuiteReport) -> Compared {
    use TestVerdict::{Fail, NotImplemented, Pass, Undetermined};
    let change = match (was.verdict, is.verdict) {
        (Undetermined, _) | (_, Undetermined) => Change::Unknown,
        (NotImplemented, NotImplemented) => Change::Same,
        (NotImplemented, _) => Change::New,
        (_, NotImplemented) => Change::Worse,
        // A look at the sources is no matter of chance.
        (Pass, Fail) if suite.reads => Change::Worse,
        (Fail, Pass) if suite.reads => Change::Better,
        (was, is) if was == is => Change::Same,
        _ => Change::Undecided,
    };
    let comparable = !suite.reads && !matches!(change, Change::Unknown | Change::New);
    let p_value = comparable
        .then(|| fisher((was.failed, was.runs), (is.failed, is.runs)))
        .filter(|_| is.verdict != NotImplemented && was.verdict != NotImplemented);
    Compared {
        test: is.id.clone(),
        change,
        before: Some(counts(was)),
        after: Some(counts(is)),
        p_value,
        costs: Vec::new(),
        new_failures: new_failures(was, is),
    }
}

/// Suites that have a time limit as a whole, in both: an iteration over the limit counts as a failed run.
fn limits(before: &Report, after: &Report) -> Vec<Compared> {
    let counted = |all: &IterationReport| {
        let runs = all.ended.max(all.over);
        let counts = verdict::Counts { runs, failed: all.over, ..verdict::Counts::default() };
        Counts { verdict: TestVerdict::of(counts), runs, failed: all.over }
    };
    let compared = after.iterations.iter().filter_map(|all| {
        let was = before.iterations.iter().find(|was| was.name == all.name)?;
        let (was, is) = (counted(was), counted(all));
        let change = if was.verdict == is.verdict { Change::Same } else { Change::Undecided };
        Some(Compared {
            test: format!("time limit of {} as a whole", all.name),
            change,
            before: Some(was),
            after: Some(is),
            p_value: Some(fisher((was.failed, was.runs), (is.failed, is.runs))),
            costs: Vec::new(),
            new_failures: Vec::new(),
        })
    });
    compared.collect()
}

/// Failures that were not there before.
fn new_failures(was: &TestReport, is: &TestReport) -> Vec<String> {
    let known: Vec<Key> = was.failures.iter().map(key).collect();
    let new = is.failures.iter().filter(|failure| !known.contains(&key(failure)));
    new.map(|failure| format!("{}: {}", failure.title(), clip(&failure.message))).collect()
}

fn key(failure: &FailureGroup) -> Key {
    let FailureGroup { kind, property, message, location, .. } = failure.clone();
    Key::of(&Failure { kind, message, property, step: None, location, details: Vec::new() })
}

/// Says of each test whether its failure rate has changed beyond noise.
fn judge_rates(compared: &mut [Compared], alpha: f64) {
    // Where nothing ever failed there is nothing to reject.
    let tested: Vec<usize> = (0..compared.len())
        .filter(|&i| {
            let failed = |side: Option<Counts>| side.is_some_and(|counts| counts.failed > 0);
            let Compared { p_value, before, after, .. } = &compared[i];
            p_value.is_some() && (failed(*before) || failed(*after))
        })
        .collect();
    let p_values: Vec<f64> = tested.iter().filter_map(|&i| compared[i].p_value).collect();
    for (&i, is_proven) in tested.iter().zip(holm(&p_values, alpha)) {
        let test = &mut compared[i];
        if let (Some(before), Some(after), true) = (test.before, test.after, is_proven) {
            let rate = |counts: Counts| counts.failed as f64 / counts.runs as f64;
            test.change = match (rate(after) > rate(before), after.verdict) {
                (true, TestVerdict::Fail) => Change::Worse,
                (true, _) => Change::Flakier,
                (false, TestVerdict::Pass) => Change::Better,
                (false, _) => Change::Steadier,
            };
        }
    }
}

type Found<'a> = BTreeMap<&'a str, (&'a SuiteReport, &'a TestReport)>;

/// Says of each test which of its costs have changed beyond noise.
fn judge_costs(compared: &mut [Compared], was: &Found<'_>, is: &Found<'_>, alpha: f64) {
    let mut candidates: Vec<(usize, CostChange)> = Vec::new();
    for (i, test) in compared.iter().enumerate() {
        let (Some((suite, before)), Some((_, after))) =
            (was.get(test.test.as_str()), is.get(test.test.as_str()))
        else {
            continue;
        };
        if suite.clock.is_none() {
            candidates.extend(costs(before, after).into_iter().map(|cost| (i, cost)));
        }
    }
    let p_values: Vec<f64> = candidates.iter().map(|(_, cost)| cost.p_value).collect();
    let proven = holm(&p_values, alpha);
    for ((i, cost), is_proven) in candidates.into_iter().zip(proven) {
        let differs = (cost.after - cost.before).abs() >= NOTABLE * cost.before.abs();
        if is_proven && differs {
            compared[i].costs.push(cost);
        }
    }
}

fn costs(before: &TestReport, after: &TestReport) -> Vec<CostChange> {
    let figures = [Figure::VirtualTime, Figure::Rpcs, Figure::Bytes];
    let cost = |figure| {
        let (was, is) = (figures_of(before, figure), figures_of(after, figure));
        if was.len() < FEWEST || is.len() < FEWEST {
            return None;
        }
        let p_value = mann_whitney(&was, &is);
        Some(CostChange { figure, before: middle(was), after: middle(is), p_value })
    };
    figures.into_iter().filter_map(cost).collect()
}

/// A figure of the runs that passed: one that fails may end early.
fn figures_of(test: &TestReport, figure: Figure) -> Vec<f64> {
    let passed = test.sampled_runs.iter().filter(|run| run.passed);
    let figures = passed.filter_map(|run| match figure {
        Figure::VirtualTime => run.virtual_s,
        Figure::Rpcs => run.rpcs.map(|rpcs| rpcs as f64),
        Figure::Bytes => run.bytes.map(|bytes| bytes as f64),
    });
    figures.collect()
}

/// The middle one; of an even number the lower of the two.
fn middle(mut figures: Vec<f64>) -> f64 {
    let at = (figures.len() - 1) / 2;
    let (_, middle, _) = figures.select_nth_unstable_by(at, f64::total_cmp);
    *middle
}
