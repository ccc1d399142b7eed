//! Starts this binary as a run, for people and for `cargo test`, and judges it as the grader would.

use std::io;

use protocol::{PROTOCOL, Request};
use runner::{Allowance, CancelToken, Program, RunResult};

use crate::own_limits;

/// What a person asks of one run; the nonce is ours to add.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) test: String,
    pub(crate) seed: u64,
    pub(crate) clock: protocol::Clock,
    pub(crate) policy: protocol::Policy,
    pub(crate) vlevel: u8,
    pub(crate) trace: Option<std::path::PathBuf>,
    pub(crate) limits: protocol::Limits,
    pub(crate) live_log: bool,
}

/// Runs `wish` in a process of its own. `test` is the test it names.
pub(crate) fn run(wish: Wish, test: &suites::Test) -> io::Result<RunResult> {
    let Wish { test: id, seed, clock, policy, vlevel, trace, limits, live_log } = wish;
    let request = Request {
        protocol: PROTOCOL,
        nonce: runner::secret::nonce()?,
        test: id,
        seed,
        clock,
        policy,
        vlevel,
        trace,
        scenario: None,
        limits,
    };
    let time_limit_s = limits.or(own_limits(test)).time_s;
    let allowance = Allowance {
        live_log,
        ..Allowance::for_test(clock, time_limit_s.unwrap_or(test.time_limit_s))
    };
    let program = Program::new(std::env::current_exe()?);
    let result = runner::run_once(&program, &request, &allowance, &CancelToken::new()?);
    Ok(result)
}
