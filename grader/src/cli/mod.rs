//! What a person may type. These are the raw flags; [`plan`](crate::plan) resolves them.
//!
//! An option that is absent stays `None`, so that the plan can tell "not given" from a default. Each
//! option has an environment variable, which clap reads; a flag wins over it.

mod audit;
mod batch;
mod bench;
mod class;
mod explore;
mod list;
mod log;
mod outputs;
mod packages;
mod replay;
mod run;
mod sessions;
pub(crate) mod values;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use protocol::{Clock, Policy};

use crate::terminal;
pub(crate) use audit::AuditArgs;
use batch::BatchArgs;
pub(crate) use bench::BenchArgs;
pub(crate) use class::ClassArgs;
pub(crate) use explore::ExploreArgs;
pub(crate) use list::ListArgs;
pub(crate) use log::LogArgs;
pub(crate) use outputs::{JunitFlaky, OutputArgs};
pub(crate) use packages::{LinkArgs, NewArgs};
pub(crate) use replay::ReplayArgs;
pub(crate) use run::RunArgs;
pub(crate) use sessions::{CompareArgs, HistoryArgs, ReportArgs, ShowArgs};
use values::{Count, Seconds};

/// Grades distributed-systems labs: builds a submission, runs every test many times, and says what
/// passes, what fails, what is flaky and how often.
#[derive(Debug, Parser)]
#[command(name = "grader", version, about, max_term_width = 100)]
#[command(after_help = "Exit codes, settings file and examples: docs/grader.md in the toolkit.")]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
}

/// Reads a command line, its first word being the command's name, and the environment.
///
/// # Errors
///
/// With clap's own words, among them those for `--help` and `--version`.
pub(crate) fn parse<W>(words: impl IntoIterator<Item = W>) -> Result<Cli, clap::Error>
where
    W: Into<OsString> + Clone,
{
    let mut matches = Cli::command().try_get_matches_from(words)?;
    let (_, of_command) = matches.subcommand().expect("a command is required");
    let of_command = of_command.clone();
    let mut cli = Cli::from_arg_matches_mut(&mut matches)?;
    if let Some(submission) = cli.command.submission() {
        Origins::of(&of_command).settle(submission)?;
    }
    Ok(cli)
}

/// Shows what [`parse`] has to say and gives the exit code. A value that is wrong needs one line; a
/// page about the command would only hide it.
pub(crate) fn explain(error: &clap::Error) -> u8 {
    match error.kind() {
        ErrorKind::ValueValidation | ErrorKind::InvalidValue | ErrorKind::ArgumentConflict => {
            let text = error.to_string();
            let line = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
            let valid = match error.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(valid)) if !valid.is_empty() => {
                    format!(": expected one of {}", valid.join(", "))
                }
                _ => String::new(),
            };
            terminal::complain(&format!("{line}{valid}"));
        }
        // A closed pipe has nobody who could be told.
        _ => drop(error.print()),
    }
    error.exit_code() as u8
}

/// Where the two ways to name a submission came from.
struct Origins {
    submission: Option<ValueSource>,
    harness: Option<ValueSource>,
}

impl Origins {
    fn of(matches: &ArgMatches) -> Self {
        Self {
            submission: matches.value_source("submission"),
            harness: matches.value_source("harness"),
        }
    }

