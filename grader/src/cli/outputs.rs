//! The flags that say where reports go.

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};

/// Where reports go; `-` is standard output, which has room for one.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Reports")]
#[expect(clippy::doc_markdown, reason = "clap shows it as it is")]
pub(crate) struct OutputArgs {
    /// Write a report as JSON to this file; - for standard output, as for all that follow, and then everything for
    /// people goes to standard error
    #[arg(long, env = "GRADER_JSON", value_name = "FILE", hide_env_values = true)]
    pub(crate) json: Option<PathBuf>,
    /// Write a page to this file, which a browser shows without a network; with pictures of runs that failed
    #[arg(long, env = "GRADER_HTML", value_name = "FILE", hide_env_values = true)]
    pub(crate) html: Option<PathBuf>,
    /// Write JUnit XML, as Jenkins and GitLab read it
    #[arg(long, env = "GRADER_JUNIT", value_name = "FILE", hide_env_values = true)]
    pub(crate) junit: Option<PathBuf>,
    /// What a flaky test is in JUnit XML [default: fail]
    #[arg(long, env = "GRADER_JUNIT_FLAKY", value_name = "VERDICT", hide_env_values = true)]
    pub(crate) junit_flaky: Option<JunitFlaky>,
    /// Write Markdown, for a comment or a wiki
    #[arg(long, env = "GRADER_MARKDOWN", value_name = "FILE", hide_env_values = true)]
    pub(crate) markdown: Option<PathBuf>,
    /// Write a line for each test, for a spreadsheet
    #[arg(long, env = "GRADER_CSV", value_name = "FILE", hide_env_values = true)]
    pub(crate) csv: Option<PathBuf>,
    /// Write the Test Anything Protocol, version 14
    #[arg(long, env = "GRADER_TAP", value_name = "FILE", hide_env_values = true)]
    pub(crate) tap: Option<PathBuf>,
    /// In GitHub Actions: print annotations, and add to the step's summary
    #[arg(long, env = "GRADER_GITHUB", hide_env_values = true)]
    #[arg(num_args = 0, default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub(crate) github: Option<bool>,
    /// Write results.json, as Gradescope reads it, to this file; also when the submission does not build, with the
    /// reason
    #[arg(long, env = "GRADER_GRADESCOPE", value_name = "FILE", hide_env_values = true)]
    pub(crate) gradescope: Option<PathBuf>,
    /// Write a result as Classroom 50 reads it; also when the submission does not build
    #[arg(long, env = "GRADER_CLASSROOM50", value_name = "FILE", hide_env_values = true)]
    pub(crate) classroom50: Option<PathBuf>,
    /// Write a result as the reporter of the retired GitHub Classroom reads it; also when the submission does not
    /// build
    #[arg(long, env = "GRADER_GITHUB_CLASSROOM", value_name = "FILE", hide_env_values = true)]
    pub(crate) github_classroom: Option<PathBuf>,
}

/// What a flaky test is in the XML of `JUnit`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum JunitFlaky {
    /// A failure, with its runs beside it.
    #[default]
    Fail,
    /// A success, with its failed runs beside it.
    Pass,
}

impl From<JunitFlaky> for reports::junit::Flaky {
    fn from(flaky: JunitFlaky) -> Self {
        match flaky {
            JunitFlaky::Fail => Self::Fails,
            JunitFlaky::Pass => Self::Passes,
        }
    }
}
