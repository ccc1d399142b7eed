//! The flags of commands about sessions that were.

use std::path::PathBuf;

use clap::Args;

use super::OutputArgs;
use super::values::{Chance, Count};
use crate::history::Name;

/// `grader report`.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// A report that `grader run --json` wrote; - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) report: PathBuf,
    /// Where it goes; without any, it is shown here
    #[command(flatten)]
    pub(crate) outputs: OutputArgs,
}

/// `grader compare`.
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// The earlier report: a file, - for standard input, or a session as `grader show` names it
    #[arg(default_value = "latest~1")]
    pub(crate) before: String,
    /// The later report
    #[arg(default_value = "latest")]
    pub(crate) after: String,
    /// The chance of calling noise a change that is accepted, above 0 and below 1
    #[arg(long, value_name = "CHANCE", default_value = "0.05", allow_hyphen_values = true)]
    pub(crate) alpha: Chance,
    /// Write the comparison as JSON to this file; - for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// `grader history`.
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// Sessions of all submissions [default: those of the package in the current folder, if there are any]
    #[arg(long)]
    pub(crate) all: bool,
    /// Only so many, the latest
    #[arg(long, short = 'n', value_name = "N", allow_hyphen_values = true)]
    pub(crate) number: Option<Count>,
    /// As JSON
    #[arg(long, conflicts_with = "clear")]
    pub(crate) json: bool,
    /// Remove them instead
    #[arg(long, conflicts_with = "number")]
    pub(crate) clear: bool,
}

/// `grader show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Which: latest, latest~1 for the one before, or how its name begins
    #[arg(default_value = "latest")]
    pub(crate) session: Name,
    /// Where its report goes; without any, it is shown here
    #[command(flatten)]
    pub(crate) outputs: OutputArgs,
}
