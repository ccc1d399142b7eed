//! The commands that a person, or the grader, gives to a submission's binary.

use std::io::{self, IsTerminal, Write};
use std::panic;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, error::ErrorKind};
use protocol::{Clock, Limits, Policy};
use runner::Ending;

use crate::judge::{self, Wish};
use crate::private::PrivateOutput;
use crate::{Harness, bench, list, serve};

/// Exit status of a run that did not pass.
const NOT_PASSED: u8 = 100;

/// The command line of a submission's binary, apart from what `cargo test` says to it.
#[derive(Debug, Parser)]
#[command(about = "Runs one test of the submission that is linked in", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run one test once and print its record as JSON. Without `--test`, answer one request on
    /// standard input, as the grader asks.
    Run(RunArgs),
    /// Print the suites and tests.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
        /// Without a look at the submission: none of its code runs.
        #[arg(long, hide = true)]
        suites_only: bool,
    },
    /// Measure the runtime and print the figures as JSON.
    #[command(hide = true)]
    Bench(bench::Args),
}

/// The flags of `run`.
#[derive(Args, Debug)]
struct RunArgs {
    /// The test's id (`part2/consensus-no-failure`) or the course's name for it.
    #[arg(long, value_name = "TEST")]
    test: Option<String>,
    /// Seed of every random choice; a fresh one by default.
    #[arg(long, value_name = "N", requires = "test")]
    seed: Option<u64>,
    /// The clock: `sim` or `real`.
    #[arg(long, default_value = "sim", requires = "test")]
    clock: Clock,
    /// Who runs next: `fifo`, `random`, `random:N` or `pct:DEPTH:LENGTH`.
    #[arg(long, default_value = "random", requires = "test")]
    policy: Policy,
    /// Write the full trace of events to this file.
    #[arg(long, value_name = "FILE", requires = "test")]
    trace: Option<PathBuf>,
    /// Verbosity of the log: 0 nothing, 1 info, 2 debug, 3 trace, 11 also the network.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "test")]
    vlevel: u8,
    /// Seconds on the clock in use after which the run fails; the test's own limit by default.
    #[arg(long, value_name = "S", requires = "test")]
    time_limit: Option<f64>,
}

/// Does what the arguments say.
pub(crate) fn main(harness: Harness) -> ExitCode {
    let done = match Cli::parse().command {
        Command::Run(args) => run(harness, args),
        Command::List { json, suites_only } => print_list(harness, json, suites_only),
        Command::Bench(args) => bench::main(harness, &args),
    };
    done.unwrap_or_else(|error| {
        // `list | head -1` has seen enough.
        if error.kind() == io::ErrorKind::BrokenPipe {
            return ExitCode::SUCCESS;
        }
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}

fn run(harness: Harness, args: RunArgs) -> io::Result<ExitCode> {
    let Some(name) = args.test else {
        if io::stdin().is_terminal() {
            let what = "`run` needs `--test TEST`, or a request on standard input";
            let error = Cli::command().error(ErrorKind::MissingRequiredArgument, what);
            error.exit();
        }
        serve::serve(harness);
    };
    let known = |(suite, test): &(&suites::Suite, &suites::Test)| {
        name == test.course_name || name == crate::full_id(suite, test)
    };
    let Some((suite, test)) = harness.tests().find(known) else {
        let what = format!("no test is called `{name}`; `list` prints them");
        Cli::command().error(ErrorKind::InvalidValue, what).exit();
    };
    if let Err(why) = runner::addresses::fix() {
        eprintln!("note: {why}");
    }
    let wish = Wish {
        test: crate::full_id(suite, test),
        seed: args.seed.map_or_else(runner::secret::seed, Ok)?,
        clock: suite.clock.map_or(args.clock, list::clock),
        policy: args.policy,
        vlevel: args.vlevel,
        trace: args.trace,
        limits: Limits { time_s: args.time_limit, ..Limits::default() },
        live_log: true,
    };
    eprintln!("{}: seed {}, {} clock", wish.test, wish.seed, wish.clock);
    let result = judge::run(wish, test)?;
    if let Some(record) = &result.record {
        let mut line = serde_json::to_string_pretty(record)?;
        line.push('\n');
        io::stdout().write_all(line.as_bytes())?;
    }
    Ok(match result.ending {
        Ending::Passed => ExitCode::SUCCESS,
        Ending::Failed(failure) => {
            eprintln!("{failure}");
            NOT_PASSED.into()
        }
        Ending::Cancelled => NOT_PASSED.into(),
    })
}

/// Code of the submission runs here, so the list goes out the way a record does.
fn print_list(harness: Harness, json: bool, suites_only: bool) -> io::Result<ExitCode> {
    let output = PrivateOutput::take()?;
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |at| format!(" at {at}"));
        let message = info.payload_as_str().unwrap_or("a value that is no text");
        eprintln!("error: `submission()` panicked{place}: {message}");
    }));
    let Ok(submission) = panic::catch_unwind(|| (!suites_only).then(harness.submission)) else {
        return Ok(ExitCode::FAILURE);
    };
    let catalogue = list::catalogue(harness, submission.as_ref());
    let text =
        if json { serde_json::to_string(&catalogue)? + "\n" } else { list::for_people(&catalogue) };
    output.write(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
