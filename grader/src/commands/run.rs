//! `grader run`.

use std::fmt::Write;
use std::path::PathBuf;

use protocol::Clock;
use reports::Report;
use runner::shares::Shares;

use crate::build::{self, Harness};
use crate::cli::values::Seed;
use crate::cli::{NoTests, RunArgs};
use crate::exit::{self, NO_TESTS, Outcome, Stop};
use crate::outputs::Outputs;
use crate::plan::submission::Source;
use crate::plan::{Base, Plan, TestPlan, absolute};
use crate::session::grading::Grading;
use crate::session::logs::Logs;
use crate::session::{Session, progress, timelines};
use crate::signals::Interrupt;
use crate::terminal;

/// Builds, runs, reports. Who waits for a result gets one whatever comes.
pub(crate) fn run(mut args: RunArgs, base: &Base) -> Outcome {
    let outputs = Outputs::open(std::mem::take(&mut args.outputs), &base.settings)?;
    let no_tests = args.tests.no_tests.or(base.settings.no_tests).unwrap_or_default();
    grade(args, base, &outputs).or_else(|stop| {
        outputs.write_failure(&stop)?;
        excused(stop, no_tests)
    })
}

/// Grades; an error is why no test was run.
fn grade(args: RunArgs, base: &Base, outputs: &Outputs) -> Outcome {
    let keeps = !args.no_history.unwrap_or(base.settings.history.off);
    let plan = Plan::new(args, base)?;
    let logs = Logs::prepare(plan.logs.as_deref().map(absolute), || fresh_log_folder(base))?;
    let screen = outputs.screen();
    let interrupt = Interrupt::listen()?;

    let harness = build::harness(&plan.source, base, &interrupt)?;
    let mut grading = Grading::new(&plan.tests, &plan.source, &harness)?;
    if outputs.gives_points() {
        plan.marking.check(&harness.catalogue)?;
    }
    if let (true, Source::Package(package)) = (grading.reads(), &plan.source) {
        grading.style = Some(build::look(package, base, &interrupt)?);
    }
    let session = grading.session();
    let about = grading.about(&logs, base);
    let tests = grading.suites.iter().map(|suite| suite.tests.len()).sum();
    screen.print(&heading(&session, tests, &harness, &about))?;

    let shares = Shares::new(session.jobs.shares());
    let mut reporter = progress::reporter(base.progress);
    let cancel = interrupt.cancel();
    let folder = logs.folder().to_owned();
    let graded = grading.conduct(&session, about, logs, &shares, cancel, reporter.as_mut());
    let mut report = graded.full;
    timelines::keep(&mut report, &session, &folder, interrupt.cancel_aftermath());

    let shown = screen.print(&format!("\n{}", screen.render(&report)));
    outputs.write(&report, &plan.marking)?;
    if keeps {
        keep(&report, base);
    }
    shown?;
    Ok(interrupt.signal().map_or_else(|| code(&report, &plan.tests), exit::interrupted))
}

/// Keeps the session for later. It has been reported already, so what stands in the way is only told.
fn keep(report: &Report, base: &Base) {
    let kept = base.history().map_err(|stop| stop.message).and_then(|store| {
        let place = store.folder().display().to_string();
        store.keep(report).map_err(|error| format!("{place}: {error}"))
    });
    if let Err(why) = kept {
        terminal::warn(&format!("the session is not kept in the history: {why}"));
    }
}

/// What it means that no test matches; any other trouble stays what it is.
fn excused(stop: Stop, action: NoTests) -> Outcome {
    match action {
        NoTests::Pass if stop.code == NO_TESTS => Ok(exit::PASSED),
        NoTests::Warn if stop.code == NO_TESTS => {
            terminal::warn(&stop.message);
            Ok(exit::PASSED)
        }
        _ => Err(stop),
    }
}

/// What is about to be run. The seed stands here, so that it is known whatever happens.
fn heading(session: &Session, tests: usize, harness: &Harness, about: &reports::Session) -> String {
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
        plural(tests as u64, "test"),
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
fn code(report: &Report, plan: &TestPlan) -> u8 {
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
