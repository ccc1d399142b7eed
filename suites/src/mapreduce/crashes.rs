//! Workers that crash, stall and deliver too late.

use labrt::time::{Duration, Instant};

use super::probe::{Act, Entry, Phase, What};
use super::role::App;
use super::site::{JOB, REISSUE, SOON, Site};
use super::texts::add_texts;
use crate::suite::test;
use crate::{Context, Failure, Kind, Test};

pub(super) const CRASH: Test = Test {
    time_limit_s: 240.0,
    ..test(
        "crash",
        "TestCrashMapReduce",
        "Workers crash or stall in two of three tasks, and the output is that of a sequential run",
        &CRASH_STEPS,
        |ctx| crashes(ctx, REISSUE, Duration::from_secs(10), Duration::from_mins(3)),
    )
};

pub(super) const CRASH_FAST: Test = test(
    "crash-fast",
    "TestCrashFastMapReduce",
    "The same when tasks are handed out again after 2 s, so that many a worker delivers too late",
    &CRASH_STEPS,
    |ctx| crashes(ctx, FAST_REISSUE, Duration::from_secs(4), Duration::from_secs(40)),
);

const CRASH_STEPS: [&str; 3] = [
    "1. Start a coordinator and three workers",
    "2. Replace workers that end until the job ends",
    "3. Compare the output with that of a sequential run, and wait for the workers to end",
];

const FAST_REISSUE: Duration = Duration::from_secs(2);
/// How long after a worker another may be started in the place of one that has ended.
const BETWEEN_WORKERS: Duration = Duration::from_millis(100);

/// A job whose workers crash or stall for up to `stall`.
fn crashes(
    ctx: &Context,
    reissue_after: Duration,
    stall: Duration,
    limit: Duration,
) -> Result<(), Failure> {
    ctx.step(CRASH_STEPS[0]);
    let mut site = Site::new(ctx)?;
    site.reissue_after = reissue_after;
    for number in 1..=8 {
        site.input(&format!("text-{number}.txt"), &"may or must fail now\n".repeat(number))?;
    }
    let act = |certainly: &str| Act::Crash {
        certainly: certainly.into(),
        crash_percent: 33,
        stall_percent: 33,
        stall_ms: stall.as_millis() as u64,
    };
    let mut plan = site.plan();
    plan.in_map.push(act("text-1.txt"));
    plan.in_reduce.push(act("must"));
    let app = App::Probe(plan);
    site.start_job(3, &app)?;

    ctx.step(CRASH_STEPS[1]);
    let mut last_worker = Instant::now();
    let (mut events, mut last_event) = (0, Instant::now());
    let patience = reissue_after + stall + SOON;
    site.wait_for("the job to end", limit, |site| {
        if last_worker.elapsed() > BETWEEN_WORKERS && site.replace_worker(&app)? {
            last_worker = Instant::now();
        }
        let now = site.journal()?.len();
        if now > events {
            (events, last_event) = (now, Instant::now());
        } else if last_event.elapsed() > patience {
            return Err(site.stuck(patience, reissue_after));
        }
        Ok(site.is_job_over()?.then_some(()))
    })?;

    ctx.step(CRASH_STEPS[2]);
    site.expect_output(&app)?;
    site.wait_for_workers(stall + SOON)?;
    site.expect_output(&app)
}

impl Site<'_> {
    /// A job that does not go on, although there are workers and lost tasks are due.
    fn stuck(&mut self, patience: Duration, reissue_after: Duration) -> Failure {
        let message = format!(
            "the job has not ended, and no map or reduce has begun or ended for {} s; \
             a task that its worker has not finished is due again after {} s",
            patience.as_secs(),
            reissue_after.as_secs()
        );
        Failure { kind: Kind::Liveness, ..self.failure(message) }
    }
}

pub(super) const REISSUE_LATE: Test = test(
    "reissue",
    "TestReissueMapReduce",
    "An unfinished task goes to another worker; what the first delivers later does no harm",
    &[
        "1. Start four workers; the first map of one file and all of another are held up",
        "2. Expect the first map to be handed out again after 2 s, not earlier",
        "3. Let the first map go on: expect no reduce while the other is held up",
        "4. Let the other go on; a reduce is held up: expect the job to end without it",
        "5. Let the reduce go on: expect the same output, and its worker to end",
    ],
    |ctx| {
        ctx.step("1. Start four workers; the first map of one file and all of another are held up");
        let mut site = Site::new(ctx)?;
        site.reissue_after = FAST_REISSUE;
        add_texts(&mut site, &["late.txt", "held.txt", "text-1.txt", "text-2.txt"])?;
        let mut plan = site.plan();
        plan.in_map.extend([site.gate("late.txt", true), site.gate("held.txt", false)]);
        plan.in_reduce.push(site.gate("alpha", true));
        let app = App::Probe(plan);
        site.start_coordinator()?;
        let start = Instant::now();
        // Both unfinished maps may be handed out again in either order, so two workers must be free for them.
        for _ in 0..4 {
            site.start_worker(&app)?;
        }
        site.wait_for("the maps of late.txt and held.txt to begin", JOB, |site| {
            let entries = site.journal()?;
            let has = |name| calls(&entries, Phase::Map, What::Begin, name) > 0;
            Ok((has("late.txt") && has("held.txt")).then_some(()))
        })?;

        ctx.step("2. Expect the first map to be handed out again after 2 s, not earlier");
        let what =
            "the unfinished map of late.txt to go to another worker after 2 s, and to end there";
        site.wait_for(what, FAST_REISSUE + SOON, |site| {
            let entries = site.journal()?;
            let again = calls(&entries, Phase::Map, What::Begin, "late.txt") > 1;
            if again && start.elapsed() < FAST_REISSUE {
                let after = start.elapsed().as_secs_f64();
                let what = format!(
                    "the map of late.txt was handed out again {after:.1} s after the first worker \
                     was started; it is due 2 s after it was handed out"
                );
                return Err(site.failure(what));
            }
            Ok((calls(&entries, Phase::Map, What::End, "late.txt") > 0).then_some(()))
        })?;

        ctx.step("3. Let the first map go on: expect no reduce while the other is held up");
        site.open("late.txt")?;
        site.wait_for("the first map of late.txt to end", SOON, |site| {
            let ended = calls(&site.journal()?, Phase::Map, What::End, "late.txt");
            Ok((ended > 1).then_some(()))
        })?;
        site.watch_for(Duration::from_secs(1), |site| site.expect_no_reduce("held.txt"))?;

        ctx.step("4. Let the other go on; a reduce is held up: expect the job to end without it");
        site.open("held.txt")?;
        site.wait_for_job(&app)?;
        site.expect_output(&app)?;

        ctx.step("5. Let the reduce go on: expect the same output, and its worker to end");
        site.open("alpha")?;
        site.wait_for_workers(SOON)?;
        site.expect_output(&app)
    },
);

/// How many calls of `phase` for `name` have done `what`.
fn calls(entries: &[Entry], phase: Phase, what: What, name: &str) -> usize {
    let is = |e: &&Entry| e.phase == phase && e.what == what && e.name == name;
    entries.iter().filter(is).count()
}
