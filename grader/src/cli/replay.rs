//! The flags of `grader replay`.

use std::path::PathBuf;

use clap::Args;
use scenario::Scenario;

use super::values::{Count, Seed};
use super::{LogArgs, SubmissionArgs, WorldArgs};

/// `grader replay`.
#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// A report that `grader run --json` wrote, or a session as `grader show` names it
    #[arg(required_unless_present_any = ["test", "scenario"], conflicts_with = "seed")]
    pub(crate) report: Option<PathBuf>,
    /// With a report: only failures of tests that match this regular expression. Without: the full
    /// id of the test
    #[arg(long, value_name = "TEST")]
    pub(crate) test: Option<String>,
    /// The scenario of an exploration's run, in place of a test
    #[arg(long, value_name = "SCENARIO", conflicts_with_all = ["test", "report"])]
    pub(crate) scenario: Option<Scenario>,
    /// Which failure of the report, counted from 1 in the order in which the report shows them
    /// [default: 1]
    #[arg(long, value_name = "N", requires = "report", allow_hyphen_values = true)]
    pub(crate) failure: Option<Count>,
    /// Seed of the run, decimal or 0x and hexadecimal
    #[arg(long, value_name = "SEED", required_unless_present = "report")]
    #[arg(allow_hyphen_values = true)]
    pub(crate) seed: Option<Seed>,
    /// Write the full trace of events to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Write a page with a picture of the run to this file, whether or not it fails
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// What is shown of what happened.
    #[command(flatten)]
    pub(crate) log: LogArgs,
    /// Which submission [default with a report: the report's].
    #[command(flatten)]
    pub(crate) submission: SubmissionArgs,
    /// The world in which the test runs [default with a report: the report's].
    #[command(flatten)]
    pub(crate) world: WorldArgs,
}
