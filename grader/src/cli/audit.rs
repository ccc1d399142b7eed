//! The flags of `grader audit`.

use std::path::PathBuf;

use clap::Args;
use regex::Regex;

use super::batch::BatchArgs;
use super::values::{Count, Span};
use crate::scaffold::lab::Labs;

/// `grader audit`.
#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// The lab whose solutions are looked at: raft, weather, bank, mapreduce; or all [default: all]
    #[arg(long, value_name = "LAB")]
    pub(crate) lab: Option<Labs>,
    /// Only entries whose LAB/NAME matches this regular expression
    #[arg(long, value_name = "REGEX")]
    pub(crate) only: Option<Regex>,
    /// How many iterations of each suite, at most: those of a bug end when it is settled that it is
    /// caught [default: 50]
    #[arg(long, short = 'n', env = "GRADER_COUNT", value_name = "N", hide_env_values = true)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) count: Option<Count>,
    /// Make all iterations, also of a bug that is known to be caught: rates become more exact
    #[arg(long)]
    pub(crate) exhaustive: bool,
    /// How many at most of suites that run on the real clock only [default: 3]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) real_count: Option<Count>,
    /// How many of each suite against correct variants [default: 20]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) variants_count: Option<Count>,
    /// Explore the bugs that an exploration is expected to find, each for so long: 60s, 10m, or a
    /// number of seconds, or until it is found
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) explore: Option<Span>,
    /// How many at a time, and from which seed.
    #[command(flatten)]
    pub(crate) batch: BatchArgs,
    /// Write the audit as JSON to this file; - for standard output, and then everything for people
    /// goes to standard error
    #[arg(long, env = "GRADER_JSON", value_name = "FILE", hide_env_values = true)]
    #[arg(help_heading = "Reports")]
    pub(crate) json: Option<PathBuf>,
    /// Write the audit as a page to this file, which a browser shows without a network; - as above
    #[arg(long, env = "GRADER_HTML", value_name = "FILE", hide_env_values = true)]
    #[arg(help_heading = "Reports")]
    pub(crate) html: Option<PathBuf>,
}
