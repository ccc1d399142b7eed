//! `grader replay`.

mod log;

use std::fmt::Write;
use std::path::Path;

use protocol::{
    Clock, Failure, FailureKind, Observation, PROTOCOL, Policy, Record, Request, SuiteInfo,
    TestInfo,
};
use regex::Regex;
use reports::model::FailureGroup;
use reports::{History, Report, Timeline, Writer, html};
use runner::{Ending, RunResult, run_once};

use crate::build::{self, Harness};
use crate::cli::values::{Count, Seed};
use crate::cli::{self, Command, LogArgs, ReplayArgs, WorldArgs};
use crate::exit::{self, NO_TESTS, Outcome, SETUP, Stop};
use crate::plan::submission::Source;
use crate::plan::world::World;
use crate::plan::{Base, absolute};
use crate::session::PlannedTest;
use crate::session::replay_line::{ReplayLine, What};
use crate::settings::Settings;
use crate::signals::Interrupt;
use crate::suggest::nearest;
use crate::terminal::{self, Screen};
use crate::trace::{Trace, headline};
use log::Log;

/// Runs one run again and says whether the same happened.
pub(crate) fn replay(args: ReplayArgs, base: &Base) -> Outcome {
    let (args, expected) = match &args.report {
        Some(file) => from_report(&args, file, base)?,
        None => (args, None),
    };
    if let Some(trace) = &args.trace {
        Writer::open(trace).map_err(exit::write_failed)?;
    }
    // What a replay depends on stands in its command line, so the settings file has no say.
    let world = World::new(&args.world, &Settings::default());
    let log = Log::new(&args.log)?;
    let picture = args.html.as_deref().map(Writer::open).transpose().map_err(exit::write_failed)?;
    let screen = Screen::beside(picture.as_ref());
    check_clock(&args, world.clock)?;
    let trace = trace(&args, log.is_some() || picture.is_some())?;
    let source = base.source(&args.submission)?;
    let interrupt = Interrupt::listen()?;
    let harness = build::harness(&source, base, &interrupt)?;
    warn_of_missing_protections(&harness);
    if let Err(why) = runner::addresses::fix() {
        terminal::warn(&format!("{why}; a run may differ where a hash depends on addresses"));
    }

    let seed = args.seed.unwrap_or(Seed(0));
    let planned = match &args.scenario {
        Some(scenario) => PlannedTest::of_scenario(scenario, &world),
        None => of_test(&harness, args.test.as_deref().unwrap_or_default(), &world)?,
    };
    check_clock(&args, planned.clock)?;
    screen.print(&format!("{}, seed {seed}, {} clock\n", planned.id, planned.clock))?;
    let mut request = request(&planned, &args, seed, &world)?;
    request.trace = trace.as_ref().map(|trace| absolute(trace.path()));
    let allowance = runner::Allowance { live_log: true, ..planned.allowance };
    let result = run_once(&harness.program(), &request, &allowance, interrupt.cancel());
    if result.ending == Ending::Cancelled {
        return Err(interrupt.stop());
    }
    if let Some(trace) = trace.filter(|_| log.is_some() || picture.is_some()) {
        let history = trace.history(&result);
        let history = history.map_err(|error| Stop::new(SETUP, error.to_string()))?;
        if let Some(log) = log {
            log.show(&history)?;
        }
        if let Some(picture) = picture {
            let replay = line(&source, &planned, &args, &world, &harness);
            let page = page(&planned.id, &request, &result, &replay, &history);
            exit::unless_closed(picture.write(page.as_bytes()))?;
        }
    }
    screen.print(&account(&result))?;
    match expected {
        None => Ok(code(&result)),
        Some(expected) => {
            let (verdict, code) = compare(&expected, &result, planned.clock);
            screen.print(&format!("{verdict}\n"))?;
            Ok(code)
        }
    }
}

/// The file for the run's trace, where somebody wants it or something is made of it.
fn trace(args: &ReplayArgs, is_needed: bool) -> Outcome<Option<Trace>> {
    match &args.trace {
        Some(file) => Ok(Some(Trace::Kept(file.clone()))),
        None if is_needed => Trace::temporary().map(Some),
        None => Ok(None),
    }
}

/// Refuses the real clock to what shows the order of events.
fn check_clock(args: &ReplayArgs, clock: Clock) -> Outcome<()> {
    let flag = match args {
        ReplayArgs { log: LogArgs { log: Some(_), .. }, .. } => "--log",
        ReplayArgs { html: Some(_), .. } => "--html",
        _ => return Ok(()),
    };
    match clock {
        Clock::Sim => Ok(()),
        Clock::Real => Err(Stop::usage(format!(
            "{flag} needs the simulated clock: on the real one there is no order of events; \
             --vlevel 2 shows the submission's own log"
        ))),
    }
}

