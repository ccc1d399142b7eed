//! The tests: what the stations do, and for how long the aggregator is watched.

use std::sync::Arc;

use labrt::channel::Sender;
use labrt::time::Duration;

use super::Which;
use super::aggregation::{Aggregation, Setup};
use super::moment::{Moment, seconds};
use super::stations::{Answer, Behaviour, as_in_the_course};
use crate::{Context, Failure};

/// The course's period.
const PERIOD: Duration = Duration::from_millis(800);
/// The course's long period.
const LONG_PERIOD: Duration = Duration::from_secs(5);
/// How long the course watches.
const OBSERVED: Duration = Duration::from_millis(6_100);
/// Reports are counted over this time.
const COUNTED: Duration = Duration::from_secs(6);
/// When the course quits.
const QUIT_AT: Duration = Duration::from_millis(3_100);

/// The steps of the course's tests but the last.
pub(super) const OBSERVE_STEPS: &[&str] = &[OBSERVE, COUNT, QUIT];
/// The steps of the course's last test.
pub(super) const QUIT_STEPS: &[&str] = &[OBSERVE, QUIT];
/// The steps of the tests that begin with a quit.
pub(super) const ONLY_QUIT_STEPS: &[&str] = &[QUIT];
/// The steps of the test with a slow reader.
pub(super) const SLOW_STEPS: &[&str] = &[SLOW, QUIT];
/// The steps of the test that quits while a report waits.
pub(super) const BLOCKED_STEPS: &[&str] = &[WAIT, QUIT];

const OBSERVE: &str = "Take each report: of the next batch, in time, after one question to each station, \
                       the average of the answers that came in time";
const COUNT: &str = "Expect as many reports as there were periods";
const QUIT: &str = "Quit: expect it to return at once, no further report, and no thread that stays";
const SLOW: &str = "Take each report when it has waited for most of a period";
const WAIT: &str = "Take no report until one waits";

/// How a test ends.
type Outcome = Result<(), Failure>;

fn course(k: usize, period: Duration) -> Setup {
    Setup { k, period, behaviour: as_in_the_course(period) }
}

fn setup(k: usize, answer: impl Fn(usize, usize) -> Answer + Send + Sync + 'static) -> Setup {
    let behaviour: Behaviour = Arc::new(answer);
    Setup { k, period: PERIOD, behaviour }
}

pub(super) fn k1(ctx: &Context, which: Which) -> Outcome {
    observed(ctx, which, &course(1, PERIOD))
}

pub(super) fn k10(ctx: &Context, which: Which) -> Outcome {
    observed(ctx, which, &course(10, PERIOD))
}

pub(super) fn k100(ctx: &Context, which: Which) -> Outcome {
    observed(ctx, which, &course(100, PERIOD))
}

pub(super) fn long_period(ctx: &Context, which: Which) -> Outcome {
    observed(ctx, which, &course(100, LONG_PERIOD))
}

pub(super) fn quit(ctx: &Context, which: Which) -> Outcome {
    observed_until_quit(ctx, which, &course(100, PERIOD), QUIT_AT)
}

/// No station answers in time: half of them too late, half never.
pub(super) fn no_observation(ctx: &Context, which: Which) -> Outcome {
    let answer = |id, _| match id % 2 {
        0 => Answer::After(PERIOD + PERIOD / 2),
        _ => Answer::Never,
    };
    observed(ctx, which, &setup(10, answer))
}

/// Every station answers at the same moment.
pub(super) fn together(ctx: &Context, which: Which) -> Outcome {
    observed(ctx, which, &setup(100, |_, _| Answer::After(PERIOD / 2)))
}

/// The stations answer around the end of the batch, a microsecond apart.
pub(super) fn at_the_end(ctx: &Context, which: Which) -> Outcome {
    const STATIONS: usize = 41;
    let started = Moment::now().at;
    let answer = move |id, batch| {
        let end = started + PERIOD * (batch as u32 + 1);
        let first = end.saturating_sub(Duration::from_micros(STATIONS as u64 / 2));
        let at = first + Duration::from_micros(id as u64);
        Answer::After(at.saturating_sub(Moment::now().at))
    };
    observed(ctx, which, &setup(STATIONS, answer))
}

/// All stations hang when the aggregator is told to quit.
pub(super) fn quit_hanging(ctx: &Context, which: Which) -> Outcome {
    let until = PERIOD * 2 + PERIOD / 2;
    observed_until_quit(ctx, which, &setup(10, |_, _| Answer::Never), until)
}

/// The aggregator is told to quit before it is started.
pub(super) fn quit_at_once(ctx: &Context, which: Which) -> Outcome {
    ctx.step(QUIT);
    let asked = Moment::now();
    // There is room for it.
    let tell = |quit: &Sender<()>| {
        let _ = quit.send(());
    };
    let setup = setup(10, |_, _| Answer::After(PERIOD / 2));
    let aggregation = Aggregation::start_with(ctx, which, &setup, tell);
    aggregation.expect_return(asked)?;
    aggregation.expect_silence()?;
    aggregation.expect_no_leak()
}

/// The aggregator is told to quit in the middle of the first batch.
pub(super) fn quit_early(ctx: &Context, which: Which) -> Outcome {
    observed_until_quit(ctx, which, &course(10, PERIOD), PERIOD / 2)
}

/// The reader lets each report wait for most of a period. One station in two answers in time, the others
/// while the report waits.
pub(super) fn slow_reader(ctx: &Context, which: Which) -> Outcome {
    const BATCHES: u32 = 4;
    let answer = |id, _| Answer::After(if id % 2 == 0 { PERIOD / 2 } else { PERIOD * 3 / 2 });
    let mut aggregation = Aggregation::start(ctx, which, &setup(10, answer));
    ctx.step(SLOW);
    for batch in 1..=BATCHES {
        aggregation.sleep_until((PERIOD * 9 / 5) * batch);
        aggregation.take_late()?;
    }
    ctx.step(QUIT);
    aggregation.quit()
}

/// Nobody takes the report that waits when the aggregator is told to quit.
pub(super) fn quit_blocked(ctx: &Context, which: Which) -> Outcome {
    let aggregation = Aggregation::start(ctx, which, &course(10, PERIOD));
    ctx.step(WAIT);
    aggregation.sleep_until(PERIOD + PERIOD / 2);
    ctx.step(QUIT);
    aggregation.quit()
}

/// Watches for as long as the course does, counts the reports, and quits.
fn observed(ctx: &Context, which: Which, setup: &Setup) -> Outcome {
    let mut aggregation = Aggregation::start(ctx, which, setup);
    ctx.step(OBSERVE);
    let reports = aggregation.observe_until(OBSERVED)?;
    ctx.step(COUNT);
    let expected = (COUNTED.as_nanos() / setup.period.as_nanos()) as usize;
    if reports != expected {
        return Err(ctx.failure(format!(
            "expected {expected} reports within {}, one a period of {}; saw {reports}",
            seconds(OBSERVED),
            seconds(setup.period)
        )));
    }
    ctx.step(QUIT);
    aggregation.quit()
}

/// Watches until this long after the start, and quits.
fn observed_until_quit(ctx: &Context, which: Which, setup: &Setup, until: Duration) -> Outcome {
    let mut aggregation = Aggregation::start(ctx, which, setup);
    ctx.step(OBSERVE);
    aggregation.observe_until(until)?;
    ctx.step(QUIT);
    aggregation.quit()
}
