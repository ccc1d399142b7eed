//! `grader bench`: the toolkit measures itself.
//!
//! The runtime's figures come from the harness, which measures inside its own process, and MapReduce's
//! from the command `mapreduce`. How fast submissions are built and graded, and how many whole runs a second a machine makes is measured here, with the
//! same pool that grades.

mod submissions;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use reports::Writer;
use runner::shares::Shares;
use scenario::{Millis, Options};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::build::{self, Harness};
use crate::cli::{BenchArgs, WorldArgs};
use crate::exit::{self, Outcome, SETUP, Stop};
use crate::explore::hunt::hunt;
use crate::explore::mission::Crew;
use crate::explore::plan::ExplorePlan;
use crate::explore::progress::Progress;
use crate::plan::jobs::Jobs;
use crate::plan::select::Selection;
use crate::plan::submission::Source;
use crate::plan::world::World;
use crate::plan::{Base, TestPlan};
use crate::process::{self, End, Line};
use crate::session::grading::Grading;
use crate::session::logs::Logs;
use crate::session::progress;
use crate::settings::Settings;
use crate::signals::Interrupt;
use crate::terminal::{Activity, Screen};

/// The suite whose speed-up and whole runs are measured.
const SUITE: &str = "part2";
/// The suite of another course, longer and with more faults, whose speed-up is measured as well.
const LONG_SUITE: &str = "4b";
/// Runs of each of its tests.
const COUNT: u64 = 50;
/// Any seed would do; a fixed one makes two measurements comparable.
const SEED: u64 = 1;

/// A figure to reach.
struct Goal {
    key: &'static str,
    what: &'static str,
    /// What to reach.
    reach: f64,
    /// Whether less is better.
    at_most: bool,
}

/// Runs of the exploration that is measured.
const EXPLORED: u64 = 600;

const GOALS: [Goal; 13] = [
    Goal {
        key: "switch_sim_ns",
        what: "one context switch of a lab thread, simulated",
        reach: 100.0,
        at_most: true,
    },
    Goal {
        key: "rpc_sim_ns",
        what: "one serial RPC, simulated, encoding included",
        reach: 1_000.0,
        at_most: true,
    },
    Goal { key: "rpc_real_ns", what: "the same on the real clock", reach: 10_000.0, at_most: true },
    Goal {
        key: "speedup_part2",
        what: "virtual over wall seconds of part2, one process",
        reach: 1_500.0,
        at_most: false,
    },
    Goal { key: "speedup_4b", what: "the same of 4b", reach: 1_000.0, at_most: false },
    Goal {
        key: "checkers_percent_part2",
        what: "per cent by which the checkers lengthen part2",
        reach: 25.0,
        at_most: true,
    },
    Goal { key: "checkers_percent_4b", what: "the same of 4b", reach: 25.0, at_most: true },
    Goal {
        key: "runs_per_s_part2",
        what: "whole processes of part2's tests a second, all cores",
        reach: 150.0,
        at_most: false,
    },
    Goal {
        key: "explore_runs_per_s",
        what: "explored runs a second, 5 servers and 10 virtual seconds each, all cores",
        reach: 200.0,
        at_most: false,
    },
    Goal {
        key: "submission_build_s",
        what: "seconds to build a submission, the suites being built",
        reach: 3.0,
        at_most: true,
    },
    Goal {
        key: "class_submissions_per_min",
        what: "submissions a minute of a class of 10, 33 tests 20 times each",
        reach: 3.0,
        at_most: false,
    },
    Goal {
        key: "mr_wc_vs_sequential",
        what: "MapReduce's word count of 100 MB by 2 workers, against the sequential runner",
        reach: 1.5,
        at_most: false,
    },
    Goal { key: "mr_wc_mb_s", what: "megabytes a second of the same", reach: 40.0, at_most: false },
];

/// The figures, by key.
type Figures = BTreeMap<&'static str, f64>;

/// What the harness measures.
#[derive(Deserialize)]
struct Measured {
    switch_sim_ns: f64,
    rpc_sim_ns: f64,
    rpc_real_ns: f64,
    speedup: BTreeMap<String, f64>,
    checkers_percent: BTreeMap<String, f64>,
}

/// What the command `mapreduce` measures.
#[derive(Deserialize)]
struct MapReduced {
    mr_wc_vs_sequential: f64,
    mr_wc_mb_s: f64,
}

/// Measures and shows the figures. They are figures: none of them fails anything.
pub(crate) fn bench(args: BenchArgs, base: &Base) -> Outcome {
    let json = args.json.as_deref().map(Writer::open).transpose().map_err(exit::write_failed)?;
    let screen = Screen::beside(json.as_ref());
    let source = base.source(&args.submission)?;
    let interrupt = Interrupt::listen()?;
    let harness = build::harness(&source, base, &interrupt)?;
    let mapreduce = args.mapreduce.map_or_else(|| build::mapreduce(base, &interrupt), Ok)?;

    let mut figures = inside(&harness, &interrupt)?;
    figures.insert("runs_per_s_part2", runs_per_s(&harness, &source, base, &interrupt)?);
    figures.insert("explore_runs_per_s", explore_runs_per_s(&harness, source, &interrupt)?);
    figures.extend(submissions::measure(base, &interrupt)?);
    figures.extend(map_reduce(&mapreduce, &interrupt)?);

    screen.print(&table(&figures))?;
    if let Some(json) = json {
        let text = serde_json::to_string_pretty(&figures).expect("figures are always JSON") + "\n";
        exit::unless_closed(json.write(text.as_bytes()))?;
    }
    Ok(exit::PASSED)
}

