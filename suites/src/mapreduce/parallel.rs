//! Tasks run side by side, and each runs once.

use std::collections::BTreeSet;

use labrt::thread::sleep;
use labrt::time::Duration;

use super::probe::{Act, Entry, Phase, begun, in_company, workers};
use super::role::App;
use super::site::{JOB, LATE_REISSUE, Site};
use super::texts::texts;
use crate::suite::test;
use crate::{Context, Failure, Test};

pub(super) const MAPS: Test = test(
    "map-parallelism",
    "TestMapParallelismMapReduce",
    "Two workers run maps at the same time",
    &STEPS,
    |ctx| {
        let entries = two_workers(ctx, Phase::Map)?;
        expect_company(ctx, &entries, Phase::Map, "maps")
    },
);

pub(super) const REDUCES: Test = test(
    "reduce-parallelism",
    "TestReduceParallelismMapReduce",
    "Two workers run reduces at the same time",
    &STEPS,
    |ctx| {
        let entries = two_workers(ctx, Phase::Reduce)?;
        expect_company(ctx, &entries, Phase::Reduce, "reduces")
    },
);

const STEPS: [&str; 3] = [
    "1. Start a coordinator and two workers; the first call waits for one in the other worker",
    "2. Wait for the end of the job",
    "3. Expect calls in both workers, some at the same time",
];

/// A job over eight texts in which calls of `phase` wait for each other; what its calls did.
fn two_workers(ctx: &Context, phase: Phase) -> Result<Vec<Entry>, Failure> {
    ctx.step(STEPS[0]);
    let mut site = Site::new(ctx)?;
    // Who runs one task at a time must not get out of it by handing a task out again.
    site.reissue_after = LATE_REISSUE;
    texts(&mut site, 8)?;
    let mut plan = site.plan();
    match phase {
        Phase::Map => plan.in_map.push(Act::Meet),
        Phase::Reduce => plan.in_reduce.push(Act::Meet),
    }
    let app = App::Probe(plan);
    site.start_job(2, &app)?;
    ctx.step(STEPS[1]);
    site.finish(&app)?;
    ctx.step(STEPS[2]);
    site.journal()
}

fn expect_company(
    ctx: &Context,
    entries: &[Entry],
    phase: Phase,
    what: &str,
) -> Result<(), Failure> {
    let how = match (workers(entries, phase).len(), in_company(entries, phase)) {
        (2, 1..) => return Ok(()),
        (2, 0) => "each ran alone".into(),
        (workers, _) => format!("they ran in {workers}"),
    };
    Err(ctx.failure(format!("expected {what} in two workers at the same time; {how}")))
}

pub(super) const JOB_COUNT: Test = test(
    "job-count",
    "TestJobCountMapReduce",
    "Each of eight maps, which take 2 to 5 s, runs exactly once",
    &[
        "1. Start a coordinator and four workers, one after the other",
        "2. Expect no map to run twice until the job ends",
        "3. Compare the output with that of a sequential run, and wait for the workers to end",
    ],
    |ctx| {
        ctx.step("1. Start a coordinator and four workers, one after the other");
        let mut site = Site::new(ctx)?;
        texts(&mut site, 8)?;
        let mut plan = site.plan();
        plan.in_map.push(Act::Pause { least_ms: 2000, most_ms: 5000 });
        let app = App::Probe(plan);
        site.start_coordinator()?;
        for _ in 0..4 {
            site.start_worker(&app)?;
            sleep(BETWEEN_WORKERS);
        }

        ctx.step("2. Expect no map to run twice until the job ends");
        site.wait_for("the job to end", JOB, |site| {
            let entries = site.journal()?;
            if let Some(name) = twice(&entries) {
                let what = format!("the map of {name} ran again before the end of 10 s");
                return Err(site.failure(what));
            }
            Ok(site.is_job_over()?.then_some(()))
        })?;

        ctx.step(
            "3. Compare the output with that of a sequential run, and wait for the workers to end",
        );
        site.finish(&app)
    },
);

/// A file whose map has begun twice.
fn twice(entries: &[Entry]) -> Option<&str> {
    let mut names = BTreeSet::new();
    begun(entries, Phase::Map).map(|entry| entry.name.as_str()).find(|name| !names.insert(*name))
}

const BETWEEN_WORKERS: Duration = Duration::from_millis(200);
