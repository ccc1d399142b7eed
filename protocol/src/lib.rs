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
mod limits;
pub mod record;
pub mod request;
mod text;
mod unwritten;

pub use catalogue::{Catalogue, Effort, SuiteInfo, TestInfo, Together};
pub use failure::{Failure, FailureKind};
pub use limits::Limits;
pub use record::{Figures, Observation, Record, Verdict, Watched};
pub use request::{Clock, Policy, Request};
pub use text::ParseError;
pub use unwritten::Unwritten;

/// Version of these messages; both sides must be built with the same.
pub const PROTOCOL: u32 = 4;

/// Set, to anything, in the environment of a process that is to run one test once. It is looked at
/// before any argument, so that a run can never turn into something else.
pub const RUN_MARKER: &str = "LAB_HARNESS_RUN";

/// Set in the environment of a further process of a run: what it is to play for the run's test, as the
/// suite wrote it. [`RUN_MARKER`] must not be set there.
pub const ROLE_MARKER: &str = "LAB_HARNESS_ROLE";

/// Exit status of a further process of a run that reached code which is not written; its last line on
/// standard error is an [`Unwritten`].
pub const EXIT_NOT_IMPLEMENTED: i32 = 71;

/// Exit status with which the runtime ends a process in which a thread's stack overflowed; what
/// happened stands on its standard error.
pub const EXIT_STACK_OVERFLOW: i32 = 70;
