//! The flags of `grader bench`.

use std::path::PathBuf;

use clap::Args;

use super::SubmissionArgs;

/// `grader bench`.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// Which submission.
    #[command(flatten)]
    pub(crate) submission: SubmissionArgs,
    /// An executable of the command `mapreduce` that is built already
    #[arg(long, env = "GRADER_MAPREDUCE", value_name = "FILE", hide_env_values = true)]
    pub(crate) mapreduce: Option<PathBuf>,
    /// Write the figures as JSON to this file; - for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}
