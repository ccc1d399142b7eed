//! CS350's Homework 3: MapReduce, over real processes.
//!
//! The test runs in the run's own process, on the real clock. The coordinator and the workers of a job
//! are further processes, which it starts from the same binary and ends with itself. What happens in them
//! shows in three ways: how they end, what is in the job's folder, and what a *probe* has written down, an
//! application that says when its functions are called and that waits, crashes or refuses as the test
//! wants.
//!
//! Where the course's probes sleep and hope that something happens meanwhile, these wait until it does: a
//! call of a probe is held up until the test opens its *gate*. So nothing here depends on how busy the
//! machine is.
//!
//! | module | what |
//! | --- | --- |
//! | `results` | jobs whose output is all that counts |
//! | `parallel` | tasks run side by side, and each runs once |
//! | `phases` | nobody goes on too early, leaves or spins |
//! | `crashes` | workers that crash, stall and deliver too late |
//! | `atomic` | nobody sees a part of an output file |
//! | `ends` | workers without a coordinator, coordinators after one another |
//! | `refusals` | jobs that cannot be done |
//! | `site` | a job's folder and processes, and how one waits for them |
//! | `process`, `printed` | one process; what it prints |
//! | [`role`] | what a process plays |
//! | `probe` | applications that show what is done with them |
//! | `output` | the output of a job: what it must be, what is there |
//! | `texts` | the input of jobs in which it does not matter |

mod atomic;
mod crashes;
mod ends;
mod output;
mod parallel;
mod phases;
mod printed;
mod probe;
mod process;
mod refusals;
mod results;
pub mod role;
mod site;
mod texts;

pub use role::Part;

use labrt::Clock;
use protocol::Effort;

use crate::{Needs, Suite};

/// The suite: the course's tests in its order, then ours.
pub const SUITE: Suite = Suite {
    id: "mapreduce",
    title: "Homework 3: MapReduce",
    course: "CS350",
    budget_s: 150.0,
    needs: Needs::MapReduce,
    clock: Some(Clock::Real),
    effort: Effort::Least,
    processes: true,
    tests: &[
        results::WC,
        results::INDEXER,
        parallel::MAPS,
        parallel::REDUCES,
        parallel::JOB_COUNT,
        phases::EARLY_EXIT,
        crashes::CRASH,
        results::CREDIT,
        crashes::CRASH_FAST,
        crashes::REISSUE_LATE,
        phases::PHASES,
        atomic::ATOMIC,
        ends::COORDINATOR_LOST,
        refusals::BAD_INPUT,
        refusals::BAD_PLACE,
    ],
    ..Suite::USUAL
};
