//! Runs one harness process and judges what it left.
//!
//! The grader and the harness's own `cargo test` front end both use it, so that a verdict means the
//! same in both. It links neither the runtime nor a submission.
//!
//! A run passes when its process leaves exactly one line on its standard output, that line is a
//! [`Record`](protocol::Record) that echoes the request's nonce, test, seed and clock and says that
//! the run passed, and the process then ends by itself with status 0. Everything else is a failure,
//! and this crate says of which kind.
//!
//! | module | what |
//! | --- | --- |
//! | [`program`] | which process to start |
//! | [`allowance`] | what it may use of the machine |
//! | [`cancel`] | how to stop runs from another thread |
//! | [`run`] | one run from start to verdict |
//! | `rules` | what its process may do |
//! | `scratch` | a folder for what a run leaves on the disk |
//! | `remove` | takes such a folder away, whatever was done in it |
//! | `trace` | the file that a trace is written to |
//! | `usage` | memory and disk that a run uses |
//! | [`shares`] | how many runs the machine has room for at a time |
//! | `watch` | waits for the process and reads its pipes, whatever it does to them |
//! | `judge` | what the process left, turned into a verdict |
//! | [`log`] | what it printed, bounded; its last panic |
//! | [`addresses`] | switches the randomisation of addresses off |
//! | [`secret`] | nonces and fresh seeds |

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "it lives outside every world: it waits for processes on the wall clock"
)]

pub mod addresses;
pub mod allowance;
pub mod cancel;
mod judge;
pub mod log;
pub mod program;
mod remove;
mod rules;
pub mod run;
mod scratch;
pub mod secret;
pub mod shares;
mod trace;
mod usage;
mod watch;

pub use allowance::Allowance;
pub use cancel::CancelToken;
pub use log::Log;
pub use program::Program;
pub use run::{Ending, RunResult, run_once};
