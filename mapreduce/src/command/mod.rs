//! The command, one file a subcommand.
//!
//! | module | what |
//! | --- | --- |
//! | [`cli`] | raw flags and how their values are written |
//! | [`run`] | coordinator and workers on this machine |
//! | [`crew`] | the worker processes of `run` |
//! | [`lead`] | waits for a job to end, and shows how far it is |
//! | [`coordinator`], [`worker`], [`sequential`] | each alone |
//! | [`bench`] | how fast a job is, compared with the sequential runner |
//! | [`signals`] | Ctrl-C and the like |
//! | [`exit`] | exit codes |

mod bench;
mod cli;
mod coordinator;
mod crew;
mod exit;
mod lead;
mod run;
mod sequential;
mod signals;
mod worker;

use std::io::Write;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use clap::Parser;
use clap::error::ErrorKind;

use cli::{Cli, Command};

/// Does what the command line says.
pub(crate) fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return explain(&error).into(),
    };
    let outcome = match cli.command {
        Command::Run(args) => run::run(args),
        Command::Sequential(args) => sequential::sequential(args),
        Command::Coordinator(args) => coordinator::coordinator(args),
        Command::Worker(args) => worker::worker(args),
        Command::Bench(args) => bench::bench(args),
    };
    let code = match outcome {
        Ok(()) => exit::DONE,
        Err(stop) => {
            complain(&stop.message);
            stop.code
        }
    };
    code.into()
}

/// Shows what is wrong with a command line, or the help. A value that is wrong needs one line.
fn explain(error: &clap::Error) -> u8 {
    match error.kind() {
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => {
            let text = error.to_string();
            complain(text.lines().next().unwrap_or_default().trim_start_matches("error: "));
        }
        // A closed pipe has nobody who could be told.
        _ => drop(error.print()),
    }
    error.exit_code() as u8
}

/// Says why the command ends.
fn complain(message: &str) {
    const STYLE: Style = AnsiColor::Red.on_default().bold();
    // A closed standard error cannot be told that it is closed.
    let _ = writeln!(anstream::stderr(), "{STYLE}error{STYLE:#}: {message}");
}
