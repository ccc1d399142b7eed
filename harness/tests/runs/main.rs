//! The harness under test and its test in one binary.
//!
//! Started by `cargo test` it is a set of checks. Each starts this binary again, as a run or with
//! [`AS_HARNESS`] in its environment, and then it is the harness of a submission with the tiny
//! suites of `fixtures`.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "it misbehaves on purpose, and outside a world it judges"
)]

mod commands;
mod determinism;
mod fixtures;
mod processes;
mod verdicts;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// In the environment of a process that is to be the harness and not its test.
const AS_HARNESS: &str = "HARNESS_UNDER_TEST";

fn main() -> ExitCode {
    let is_set = |name| std::env::var_os(name).is_some();
    if is_set(AS_HARNESS) || is_set(protocol::RUN_MARKER) {
        return harness::main_with(fixtures::SUITES, fixtures::submission);
    }
    if let Err(why) = runner::addresses::fix() {
        eprintln!("note: {why}");
    }
    let mut trials = verdicts::trials();
    trials.extend(commands::trials());
    trials.extend(determinism::trials());
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// A check that fails by panicking.
fn check(name: impl Into<String>, check: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        check();
        Ok(())
    })
}
