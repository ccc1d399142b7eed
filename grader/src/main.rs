//! `grader`: builds a submission, runs every test many times, and says what passes, what fails, what
//! is flaky and how often.
//!
//! ```text
//! flags ─► plan      which submission, suites, tests, seeds, clock, limits
//!       ─► build     a harness with the submission inside; its catalogue of tests
//!       ─► session   one process per run, some at a time; events as they happen
//!       ─► report    what was found, for people and as JSON
//! ```
//!
//! | module | what |
//! | --- | --- |
//! | [`cli`] | raw flags and how their values are written |
//! | [`settings`] | `grader.toml` |
//! | [`plan`] | both, resolved |
//! | [`build`] | from a submission to a harness |
//! | [`session`] | queue, workers, events, progress, logs |
//! | [`class`] | a folder of submissions, one after the other |
//! | [`audit`] | faulty and correct solutions, and what the suites say of them |
//! | [`crew`] | many submissions at a time on one machine |
//! | [`scaffold`] | a submission to begin with |
//! | [`explore`] | drawn scenarios, what they find, and how that is made smaller |
//! | [`commands`] | one file a command: its data flow |
//! | [`history`] | sessions that were, kept on this machine |
//! | [`outputs`] | where reports go, format by format |
//! | [`signals`] | Ctrl-C and the like |
//! | [`process`] | helper processes, read line by line |
//! | [`terminal`] | colours and messages |
//! | [`trace`] | the trace of a run, and what happened in it |
//! | [`suggest`] | "did you mean …?" |
//! | [`exit`] | exit codes |

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the grader lives outside every world"
)]

mod audit;
mod build;
mod class;
mod cli;
mod commands;
mod crew;
mod exit;
mod explore;
mod history;
mod outputs;
mod plan;
mod process;
mod scaffold;
mod session;
mod settings;
mod signals;
mod suggest;
mod terminal;
mod trace;

use std::process::ExitCode;

fn main() -> ExitCode {
    confine::launch_if_asked();
    let cli = match cli::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => return cli::explain(&error).into(),
    };
    let code = commands::carry_out(cli).unwrap_or_else(|stop| {
        terminal::tell(&stop.details);
        terminal::complain(&stop.message);
        stop.code
    });
    code.into()
}
