//! CS350 Homework 1: weather stations.
//!
//! Every test is there twice, for the solution with channels and for the one with locks. Under the
//! simulated clock the checks are exact: a report is due at the end of its batch and no moment later than
//! the steps since take, and an answer counts if and only if it came before, except at that very moment.
//! For that the policy's delays are switched off in this suite. On the real clock the
//! course's tolerance holds, and what the machine itself is late.
//!
//! | module | what |
//! | --- | --- |
//! | `moment` | a moment of a run, and which of two came first |
//! | `stations` | the stations, and the books about who was asked what and when |
//! | `metronome` | how late the machine itself is, on the real clock |
//! | `expected` | what the value of a report may be |
//! | `aggregation` | an aggregator at work, and what is demanded of it at all times |
//! | `cases` | the tests |
//! | `rules` | which solution may and which must take a lock |
//! | `source` | a look at the source, for locks that go around the runtime |

mod aggregation;
mod cases;
mod expected;
mod metronome;
mod moment;
mod rules;
mod source;
mod stations;

use contracts::weather::Aggregator;

use crate::suite::test;
use crate::{Context, Needs, Suite, Test};

/// Which of the two solutions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    /// The one with channels and no lock.
    Channels,
    /// The one with locks.
    Mutex,
}

impl Which {
    /// What its thread is called.
    fn name(self) -> &'static str {
        match self {
            Self::Channels => "channels",
            Self::Mutex => "mutex",
        }
    }

    /// The submission's.
    fn aggregator(self, ctx: &Context) -> Aggregator {
        let both = ctx.submission().aggregators().expect("the suite needs both");
        match self {
            Self::Channels => both.channels,
            Self::Mutex => both.mutex,
        }
    }
}

/// Two tests, one of each solution.
macro_rules! both {
    ($($id:literal $name:literal $description:literal $steps:ident $run:ident;)*) => {
        &[
            $(test(
                concat!("channels-", $id),
                concat!("Test", $name, "Channels"),
                $description,
                cases::$steps,
                |ctx| cases::$run(ctx, Which::Channels),
            ),)*
            rules::CHANNELS,
            $(test(
                concat!("mutex-", $id),
                concat!("Test", $name, "Mutex"),
                $description,
                cases::$steps,
                |ctx| cases::$run(ctx, Which::Mutex),
            ),)*
            rules::MUTEX,
        ]
    };
}

const TESTS: &[Test] = both! {
    "k1" "K1" "Averages one station, batch after batch" OBSERVE_STEPS k1;
    "k10" "K10" "Averages ten stations, of which some answer late or never" OBSERVE_STEPS k10;
    "k100" "K100" "Averages a hundred stations" OBSERVE_STEPS k100;
    "long-average-period" "LongAveragePeriod" "Averages over a long period" OBSERVE_STEPS long_period;
    "quit" "Quit" "Returns at once when it is told to quit, and reports no more" QUIT_STEPS quit;
    "no-observation" "NoObservation" "Reports NaN when no station answers in time"
        OBSERVE_STEPS no_observation;
    "together" "Together" "Loses no answer when all stations answer at the same moment"
        OBSERVE_STEPS together;
    "at-the-end" "AtTheEnd" "Counts an answer at the end of a batch at most once, and in that batch"
        OBSERVE_STEPS at_the_end;
    "quit-hanging" "QuitHanging" "Quits while every station hangs" QUIT_STEPS quit_hanging;
    "quit-at-once" "QuitAtOnce" "Reports nothing when it is told to quit before it begins"
        ONLY_QUIT_STEPS quit_at_once;
    "quit-early" "QuitEarly" "Quits in the middle of the first batch" QUIT_STEPS quit_early;
    "slow-reader" "SlowReader" "Keeps its report for a slow reader, with nothing in it that came late"
        SLOW_STEPS slow_reader;
    "quit-blocked" "QuitBlocked" "Quits while nobody takes its report" BLOCKED_STEPS quit_blocked;
};

/// The suite.
pub const SUITE: Suite = Suite {
    id: "weather",
    title: "Homework 1: weather stations",
    course: "CS350",
    budget_s: 180.0,
    needs: Needs::Weather,
    delays: false,
    tests: TESTS,
    ..Suite::USUAL
};
