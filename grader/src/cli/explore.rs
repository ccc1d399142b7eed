//! The flags of `grader explore`.

use std::path::PathBuf;

use clap::Args;
use protocol::Policy;

use super::SubmissionArgs;
use super::batch::BatchArgs;
use super::values::{self, Count, Span};

/// `grader explore`.
#[derive(Debug, Args)]
#[command(mut_arg("jobs", |arg| arg.help("How many runs at a time [default: the number of cores]")))]
pub(crate) struct ExploreArgs {
    /// Which submission.
    #[command(flatten)]
    pub(crate) submission: SubmissionArgs,
    /// How many runs, unless the time is over before
    #[arg(long, short = 'n', env = "GRADER_RUNS", value_name = "N", hide_env_values = true)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) runs: Option<Count>,
    /// For how long: 60s, 10m, or a number of seconds [default: 60s, or as long as --runs takes]
    #[arg(long = "for", env = "GRADER_FOR", value_name = "TIME", hide_env_values = true)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) time: Option<Span>,
    /// How many at a time, and from which seed.
    #[command(flatten)]
    pub(crate) batch: BatchArgs,
    /// Sizes of clusters, of which each run draws one [default: 3,5,7]
    #[arg(long, env = "GRADER_SERVERS", value_name = "N,N", hide_env_values = true)]
    #[arg(value_delimiter = ',', value_parser = values::servers, allow_hyphen_values = true)]
    pub(crate) servers: Vec<usize>,
    /// Who runs next: fifo; random or random:N; pct or pct:D:L [default: each run draws random with one
    /// of several delay rates, or pct with one of several depths]
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<Policy>,
    /// Go on after a violation, and report each distinct one
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Show a violation as it was found, instead of making it smaller
    #[arg(long)]
    pub(crate) no_shrink: bool,
    /// For how long each distinct violation is made smaller [default: 20s]
    #[arg(long, env = "GRADER_SHRINK_FOR", value_name = "TIME", hide_env_values = true)]
    #[arg(conflicts_with = "no_shrink", allow_hyphen_values = true)]
    pub(crate) shrink_for: Option<Span>,
    /// How many runs that may take [default: as many as there is time for]
    #[arg(long, env = "GRADER_SHRINK_RUNS", value_name = "N", hide_env_values = true)]
    #[arg(conflicts_with = "no_shrink", allow_hyphen_values = true)]
    pub(crate) shrink_runs: Option<Count>,
    /// Write what was found as JSON to this file; - for standard output, and then everything for
    /// people goes to standard error
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub(crate) json: Option<PathBuf>,
}
