//! The flags of `grader replay --log`.

use std::path::PathBuf;

use clap::Args;
use reports::history::model::Level;
use reports::history::select::Topic;

use super::values;

/// What a replay shows of what happened.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Log")]
pub(crate) struct LogArgs {
    /// Show what happened, one column a server; --log=FILE writes it to a file
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "-")]
    pub(crate) log: Option<PathBuf>,
    /// Only these servers: 0,2
    #[arg(long = "server", value_name = "N", requires = "log", value_delimiter = ',')]
    pub(crate) servers: Vec<usize>,
    /// Of the submission's own log, only lines as severe as this [default: debug]
    #[arg(long, requires = "log", value_name = "error|warn|info|debug|trace")]
    #[arg(value_parser = values::level, hide_possible_values = true)]
    pub(crate) level: Option<Level>,
    /// Nothing before this time, in virtual seconds
    #[arg(long, value_name = "SECONDS", requires = "log", allow_hyphen_values = true)]
    #[arg(value_parser = values::moment_ns)]
    pub(crate) from: Option<u64>,
    /// Nothing after this time, in virtual seconds
    #[arg(long, value_name = "SECONDS", requires = "log", allow_hyphen_values = true)]
    #[arg(value_parser = values::moment_ns)]
    pub(crate) to: Option<u64>,
    /// Only events of these topics: elections, rpcs, applies, faults, log
    #[arg(long, value_name = "TOPIC", requires = "log", value_delimiter = ',')]
    #[arg(value_parser = values::topic)]
    pub(crate) only: Vec<Topic>,
    /// Also heartbeats that change nothing, answers that come at once, and the end of failed calls
    #[arg(long, requires = "log")]
    pub(crate) all: bool,
    /// Columns of the window [default: those of the terminal, else 120]
    #[arg(long, value_name = "N", requires = "log", allow_hyphen_values = true)]
    #[arg(value_parser = values::columns)]
    pub(crate) width: Option<usize>,
}