/// What the harness measures inside one process.
fn inside(harness: &Harness, interrupt: &Interrupt) -> Outcome<Figures> {
    let activity = Activity::new("measuring the runtime".to_owned());
    let mut command = Command::new(harness.path());
    command.args(["bench", "--suite", SUITE, "--suite", LONG_SUITE]);
    let measured: Measured = ask("the harness", &mut command, interrupt)?;
    drop(activity);
    let figure = |of: &BTreeMap<String, f64>, suite: &str| {
        let found = of.get(suite).copied();
        found.ok_or_else(|| not_measured("the harness", format!("it left out {suite}")))
    };
    let (speedup, checkers) = (&measured.speedup, &measured.checkers_percent);
    Ok(Figures::from([
        ("switch_sim_ns", measured.switch_sim_ns),
        ("rpc_sim_ns", measured.rpc_sim_ns),
        ("rpc_real_ns", measured.rpc_real_ns),
        ("speedup_part2", figure(speedup, SUITE)?),
        ("speedup_4b", figure(speedup, LONG_SUITE)?),
        ("checkers_percent_part2", figure(checkers, SUITE)?),
        ("checkers_percent_4b", figure(checkers, LONG_SUITE)?),
    ]))
}

/// What the command `mapreduce` measures.
fn map_reduce(program: &Path, interrupt: &Interrupt) -> Outcome<Figures> {
    let activity = Activity::new("counting words".to_owned());
    let measured: MapReduced = ask("`mapreduce`", Command::new(program).arg("bench"), interrupt)?;
    drop(activity);
    Ok(Figures::from([
        ("mr_wc_vs_sequential", measured.mr_wc_vs_sequential),
        ("mr_wc_mb_s", measured.mr_wc_mb_s),
    ]))
}

/// What a program that measures answers, in JSON.
fn ask<T: DeserializeOwned>(who: &str, command: &mut Command, interrupt: &Interrupt) -> Outcome<T> {
    let (mut answer, mut last_words) = (String::new(), String::new());
    let end = process::run(command, interrupt, None, |line| match line {
        Line::Out(line) => answer.push_str(&line),
        Line::Err(line) => last_words = line,
    });
    match end.map_err(|error| not_measured(who, error.to_string()))? {
        End::Exited(status) if !status.success() => {
            Err(not_measured(who, format!("{status}; {last_words}")))
        }
        End::Exited(_) => {
            serde_json::from_str(&answer).map_err(|error| not_measured(who, error.to_string()))
        }
        End::Interrupted | End::TimedOut => Err(interrupt.stop()),
    }
}

fn not_measured(who: &str, why: String) -> Stop {
    Stop::new(SETUP, format!("{who} could not measure: {why}"))
}

/// Whole runs a second, on all cores.
fn runs_per_s(
    harness: &Harness,
    source: &Source,
    base: &Base,
    interrupt: &Interrupt,
) -> Outcome<f64> {
    let plan = TestPlan {
        selection: Selection::new(vec![SUITE.to_owned()], None)?,
        count: COUNT,
        fail_fast: false,
        jobs: Jobs::new(None)?,
        seed: SEED,
        world: World::new(&WorldArgs::default(), &Settings::default()),
    };
    let grading = Grading::new(&plan, source, harness)?;
    let session = grading.session();
    let logs = Logs::prepare(None, std::env::temp_dir)?;
    let about = grading.about(&logs, base);
    let activity = Activity::new(format!("running {SUITE} {COUNT} times"));
    let shares = Shares::new(session.jobs.shares());
    let cancel = interrupt.cancel();
    let graded = grading.conduct(&session, about, logs, &shares, cancel, &mut progress::Quiet);
    drop(activity);
    if interrupt.signal().is_some() {
        return Err(interrupt.stop());
    }
    Ok(graded.full.totals.runs as f64 / graded.full.totals.wall_s)
}

/// Runs of an exploration a second, on all cores. The length is that of the safety phase.
fn explore_runs_per_s(harness: &Harness, source: Source, interrupt: &Interrupt) -> Outcome<f64> {
    let plan = ExplorePlan {
        source,
        runs: Some(EXPLORED),
        time: None,
        jobs: Jobs::new(None)?.simulated(),
        seed: SEED,
        options: Options { servers: vec![5], until: Some(Millis(10_000)) },
        policy: None,
        keep_going: true,
        shrink: None,
        json: None,
    };
    let crew = Crew { program: harness.program(), jobs: plan.jobs };
    let activity = Activity::new(format!("exploring {EXPLORED} runs"));
    let haul = hunt(&plan, &crew, interrupt.cancel(), &mut Progress::Quiet);
    drop(activity);
    if interrupt.signal().is_some() {
        return Err(interrupt.stop());
    }
    Ok(haul.runs as f64 / haul.wall.as_secs_f64())
}

fn table(figures: &Figures) -> String {
    let rows = GOALS.iter().map(|goal| {
        let figure = figures.get(goal.key).copied().unwrap_or(f64::NAN);
        let reached = if goal.at_most { figure <= goal.reach } else { figure >= goal.reach };
        let bound = if goal.at_most { "at most" } else { "at least" };
        let reached = if reached { "reached" } else { "not reached" };
        let Goal { key, what, reach, .. } = goal;
        // Of a ratio of two or so, what comes after the point is the figure.
        let decimals = if *reach < 10.0 { 2 } else { 0 };
        format!(
            "{key:<25} {figure:>9.decimals$}   {bound:>8} {reach:>6}   {reached:<11}   {what}\n"
        )
    });
    rows.collect()
}
