//! The flags of `grader replay --log`.

use std::path::PathBuf;

use clap::Args;
use reports::history::model::Level;
use reports::history::select::Topic;

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
    #[arg(value_parser = level, hide_possible_values = true)]
    pub(crate) level: Option<Level>,
    /// Nothing before this time, in virtual seconds
    #[arg(long, value_name = "SECONDS", requires = "log", allow_hyphen_values = true)]
    #[arg(value_parser = moment_ns)]
    pub(crate) from: Option<u64>,
    /// Nothing after this time, in virtual seconds
    #[arg(long, value_name = "SECONDS", requires = "log", allow_hyphen_values = true)]
    #[arg(value_parser = moment_ns)]
    pub(crate) to: Option<u64>,
    /// Only events of these topics: elections, rpcs, applies, faults, log
    #[arg(long, value_name = "TOPIC", requires = "log", value_delimiter = ',')]
    #[arg(value_parser = topic)]
    pub(crate) only: Vec<Topic>,
    /// Also requests that change nothing, answers that come at once, and the end of failed calls
    #[arg(long, requires = "log")]
    pub(crate) all: bool,
    /// Columns of the window [default: those of the terminal, else 120]
    #[arg(long, value_name = "N", requires = "log", allow_hyphen_values = true)]
    #[arg(value_parser = columns)]
    pub(crate) width: Option<usize>,
}

/// A moment of a run: seconds, finite and not below 0; as nanoseconds.
fn moment_ns(text: &str) -> Result<u64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => Ok((seconds * 1e9).round() as u64),
        _ => Err("expected a number of seconds, 0 or more".to_owned()),
    }
}

/// Columns of a window.
fn columns(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(columns @ 20..=10_000) => Ok(columns),
        _ => Err("expected a number of columns from 20 to 10000".to_owned()),
    }
}

/// The level of a log, by its name.
fn level(text: &str) -> Result<Level, String> {
    named(text, &Level::NAMES)
}

/// A topic of events, by its name.
fn topic(text: &str) -> Result<Topic, String> {
    named(text, &Topic::NAMES)
}

fn named<T: Copy>(text: &str, names: &[(&str, T)]) -> Result<T, String> {
    let found = names.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        format!("expected one of {}", names.join(", "))
    })
}
