//! The flags of `grader list`.

use clap::Args;

use super::SubmissionArgs;

/// `grader list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Which submission.
    #[command(flatten)]
    pub(crate) submission: SubmissionArgs,
    /// Only this suite; may be given again
    #[arg(long = "suite", env = "GRADER_SUITE", value_name = "SUITE", hide_env_values = true)]
    #[arg(value_delimiter = ',')]
    pub(crate) suites: Vec<String>,
    /// Also the steps of each test
    #[arg(long)]
    pub(crate) steps: bool,
    /// As JSON, steps and limits included
    #[arg(long, conflicts_with = "steps")]
    pub(crate) json: bool,
}
