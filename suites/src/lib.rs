//! The courses' test suites, generic over a submission.
//!
//! | module | what |
//! | --- | --- |
//! | [`suite`] | a suite and a test, as data |
//! | [`context`] | what a test is given: the submission, the network, steps, counters, warnings |
//! | [`failure`] | a failure as a value |
//! | [`p2unit`] | COMP385's white-box tests of Raft, and those it lacks |

pub mod context;
pub mod events;
pub mod failure;
pub mod p2unit;
pub mod suite;

pub use context::{Context, Tally};
pub use failure::Failure;
pub use suite::{Needs, Suite, Test};

/// Every suite, in the order in which they are run.
pub fn all() -> &'static [Suite] {
    static ALL: &[Suite] = &[part1::SUITE, part2::SUITE, part3::SUITE, part4::SUITE];
    ALL
}
