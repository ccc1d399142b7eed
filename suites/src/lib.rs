//! The courses' test suites, generic over a submission.
//!
//! | module | what |
//! | --- | --- |
//! | [`suite`] | a suite and a test, as data |
//! | [`context`] | what a test is given: the submission, randomness, counters, warnings |
//! | [`failure`] | a failure as a value |
//! | [`labrpc`] | the suite `labrpc`: the network itself |
//! | [`p2unit`] | COMP385's white-box tests of Raft, and those it lacks |

pub mod context;
pub mod failure;
pub mod labrpc;
pub mod p2unit;
pub mod suite;

pub use context::{Context, Tally};
pub use failure::Failure;
pub use suite::{Needs, Suite, Test};