/// The command that repeats this run.
fn line(
    source: &Source,
    planned: &PlannedTest,
    args: &ReplayArgs,
    world: &World,
    harness: &Harness,
) -> String {
    let what = args.scenario.as_ref().map_or(What::Test(&planned.id), What::Scenario);
    ReplayLine {
        source,
        what,
        seed: args.seed.map_or(0, |Seed(seed)| seed),
        clock: planned.clock,
        policy: Some(world.policy).filter(|policy| *policy != Policy::default()),
        limits: planned.overrides,
        unconfined: harness.program().is_unconfined(),
    }
    .to_string()
}

/// The page with the picture of a run.
fn page(
    id: &str,
    request: &Request,
    result: &RunResult,
    replay: &str,
    history: &History,
) -> String {
    let title = format!("{id}, seed {}", request.seed);
    let outcome = result.failure().map_or_else(|| "passed".to_owned(), headline);
    let passed = result.passed();
    let run = html::Run { title: &title, outcome: &outcome, passed, replay };
    html::run(&run, &Timeline::of(history))
}

/// Says which protections the machine lacks. Where they are switched off, somebody wants that.
fn warn_of_missing_protections(harness: &Harness) {
    let sandbox = super::sandbox(&harness.sandbox);
    let missing: Vec<&str> = sandbox.missing().map(|missing| missing.name.as_str()).collect();
    if harness.sandbox.mode() != confine::Mode::Off && !missing.is_empty() {
        let missing = missing.join(", no ");
        terminal::warn(&format!("the run is confined only in part: no {missing}"));
    }
}

/// The run that a report's failure tells of, as if its replay line had been typed, with what was
/// really typed on top.
fn from_report(
    args: &ReplayArgs,
    file: &Path,
    base: &Base,
) -> Outcome<(ReplayArgs, Option<FailureGroup>)> {
    let unusable = |why: String| Stop::new(SETUP, why);
    let report = super::history::find(&file.to_string_lossy(), base)?;
    let failure = choose(&report, args, file)?.clone();
    let words = shlex::split(&failure.replay).unwrap_or_default();
    let Ok(Command::Replay(mut recorded)) = cli::parse(words).map(|cli| cli.command) else {
        let (file, line) = (file.display(), &failure.replay);
        return Err(unusable(format!("{file} has a replay line of another kind: {line}")));
    };
    let typed = &args.submission;
    if typed.submission.is_some() || typed.harness.is_some() {
        recorded.submission.submission.clone_from(&typed.submission);
        recorded.submission.harness.clone_from(&typed.harness);
    }
    recorded.world = on_top(&args.world, recorded.world);
    recorded.trace.clone_from(&args.trace);
    recorded.log.clone_from(&args.log);
    recorded.html.clone_from(&args.html);
    Ok((recorded, Some(failure)))
}

/// The failure of the report that is meant.
fn choose<'a>(report: &'a Report, args: &ReplayArgs, file: &Path) -> Outcome<&'a FailureGroup> {
    let regex = args.test.as_deref().map(Regex::new).transpose().map_err(|_| {
        let pattern = args.test.as_deref().unwrap_or_default();
        Stop::usage(format!("--test {pattern:?} is not a regular expression"))
    })?;
    let meant = |id: &str, course_name: &str| {
        regex.as_ref().is_none_or(|regex| regex.is_match(id) || regex.is_match(course_name))
    };
    // A look at the sources is no run, and finds the same whenever it is done.
    let run = report.suites.iter().filter(|suite| !suite.reads).flat_map(|suite| &suite.tests);
    let failures: Vec<&FailureGroup> = run
        .filter(|test| meant(&test.id, &test.course_name))
        .flat_map(|test| &test.failures)
        .collect();
    let file = file.display();
    let of_which =
        regex.as_ref().map_or_else(String::new, |regex| format!(" of tests matching `{regex}`"));
    if failures.is_empty() {
        return Err(Stop::new(NO_TESTS, format!("{file} has no failures{of_which}")));
    }
    let number = args.failure.map_or(1, Count::get);
    failures.get(number as usize - 1).copied().ok_or_else(|| {
        let many = failures.len();
        Stop::usage(format!("--failure {number}: {file} has {many} distinct failures{of_which}"))
    })
}

fn on_top(typed: &WorldArgs, recorded: WorldArgs) -> WorldArgs {
    WorldArgs {
        clock: typed.clock.or(recorded.clock),
        policy: typed.policy.or(recorded.policy),
        vlevel: typed.vlevel.or(recorded.vlevel),
        time_limit: typed.time_limit.or(recorded.time_limit),
        rpc_limit: typed.rpc_limit.or(recorded.rpc_limit),
        byte_limit: typed.byte_limit.or(recorded.byte_limit),
    }
}

/// The test with this id, or with this name in its course.
fn find<'a>(harness: &'a Harness, name: &str) -> Outcome<(&'a SuiteInfo, &'a TestInfo)> {
    let tests = || {
        let suites = harness.catalogue.suites.iter();
        suites.flat_map(|suite| suite.tests.iter().map(move |test| (suite, test)))
    };
    tests().find(|(_, test)| test.id == name || test.course_name == name).ok_or_else(|| {
        let names = tests().flat_map(|(_, test)| [test.id.as_str(), test.course_name.as_str()]);
        let hint = nearest(name, names)
            .map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
        Stop::new(NO_TESTS, format!("no test `{name}`{hint}; `grader list` shows what there is"))
    })
}

