//! The command `mapreduce`: runs jobs on this machine.
//!
//! See [`command`] for the table of its modules, and `docs/mapreduce.md` for people.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "its processes are real ones, outside every world"
)]

mod command;

use std::process::ExitCode;

fn main() -> ExitCode {
    command::main()
}
