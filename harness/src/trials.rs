//! The `cargo test` front end: each test of each suite is a test of this binary.
//!
//! A test is called `part2/consensus-no-failure::TestConsensusNoFailurePart2`, so that any part of
//! its id and any part of the course's name is a filter. With `--exact`, the id alone or the
//! course's name alone will do as well.
//!
//! A test that passed says on standard error what its run took: time on the clock in use, servers,
//! RPCs, bytes and commits.
//!
//! No code of the submission runs in this process: it only starts runs and judges them.

use std::fmt::Write;
use std::io;
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use protocol::{Catalogue, Failure, FailureKind, Limits, Record};
use runner::shares::{Load, Shares};
use runner::{Ending, RunResult};
use suites::{Suite, Test};

use crate::judge::{self, Wish};
use crate::settings::{self, Settings, Warnings};
use crate::{Harness, full_id, list};

/// Exit status for a setting that cannot be read.
const USAGE: u8 = 2;

/// nextest sets it for every test.
const NEXTEST: &str = "NEXTEST";

/// How many of its last lines a failing run's log is shown with at verbosity 0; above, all is shown.
const QUIET_LOG_LINES: usize = 20;

/// Runs the tests that the arguments ask for.
pub(crate) fn main(harness: Harness) -> ExitCode {
    let mut arguments = Arguments::from_args();
    let settings = match Settings::read(|name| std::env::var(name)) {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("error: {error}");
            return USAGE.into();
        }
    };
    if arguments.exact {
        let names = arguments.filter.iter_mut().chain(&mut arguments.skip);
        names.for_each(|name| complete(harness, name));
    }
    if !arguments.list
        && let Err(why) = runner::addresses::fix()
    {
        eprintln!("note: {why}; a run may differ from its replay where a hash map's order shows");
    }
    // Each waits until the machine has room for it, so most of those that sleep can do so side by side.
    arguments.test_threads = arguments.test_threads.or(Some(Shares::of_machine().count()));
    let left_out = if arguments.list { left_out() } else { Vec::new() };
    let trials = harness.tests().map(|(suite, test)| {
        Trial::ignorable_test(name(suite, test), move || trial(suite, test, settings))
            .with_ignored_flag(left_out.iter().any(|id| id == suite.id))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// The suites whose contract the submission leaves out, for a list. nextest goes by the list: a test that is
/// ignored there is skipped.
///
/// A process of its own asks the submission. Where that fails, each run will say why.
fn left_out() -> Vec<String> {
    let ask = || {
        let list = Command::new(std::env::current_exe()?).args(["list", "--json"]).output()?;
        serde_json::from_slice::<Catalogue>(&list.stdout).map_err(io::Error::from)
    };
    let suites = ask().map(|catalogue| catalogue.suites).unwrap_or_default();
    suites.into_iter().filter(|suite| !suite.implemented).map(|suite| suite.id).collect()
}

/// The name of a test towards `cargo test`.
fn name(suite: &Suite, test: &Test) -> String {
    format!("{}::{}", full_id(suite, test), test.course_name)
}

/// Makes a full name of an id or a course's name.
fn complete(harness: Harness, filter: &mut String) {
    let named = |(suite, test): &(&Suite, &Test)| {
        *filter == full_id(suite, test) || *filter == test.course_name
    };
    if let Some((suite, test)) = harness.tests().find(named) {
        *filter = name(suite, test);
    }
}

/// All runs of one test, up to the first that fails.
fn trial(suite: &Suite, test: &Test, settings: Settings) -> Result<Completion, Failed> {
    let settings = Settings { clock: suite.clock.map_or(settings.clock, list::clock), ..settings };
    let _taken = Shares::of_machine().take_for(Load::of(settings.clock, suite.effort));
    let first = match settings.seed {
        Some(seed) => seed,
        None => runner::secret::seed().map_err(|error| Failed::from(error.to_string()))?,
    };
    let id = full_id(suite, test);
    announce(&id, first, settings);
    let mut last = None;
    let mut warned = false;
    for number in 0..settings.count {
        let seed = first.wrapping_add(number);
        let result = judge::run(wish(&id, seed, settings), test)
            .map_err(|error| Failed::from(error.to_string()))?;
        let failed = |why: &str| {
            let run = Run { number, seed };
            Failed::from(account(why, &result, &name(suite, test), run, settings))
        };
        match &result.ending {
            Ending::Passed => {
                if let Some(warnings) = warnings(&result) {
                    if settings.warnings == Warnings::Deny {
                        return Err(failed(&warnings));
                    }
                    if !warned {
                        eprintln!("{id}: {warnings}");
                        warned = true;
                    }
                }
                last = result.record.as_ref().map(Record::figures);
            }
            Ending::Failed(failure)
                if failure.kind == FailureKind::NotImplemented && knows_ignored() =>
            {
                return Ok(Completion::ignored_with(not_implemented(failure)));
            }
            Ending::Failed(_) | Ending::Cancelled => {
                let failure = result.failure().map(ToString::to_string);
                return Err(failed(failure.as_deref().unwrap_or("cancelled")));
            }
        }
    }
    if let Some(figures) = last {
        let which = if settings.count == 1 { "" } else { ", last run" };
        eprintln!("{id}: passed{which}: {figures}");
    }
    Ok(Completion::Completed)
}

/// The run of test `id` with this seed.
fn wish(id: &str, seed: u64, settings: Settings) -> Wish {
    let Settings { clock, policy, vlevel, .. } = settings;
    let test = id.to_owned();
    let limits = Limits::default();
    Wish { test, seed, clock, policy, vlevel, trace: None, limits, live_log: false }
}

/// The warnings of a run, a line each; none where there were none.
fn warnings(result: &RunResult) -> Option<String> {
    let warnings = &result.record.as_ref()?.warnings;
    let lines: Vec<String> = warnings.iter().map(|text| format!("warning: {text}")).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Whether whoever runs this test can be told that it was ignored after it began. nextest counts what ends
/// without an error as passed.
fn knows_ignored() -> bool {
    std::env::var_os(NEXTEST).is_none()
}

/// Why a test is ignored, in one line: the place that is to be written.
fn not_implemented(failure: &Failure) -> String {
    match &failure.location {
        None => failure.kind.to_string(),
        Some(location) => format!("{}: {} at {location}", failure.kind, failure.message),
    }
}

/// Says which seeds are about to run, in one write, since tests run side by side.
fn announce(id: &str, first: u64, settings: Settings) {
    let Settings { clock, count, .. } = settings;
    eprintln!(
        "{id}: {} {first}, {clock} clock",
        if count == 1 { "seed".to_owned() } else { format!("{count} runs from seed") }
    );
}

/// Which of a test's runs.
struct Run {
    /// Counted from 0.
    number: u64,
    seed: u64,
}

/// `why` the run failed, and how to see it again.
fn account(why: &str, result: &RunResult, name: &str, run: Run, settings: Settings) -> String {
    let Run { number, seed } = run;
    let Settings { clock, policy, count, vlevel, .. } = settings;
    let mut text = why.to_owned();
    let _ = write!(text, "\nrun {} of {count}, seed {seed}, {clock} clock", number + 1);
    if let Some(record) = &result.record {
        let _ = write!(text, ": {}, {:.3} s wall", record.figures(), record.wall_s);
    }
    text.push('\n');
    text += &match vlevel {
        0 => result.log.last_lines(QUIET_LOG_LINES).join("\n"),
        _ => String::from_utf8_lossy(&result.log.to_bytes()).into_owned(),
    };
    let _ = write!(
        text,
        "\nreplay: {}={seed} {}={clock} {}={policy} cargo test -- --exact '{name}'\n        \
         with its log: {}=3",
        settings::SEED,
        settings::CLOCK,
        settings::POLICY,
        settings::VLEVEL
    );
    text
}
