//! The flags of `grader class`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;

use super::TestArgs;
use super::values::Span;

/// `grader class`. It is graded whole, whatever fails.
#[derive(Debug, Args)]
#[command(mut_arg("fail_fast", |arg| arg.hide(true)), mut_arg("no_fail_fast", |arg| arg.hide(true)))]
#[command(mut_arg("no_tests", |arg| arg.hide(true)))]
pub(crate) struct ClassArgs {
    /// The folder that holds the submissions, each in a folder of its own
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// A CSV file that names the submissions instead: a column `path`, relative to DIR; `id` and `name` are
    /// used where they are there, and other columns are kept in the summary
    #[arg(long, env = "GRADER_LIST", value_name = "FILE", hide_env_values = true)]
    pub(crate) list: Option<PathBuf>,
    /// Folder for the reports and the journal [default: DIR-grades, beside DIR]
    #[arg(long, short, env = "GRADER_OUT", value_name = "DIR", hide_env_values = true)]
    pub(crate) out: Option<PathBuf>,
    /// Also write a page for each: report.html, and student.html without what is hidden
    #[arg(long, env = "GRADER_CLASS_HTML", hide_env_values = true)]
    #[arg(num_args = 0, default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub(crate) html: Option<bool>,
    /// Wall time for one submission, building included: 90s, 10m, or a number of seconds; what was not run
    /// by then counts as failed [default: 10m]
    #[arg(long, env = "GRADER_SUBMISSION_TIME", value_name = "TIME", hide_env_values = true)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) submission_time: Option<Span>,
    /// Wall time for the whole class: afterwards no submission is begun; the next call goes on
    #[arg(long, env = "GRADER_DEADLINE", value_name = "TIME", hide_env_values = true)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) deadline: Option<Span>,
    /// Which tests, how often and how.
    #[command(flatten)]
    pub(crate) tests: TestArgs,
}
