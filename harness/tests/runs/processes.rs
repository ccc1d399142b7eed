//! Starting this binary as the harness.

use std::process::{Command, Output};
use std::time::Duration;

use protocol::{Clock, Limits, PROTOCOL, Policy, Request};
use runner::{Allowance, CancelToken, Program, RunResult};

use crate::AS_HARNESS;

/// A run of `test` with seed 7 on the simulated clock.
pub(crate) fn request(test: &str) -> Request {
    Request {
        protocol: PROTOCOL,
        nonce: runner::secret::nonce().unwrap(),
        test: test.into(),
        seed: 7,
        clock: Clock::Sim,
        policy: Policy::default(),
        vlevel: 0,
        trace: None,
        scenario: None,
        limits: Limits::default(),
    }
}

/// Runs `request` in a process that may take `wall`.
pub(crate) fn run_within(request: &Request, wall: Duration) -> RunResult {
    let allowance = Allowance { wall, log_bytes: 100_000, ..Allowance::for_test(Clock::Sim, 1.0) };
    let program = Program::new(std::env::current_exe().unwrap());
    runner::run_once(&program, request, &allowance, &CancelToken::new().unwrap())
}

/// Runs `request` with ample time.
pub(crate) fn run(request: &Request) -> RunResult {
    run_within(request, Duration::from_mins(1))
}

/// This binary as the harness, with arguments and environment of the caller's choice.
pub(crate) fn harness(args: &[&str], env: &[(&str, &str)]) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(args)
        .env(AS_HARNESS, "1")
        .envs(env.iter().copied())
        .output()
        .unwrap()
}

/// Both streams of `output`, as text.
pub(crate) fn text(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}