/// The test of this name, with the limits in force.
fn of_test(harness: &Harness, name: &str, world: &World) -> Outcome<PlannedTest> {
    let (suite, test) = find(harness, name)?;
    let one = SuiteInfo { tests: vec![test.clone()], implemented: true, ..suite.clone() };
    Ok(PlannedTest::of_suites(&[world.limits.in_force(one)], world).remove(0))
}

/// What the harness is asked.
fn request(
    planned: &PlannedTest,
    args: &ReplayArgs,
    Seed(seed): Seed,
    world: &World,
) -> Outcome<Request> {
    let nonce = runner::secret::nonce()
        .map_err(|error| Stop::new(SETUP, format!("cannot draw a nonce: {error}")))?;
    Ok(Request {
        protocol: PROTOCOL,
        nonce,
        test: planned.id.clone(),
        seed,
        clock: planned.clock,
        policy: world.policy,
        vlevel: world.vlevel,
        trace: None,
        scenario: args.scenario.as_ref().map(ToString::to_string),
        limits: planned.overrides,
    })
}

/// What the run did.
fn account(result: &RunResult) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = match result.failure() {
        None => writeln!(text, "passed"),
        Some(failure) => writeln!(text, "failed: {}", headline(failure)),
    };
    if let Some(Failure { step, location, details, .. }) = result.failure() {
        for (what, value) in [("step", step), ("at", location)] {
            if let Some(value) = value {
                let _ = writeln!(text, "  {what}: {value}");
            }
        }
        for line in details {
            let _ = writeln!(text, "  {line}");
        }
    }
    if let Some(record) = &result.record {
        for line in &record.history {
            let _ = writeln!(text, "  {line}");
        }
        for warning in &record.warnings {
            let _ = writeln!(text, "warning: {warning}");
        }
        let _ = writeln!(
            text,
            "{:.3} s on the {} clock, {:.3} s wall, {:.3} s CPU, {} servers, {} RPCs, {} bytes, {} \
             commits, {} steps",
            record.virtual_s,
            record.clock,
            record.wall_s,
            record.cpu_s,
            record.servers,
            record.rpcs,
            record.bytes,
            record.commits,
            record.steps
        );
        properties(&mut text, record, result.failure());
        if !record.trace_hash.is_empty() {
            let _ = writeln!(text, "trace hash {}", record.trace_hash);
        }
    }
    text
}

/// What the run says about the properties that were watched all the time: those that held, and for
/// each reason, those that were not observed. The failure has told which was violated.
fn properties(text: &mut String, record: &Record, failure: Option<&Failure>) {
    let (mut held, mut unseen) = (Vec::new(), Vec::<(&str, Vec<&str>)>::new());
    for watched in &record.watched {
        let name = watched.property.as_str();
        match watched.observation(failure) {
            Observation::Held => held.push(name),
            Observation::NotObserved(why) => match unseen.iter_mut().find(|line| line.0 == why) {
                Some((_, names)) => names.push(name),
                None => unseen.push((why, vec![name])),
            },
            Observation::Violated => {}
        }
    }
    if !held.is_empty() {
        let _ = writeln!(text, "held: {}", held.join(", "));
    }
    for (why, names) in unseen {
        let _ = writeln!(text, "not observed: {}: {why}", names.join(", "));
    }
}

/// The exit code of a replay that nothing is expected of.
fn code(result: &RunResult) -> u8 {
    match result.failure() {
        None => exit::PASSED,
        Some(failure) if failure.kind == FailureKind::Internal => exit::UNDETERMINED,
        Some(_) => exit::TESTS_FAILED,
    }
}

/// Whether the run did what the report says. On the real clock no two runs are alike, so there the
/// kind of the failure must do.
fn compare(expected: &FailureGroup, result: &RunResult, clock: Clock) -> (String, u8) {
    let told = format!("{}: {}", expected.title(), expected.message);
    let Some(failure) = result.failure() else {
        return (format!("not reproduced: the report says {told}"), exit::NOT_REPRODUCED);
    };
    let same_words = failure.message == expected.message || clock == Clock::Real;
    let same_kind = failure.kind == expected.kind && failure.property == expected.property;
    if !same_kind || !same_words {
        return (format!("not reproduced: the report says {told}"), exit::NOT_REPRODUCED);
    }
    let hash = result.record.as_ref().map(|record| record.trace_hash.as_str());
    let how = match (&expected.trace_hash, hash) {
        (Some(expected), Some(hash)) if expected == hash => ", with the same trace hash".to_owned(),
        (Some(expected), Some(_)) => format!(
            ", but the report's trace hash is {expected}: the submission or the toolkit has changed"
        ),
        _ => String::new(),
    };
    (format!("reproduced: it failed in the same way{how}"), exit::PASSED)
}