    /// Lets one of the two stand: a flag wins over the environment.
    fn settle(self, args: &mut SubmissionArgs) -> Result<(), clap::Error> {
        match (self.submission, self.harness) {
            (Some(ValueSource::CommandLine), Some(ValueSource::EnvVariable)) => args.harness = None,
            (Some(ValueSource::EnvVariable), Some(ValueSource::CommandLine)) => {
                args.submission = None;
            }
            (Some(_), Some(_)) => {
                return Err(Cli::command().error(
                    ErrorKind::ArgumentConflict,
                    "--submission and --harness exclude each other: a harness has its submission \
                     inside",
                ));
            }
            _ => {}
        }
        Ok(())
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build a submission, run its tests and report
    Run(RunArgs),
    /// Grade a folder of submissions, and go on where an earlier call stopped
    Class(ClassArgs),
    /// Show the suites and their tests
    List(ListArgs),
    /// Look for schedules and faults under which a Raft breaks, and shorten what is found
    Explore(ExploreArgs),
    /// Run one run of a report again, exactly
    Replay(ReplayArgs),
    /// Show an old report, or write it in other formats
    Report(ReportArgs),
    /// Say what got better and worse from one report to another, beyond noise
    Compare(CompareArgs),
    /// List the sessions that were
    History(HistoryArgs),
    /// Show a session that was, or write its report in other formats
    Show(ShowArgs),
    /// Measure the toolkit itself
    Bench(BenchArgs),
    /// Find out which bugs the suites catch, and whether they leave correct solutions alone
    Audit(AuditArgs),
    /// Make a submission to begin with
    New(NewArgs),
    /// Make a package find the toolkit's crates again: on another machine, with another grader
    Link(LinkArgs),
}

impl Command {
    fn submission(&mut self) -> Option<&mut SubmissionArgs> {
        match self {
            Self::Run(args) => Some(&mut args.submission),
            Self::Class(_)
            | Self::Audit(_)
            | Self::New(_)
            | Self::Link(_)
            | Self::Report(_)
            | Self::Compare(_)
            | Self::History(_)
            | Self::Show(_) => None,
            Self::List(args) => Some(&mut args.submission),
            Self::Explore(args) => Some(&mut args.submission),
            Self::Replay(args) => Some(&mut args.submission),
            Self::Bench(args) => Some(&mut args.submission),
        }
    }
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// When to use colours; the variable `NO_COLOR` is respected
    #[arg(long, global = true, env = "GRADER_COLOR", value_name = "WHEN", hide_env_values = true)]
    pub(crate) color: Option<Color>,
    /// Settings file [default: the nearest grader.toml, from the current folder upwards]
    #[arg(long, global = true, env = "GRADER_CONFIG", value_name = "FILE", hide_env_values = true)]
    pub(crate) config: Option<PathBuf>,
    /// Folder of the sessions that were [default: grader/history in the folder for a person's state]
    #[arg(long, global = true, env = "GRADER_HISTORY", value_name = "DIR", hide_env_values = true)]
    pub(crate) history: Option<PathBuf>,
    /// What is shown while runs are made: bars, with what each worker is doing when a key is pressed; plain lines; or
    /// nothing [default: bars on a terminal, lines elsewhere]
    #[arg(long, global = true, env = "GRADER_PROGRESS", value_name = "auto|bar|plain|none")]
    #[arg(hide_env_values = true, hide_possible_values = true)]
    pub(crate) progress: Option<ProgressMode>,
    /// Whether a submission's processes are confined: require all protections, or nothing is run; auto
    /// takes those that the machine offers; off [default: auto]
    #[arg(
        long,
        global = true,
        env = "GRADER_SANDBOX",
        value_name = "MODE",
        hide_env_values = true
    )]
    #[arg(hide_possible_values = true)]
    pub(crate) sandbox: Option<SandboxMode>,
    /// The toolkit's folder [default: the one that came with this command]
    #[arg(long, global = true, env = "GRADER_TOOLKIT", value_name = "DIR", hide_env_values = true)]
    pub(crate) toolkit: Option<PathBuf>,
}

/// Which submission.
#[derive(Debug, Default, Args)]
pub(crate) struct SubmissionArgs {
    /// The submission: a library package with `pub fn submission() -> contracts::Submission`
    /// [default: the package in the current folder if it depends on `contracts`, else, in a clone of
    /// the toolkit, its reference solutions]
    #[arg(
        short = 'S',
        long,
        env = "GRADER_SUBMISSION",
        value_name = "DIR",
        hide_env_values = true
    )]
    pub(crate) submission: Option<PathBuf>,
    /// A harness executable that is built already; nothing is built then
    #[arg(long, env = "GRADER_HARNESS", value_name = "FILE", hide_env_values = true)]
    pub(crate) harness: Option<PathBuf>,
}

/// The world in which a test runs.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "World")]
pub(crate) struct WorldArgs {
    /// Simulated time, or the real clock on real threads [default: sim]
    #[arg(long, env = "GRADER_CLOCK", value_name = "sim|real", hide_env_values = true)]
    pub(crate) clock: Option<Clock>,
    /// Who runs next under the simulated clock: fifo; random or random:N (a delay at one point of
    /// choice in N, 0 for none); pct or pct:D:L (D priority changes over L steps) [default: random]
    #[arg(long, env = "GRADER_POLICY", value_name = "POLICY", hide_env_values = true)]
    pub(crate) policy: Option<Policy>,
    /// Verbosity of the logs: 0 nothing, 1 info, 2 debug, 3-10 trace of the submission, 11 and more
    /// also the network [default: 0]
    #[arg(long, env = "GRADER_VLEVEL", value_name = "N", hide_env_values = true)]
    pub(crate) vlevel: Option<u8>,
    /// Seconds, on the clock in use, that a run may take [default: the test's own limit]
    #[arg(long, env = "GRADER_TIME_LIMIT", value_name = "SECONDS", hide_env_values = true)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) time_limit: Option<Seconds>,
    /// RPCs that a run may send [default: the test's own limit]
    #[arg(long, env = "GRADER_RPC_LIMIT", value_name = "N", hide_env_values = true)]
    #[arg(allow_hyphen_values = true)]
    #[arg(value_parser = values::amount)]
    pub(crate) rpc_limit: Option<u64>,
    /// Bytes that a run may send [default: the test's own limit]
    #[arg(long, env = "GRADER_BYTE_LIMIT", value_name = "N", hide_env_values = true)]
    #[arg(allow_hyphen_values = true)]
    #[arg(value_parser = values::amount)]
    pub(crate) byte_limit: Option<u64>,
}

