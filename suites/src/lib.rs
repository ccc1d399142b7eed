//! The courses' test suites, generic over a submission.
//!
//! | module | what |
//! | --- | --- |
//! | [`suite`] | a suite and a test, as data |
//! | [`context`] | what a test is given: the submission, randomness, counters, warnings |
//! | [`failure`] | a failure as a value |

pub mod context;
pub mod failure;
pub mod suite;

pub use context::{Context, Tally};
pub use failure::Failure;
pub use suite::{Needs, Suite, Test};

/// Every suite, in the order in which they are run.
pub fn all() -> &'static [Suite] {
    &[]
}
