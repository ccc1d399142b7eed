//! The rule of the homework: no lock in the solution with channels, a lock in the other.
//!
//! The runtime sees every lock of its own that the aggregator's threads take. Locks of other libraries go
//! around it, so the source is looked at for those.

use labrt::time::Duration;

use super::Which;
use super::aggregation::{Aggregation, Setup};
use super::source::{self, Looked};
use super::stations::as_in_the_course;
use crate::suite::test;
use crate::{Context, Failure, Test};

const READ: &str = "Read the source: expect no lock that goes around the runtime";
const WATCH: &str =
    "Watch it for three batches: expect what it should do, and the locks that it may take";
const PERIOD: Duration = Duration::from_millis(800);
const OBSERVED: Duration = Duration::from_millis(2_500);
/// Most findings that are shown.
const SHOWN: usize = 10;

/// The rule for the solution with channels.
pub(super) const CHANNELS: Test =
    test("channels-no-lock", "TestNoLockChannels", "Takes no lock", &[READ, WATCH], |ctx| {
        rule(ctx, Which::Channels)
    });

/// The rule for the solution with locks.
pub(super) const MUTEX: Test = test(
    "mutex-a-lock",
    "TestALockMutex",
    "Takes a lock, and one that the runtime knows",
    &[READ, WATCH],
    |ctx| rule(ctx, Which::Mutex),
);

fn rule(ctx: &Context, which: Which) -> Result<(), Failure> {
    ctx.step(READ);
    match source::look(which.aggregator(ctx)) {
        Looked::Clean => {}
        Looked::Unknown(why) => ctx.warn(format!("the source was not looked at: {why}")),
        Looked::Found(places) => return Err(goes_around(ctx, &places)),
    }

    ctx.step(WATCH);
    let setup = Setup { k: 10, period: PERIOD, behaviour: as_in_the_course(PERIOD) };
    let mut aggregation = Aggregation::start(ctx, which, &setup);
    let group = aggregation.group.clone();
    aggregation.observe_until(OBSERVED)?;
    aggregation.quit()?;
    match (which, group.locked_at()) {
        (Which::Channels, Some(at)) => Err(ctx.failure(format!(
            "expected the solution with channels to take no lock; it takes one at {at}"
        ))),
        (Which::Mutex, None) => Err(ctx.failure(
            "expected the solution with locks to take a lock of labrt::sync; it took none in three \
             batches",
        )),
        _ => Ok(()),
    }
}

fn goes_around(ctx: &Context, places: &[String]) -> Failure {
    let first = places.first().map_or("", String::as_str);
    let mut failure = ctx.failure(format!(
        "the source uses a lock that goes around the runtime, {first}: the solution with locks takes those \
         of labrt::sync, the one with channels none"
    ));
    failure.details = places.iter().take(SHOWN).cloned().collect();
    failure
}
