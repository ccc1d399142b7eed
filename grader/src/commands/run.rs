//! `grader run`.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Instant;

use jiff::Timestamp;
use protocol::{Clock, SuiteInfo};
use reports::{Aggregate, Report, Writer};

use crate::build::{self, Harness};
use crate::cli::values::Seed;
use crate::cli::{NoTests, RunArgs};
use crate::exit::{self, NO_TESTS, Outcome, Stop};
use crate::plan::{Base, Plan, absolute};
use crate::session::collect::Collector;
use crate::session::logs::Logs;
use crate::session::{PlannedTest, Session, progress};
use crate::signals::Interrupt;
use crate::terminal::{self, Screen};

/// Builds, runs, reports.
pub(crate) fn run(args: RunArgs, base: &Base) -> Outcome {
    let plan = Plan::new(args, base)?;
    let json = plan.json.as_deref().map(Writer::open).transpose().map_err(exit::write_failed)?;
    let logs = Logs::prepare(plan.logs.as_deref().map(absolute), || fresh_log_folder(base))?;
    let screen = Screen::beside(json.as_ref());
    let interrupt = Interrupt::listen()?;

    let harness = build::harness(&plan.source, base, &interrupt)?;
    let suites = match select(&plan, &harness) {
        Ok(suites) => suites,
        Err(stop) => return no_tests(stop, plan.no_tests),
    };
    let session = session(&plan, &harness, &suites);
    let mut about = about(&plan, &suites, &harness, &logs, base);
    screen.print(&heading(&session, &harness, &about))?;

    let aggregate = Aggregate::new(suites, session.count);
    let mut collector = Collector::new(aggregate, logs, plan.source.clone(), session.tests.len());
    let start = Instant::now();
    session.conduct(interrupt.cancel(), &mut collector, progress::reporter().as_mut());

    about.notes.extend(collector.logs.trouble().map(str::to_owned));
    about.logs = collector.logs.used().map(PathBuf::from);
    let early = collector.ended_early(&session);
    let report = collector.aggregate.report(&about, start.elapsed(), early);
    let shown = screen.print(&format!("\n{}", screen.render(&report)));
    if let Some(json) = json {
        exit::unless_closed(json.write(reports::json::render(&report).as_bytes()))?;
    }
    shown?;
    Ok(interrupt.signal().map_or_else(|| code(&report, &plan), exit::interrupted))
}

/// The suites that are meant, with the limits in force.
fn select(plan: &Plan, harness: &Harness) -> Outcome<Vec<SuiteInfo>> {
    plan.world.limits.check(&harness.catalogue)?;
    let suites = plan.selection.apply(&harness.catalogue)?;
    let named = !plan.selection.suites.is_empty();
    if !named && suites.iter().all(|suite| !suite.implemented) {
        let submission = &harness.catalogue.submission;
        let message = format!("`{submission}` implements none of the contracts that are tested");
        return Err(Stop::new(NO_TESTS, message));
    }
    Ok(suites.into_iter().map(|suite| plan.world.limits.in_force(suite)).collect())
}

/// What it means that no test matches; any other trouble stays what it is.
fn no_tests(stop: Stop, action: NoTests) -> Outcome {
    match action {
        NoTests::Pass if stop.code == NO_TESTS => Ok(exit::PASSED),
        NoTests::Warn if stop.code == NO_TESTS => {
            terminal::warn(&stop.message);
            Ok(exit::PASSED)
        }
        _ => Err(stop),
    }
}

fn session(plan: &Plan, harness: &Harness, suites: &[SuiteInfo]) -> Session {
    Session {
        program: harness.program(),
        tests: PlannedTest::of_suites(suites, &plan.world),
        count: plan.count,
        jobs: plan.jobs,
        fail_fast: plan.fail_fast,
        seed: plan.seed,
        policy: plan.world.policy,
        vlevel: plan.world.vlevel,
    }
}

/// What the report says of the session as a whole.
fn about(
    plan: &Plan,
    suites: &[SuiteInfo],
    harness: &Harness,
    logs: &Logs,
    base: &Base,
) -> reports::Session {
    let mut notes: Vec<String> = suites.iter().filter_map(|suite| own_clock(suite, plan)).collect();
    if let (Clock::Sim, Err(why)) = (plan.world.clock, runner::addresses::fix()) {
        notes.push(format!("{why}; a run may differ where a hash depends on addresses"));
    }
    reports::Session {
        tool: super::tool(),
        seed: plan.seed,
        clock: plan.world.clock,
        policy: plan.world.policy,
        submission: super::submission(&plan.source, harness, base),
        started: Timestamp::now(),
        logs: Some(logs.folder().to_owned()),
        sandbox: Some(super::sandbox(&harness.sandbox)),
        notes,
    }
}

/// A note on a suite that runs on another clock than was asked for.
fn own_clock(suite: &SuiteInfo, plan: &Plan) -> Option<String> {
    let clock = suite.clock(plan.world.clock);
    (clock != plan.world.clock && suite.implemented)
        .then(|| format!("{} runs on the {clock} clock only", suite.id))
}

/// What is about to be run. The seed stands here, so that it is known whatever happens.
fn heading(session: &Session, harness: &Harness, about: &reports::Session) -> String {
    let plural = |number: u64, noun: &str| {
        if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
    };
    let clock = match about.clock {
        Clock::Sim => "simulated",
        Clock::Real => "real",
    };
    let mut heading = format!(
        "{}: {}, {} each, {} at a time, {clock} clock, seed {}\n",
        harness.catalogue.submission,
        plural(session.tests.len() as u64, "test"),
        plural(session.count, "run"),
        session.at_a_time(),
        Seed(session.seed),
    );
    for note in &about.notes {
        // Writing to a string cannot fail.
        let _ = writeln!(heading, "note: {note}");
    }
    heading
}

/// The exit code that a report deserves.
fn code(report: &Report, plan: &Plan) -> u8 {
    let totals = &report.totals;
    let too_slow = report.iterations.iter().any(|all| all.over > 0);
    let required = !plan.selection.suites.is_empty();
    if totals.fail > 0 || too_slow || (required && totals.not_implemented > 0) {
        exit::TESTS_FAILED
    } else if totals.flaky > 0 {
        exit::FLAKY
    } else if totals.undetermined > 0 {
        exit::UNDETERMINED
    } else {
        exit::PASSED
    }
}

/// A folder of this session's own, in the toolkit's target folder; where there is none, in the
/// system's folder for temporary files.
fn fresh_log_folder(base: &Base) -> PathBuf {
    let folder = base.toolkit().map_or_else(|_| std::env::temp_dir(), |toolkit| toolkit.target());
    let now = jiff::Zoned::now().strftime("%Y-%m-%d-%H%M%S").to_string();
    folder.join("grader").join("logs").join(format!("{now}-{}", std::process::id()))
}