/// Which tests to run, how often and how.
#[derive(Debug, Default, Args)]
pub(crate) struct TestArgs {
    /// A suite to run; may be given again [default: all that the submission implements]
    #[arg(long = "suite", env = "GRADER_SUITE", value_name = "SUITE", hide_env_values = true)]
    #[arg(value_delimiter = ',')]
    pub(crate) suites: Vec<String>,
    /// Only tests whose id, or whose name in its course, matches this regular expression
    #[arg(
        long,
        visible_alias = "run",
        env = "GRADER_TEST",
        value_name = "REGEX",
        hide_env_values = true
    )]
    pub(crate) test: Option<String>,
    /// How many times to run each test [default: 1]
    #[arg(long, short = 'n', env = "GRADER_COUNT", value_name = "N", hide_env_values = true)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) count: Option<Count>,
    /// Stop everything at the first failure
    #[arg(long, visible_alias = "failfast", env = "GRADER_FAIL_FAST", hide_env_values = true)]
    #[arg(num_args = 0, default_missing_value = "true", value_parser = BoolishValueParser::new())]
    #[arg(overrides_with = "no_fail_fast")]
    pub(crate) fail_fast: Option<bool>,
    /// Run everything, whatever fails (the default)
    #[arg(long, visible_alias = "no-failfast", overrides_with = "fail_fast")]
    pub(crate) no_fail_fast: bool,
    /// How many at a time, and from which seed.
    #[command(flatten)]
    pub(crate) batch: BatchArgs,
    /// What it means when no test matches [default: fail]
    #[arg(long, env = "GRADER_NO_TESTS", value_name = "ACTION", hide_env_values = true)]
    pub(crate) no_tests: Option<NoTests>,
    /// The world in which a test runs.
    #[command(flatten)]
    pub(crate) world: WorldArgs,
    /// Seconds, on the clock in use, that one run of each selected test of a suite may take in sum;
    /// suites that a course times together count as one [default: the course's own limit]
    #[arg(long, env = "GRADER_SUITE_TIME_LIMIT", value_name = "SECONDS", hide_env_values = true)]
    #[arg(help_heading = "World", allow_hyphen_values = true)]
    pub(crate) suite_time_limit: Option<Seconds>,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// When the output is a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What is shown while runs are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressMode {
    /// Bars on a terminal, lines elsewhere.
    #[default]
    Auto,
    /// Bars; lines where there is no terminal to draw them on.
    Bar,
    /// Lines.
    Plain,
    /// Nothing.
    None,
}

impl ProgressMode {
    /// What it comes to where standard error goes: never `Auto`.
    pub(crate) fn settled(self) -> Self {
        match self {
            Self::Auto | Self::Bar if terminal::is_watched() => Self::Bar,
            Self::Auto | Self::Bar => Self::Plain,
            other => other,
        }
    }
}

/// Whether a submission's processes are confined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SandboxMode {
    /// By all protections, or nothing is run.
    Require,
    /// By those that the machine offers.
    #[default]
    Auto,
    /// By none.
    Off,
}

impl From<SandboxMode> for confine::Mode {
    fn from(mode: SandboxMode) -> Self {
        match mode {
            SandboxMode::Require => Self::Require,
            SandboxMode::Auto => Self::Auto,
            SandboxMode::Off => Self::Off,
        }
    }
}

/// What it means when no test matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum NoTests {
    /// Exit 0 without a word.
    Pass,
    /// Say so and exit 0.
    Warn,
    /// Say so and exit 4.
    #[default]
    Fail,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn is_well_formed() {
        Cli::command().debug_assert();
    }

    fn run_args(line: &str) -> RunArgs {
        let words = ["grader", "run"].into_iter().chain(line.split_whitespace());
        match Cli::try_parse_from(words).expect("valid").command {
            Command::Run(args) => args,
            other => panic!("not a run: {other:?}"),
        }
    }

    #[test]
    fn knows_the_names_that_people_bring_along() {
        assert_eq!(run_args("--failfast").tests.fail_fast, Some(true));
        assert_eq!(run_args("--fail-fast").tests.fail_fast, Some(true));
        assert_eq!(run_args("--run Election").tests.test.as_deref(), Some("Election"));
        assert_eq!(run_args("--suite a,b --suite c").tests.suites, ["a", "b", "c"]);
    }

    #[test]
    fn the_last_of_a_pair_of_flags_wins() {
        let last_is_no = run_args("--fail-fast --no-fail-fast");
        assert!(last_is_no.tests.no_fail_fast && last_is_no.tests.fail_fast.is_none());
        let last_is_yes = run_args("--no-fail-fast --fail-fast");
        assert!(!last_is_yes.tests.no_fail_fast && last_is_yes.tests.fail_fast == Some(true));
    }
}
