//! What `grader` and `harness` say to each other.
//!
//! The grader starts one harness process per run, writes one [`Request`] as a line of JSON to its
//! standard input, closes it, and reads one [`Record`] as a line of JSON from its standard output.
//! The harness moves both out of the submission's reach before any of the submission's code runs.
//! `harness list` answers with a [`Catalogue`].
//!
//! A pass is a record that echoes the request's nonce, test and seed, and whose verdict is a pass.
//! Nothing else is: neither an exit status nor anything printed.

pub mod catalogue;
pub mod failure;
pub mod record;
pub mod request;

pub use catalogue::{Catalogue, Limits, SuiteInfo, TestInfo};
pub use failure::{Failure, FailureKind};
pub use record::{Record, Verdict};
pub use request::{Clock, Policy, Request};

/// Version of these messages; both sides must be built with the same.
pub const PROTOCOL: u32 = 1;
