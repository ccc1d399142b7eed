//! The flags of `grader run`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;

use super::{OutputArgs, SubmissionArgs, TestArgs};

/// `grader run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Which submission.
    #[command(flatten)]
    pub(crate) submission: SubmissionArgs,
    /// Which tests, how often and how.
    #[command(flatten)]
    pub(crate) tests: TestArgs,
    /// Where reports go.
    #[command(flatten)]
    pub(crate) outputs: OutputArgs,
    /// Keep nothing of this session in the history
    #[arg(long, env = "GRADER_NO_HISTORY", hide_env_values = true, help_heading = "Reports")]
    #[arg(num_args = 0, default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub(crate) no_history: Option<bool>,
    /// Folder for the logs of failing runs [default: a fresh one in the toolkit's target folder]
    #[arg(long, env = "GRADER_LOGS", value_name = "DIR", hide_env_values = true)]
    #[arg(help_heading = "Reports")]
    pub(crate) logs: Option<PathBuf>,
}
