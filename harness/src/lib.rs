//! The process that runs one test of one submission once and leaves one record.
//!
//! A submission's package has a test target without a harness of its own,
//!
//! ```ignore
//! // tests/labs.rs; Cargo.toml: [[test]] name = "labs", harness = false
//! fn main() -> std::process::ExitCode {
//!     harness::main(my_raft::submission)
//! }
//! ```
//!
//! and the grader generates a binary with the same `main`. It is one of these, looked for in this
//! order:
//!
//! - *a run*, when [`protocol::RUN_MARKER`] is in its environment: it reads a
//!   [`Request`](protocol::Request), runs one test once, answers with a
//!   [`Record`](protocol::Record) and leaves. Only here, in such
//!   a run's further processes and in `list` does code of the submission run;
//! - *a further process of a run*, when [`protocol::ROLE_MARKER`] is: the run's test has started it, and
//!   it plays a part of the submission that needs a process of its own;
//! - `run`, `list`, `bench` as the first argument: the commands of [`cli`];
//! - anything else: what `cargo test` and `cargo nextest run` say to a test binary. Each test starts
//!   the binary again as a run and judges what that leaves.
//!
//! | module | what |
//! | --- | --- |
//! | `front` | which of these the process is |
//! | [`cli`] | the flags of `run`, `list` and `bench` |
//! | `serve` | a run, from the request to the record |
//! | `role` | a further process of a run: a coordinator or a worker of MapReduce |
//! | `private` | moves the pipe for the record out of the submission's reach |
//! | `work` | what a run is to do: a test, or a scenario of an exploration |
//! | `once` | that, in one world |
//! | `outcome` | how the world ended, as a failure |
//! | `log` | where `tracing` events go |
//! | `list` | the suites and tests |
//! | `judge` | starts this binary as a run, for people and for `cargo test` |
//! | `trials` | the `cargo test` front end |
//! | `settings` | its environment variables |
//! | `bench` | figures of the runtime |

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "it lives outside the world that it makes"
)]

mod bench;
pub mod cli;
mod front;
mod judge;
mod list;
mod log;
mod once;
mod outcome;
mod private;
mod role;
mod serve;
mod settings;
mod trials;
mod work;

use std::process::ExitCode;

use contracts::Submission;
use suites::Suite;

/// The whole of a submission's test binary. `submission` is called only where the submission's code
/// may run.
pub fn main(submission: fn() -> Submission) -> ExitCode {
    main_from(&[], submission)
}

/// [`main`] for a submission whose source stands in these folders. A grader that is given nothing but this
/// binary then lets its runs read them, for suites that look at the source.
pub fn main_from(sources: &'static [&'static str], submission: fn() -> Submission) -> ExitCode {
    front::main(Harness { suites: suites::all(), sources, submission })
}

/// [`main`] of a program that carries its submission's sources, each with its absolute path; for what the
/// grader builds.
pub fn graded(
    submission: fn() -> Submission,
    sources: &'static [(&'static str, &'static str)],
) -> ExitCode {
    suites::sources::carry(sources);
    main(submission)
}

/// [`main`] with other suites than ours; for the tests of the harness itself.
#[doc(hidden)]
pub fn main_with(suites: &'static [Suite], submission: fn() -> Submission) -> ExitCode {
    front::main(Harness { suites, sources: &[], submission })
}

/// What is linked into this binary.
#[derive(Clone, Copy)]
pub(crate) struct Harness {
    suites: &'static [Suite],
    sources: &'static [&'static str],
    submission: fn() -> Submission,
}

impl Harness {
    /// The suite and the test with this full id.
    fn find(self, id: &str) -> Option<(&'static Suite, &'static suites::Test)> {
        let (suite, test) = id.split_once('/')?;
        let suite = self.suites.iter().find(|known| known.id == suite)?;
        let test = suite.tests.iter().find(|known| known.id == test)?;
        Some((suite, test))
    }

    /// All tests with their suites, in order.
    fn tests(self) -> impl Iterator<Item = (&'static Suite, &'static suites::Test)> {
        let tests = |suite: &'static Suite| suite.tests.iter().map(move |test| (suite, test));
        self.suites.iter().flat_map(tests)
    }
}

/// Full id of a test: `part2/consensus-no-failure`.
fn full_id(suite: &Suite, test: &suites::Test) -> String {
    format!("{}/{}", suite.id, test.id)
}

/// What a test may use, by its own account.
fn own_limits(test: &suites::Test) -> protocol::Limits {
    protocol::Limits {
        time_s: Some(test.time_limit_s),
        rpcs: test.rpc_limit,
        bytes: test.byte_limit,
    }
}
