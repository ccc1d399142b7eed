//! The trace of a run, and what happened in it.

use std::path::{Path, PathBuf};

use protocol::Failure;
use reports::History;
use reports::history::ReadError;
use reports::history::model::End;
use runner::RunResult;
use tempfile::NamedTempFile;

use crate::exit::{Outcome, SETUP, Stop};

/// The file that a run writes its trace to.
#[derive(Debug)]
pub(crate) enum Trace {
    /// A person wants it.
    Kept(PathBuf),
    /// It goes with this value.
    Temporary(NamedTempFile),
}

impl Trace {
    /// A file that goes.
    ///
    /// # Errors
    /// When there is no room for temporary files.
    pub(crate) fn temporary() -> Outcome<Self> {
        let file = tempfile::Builder::new().prefix("grader-trace-").tempfile();
        file.map(Self::Temporary).map_err(|error| {
            Stop::new(SETUP, format!("cannot make a temporary file for the trace: {error}"))
        })
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Kept(file) => file,
            Self::Temporary(file) => file.path(),
        }
    }

    /// What happened in the run that wrote it and ended with `result`.
    ///
    /// # Errors
    /// When the file cannot be read, or holds something else.
    pub(crate) fn history(&self, result: &RunResult) -> Result<History, ReadError> {
        let mut history = History::read(self.path())?;
        history.end = Some(end(&history, result));
        Ok(history)
    }
}

/// How the run ended. One that left no record ended where its trace does.
fn end(history: &History, result: &RunResult) -> End {
    let last_ns = history.events.last().map_or(0, |event| event.at_ns);
    let record_ns = result.record.as_ref().map(|record| (record.virtual_s * 1e9).round() as u64);
    let failure = result.failure().map(|failure| {
        let Failure { step, location, details, .. } = failure;
        let step = step.iter().map(|step| format!("step: {step}"));
        let location = location.iter().map(|location| format!("at: {location}"));
        let first = headline(failure);
        [first].into_iter().chain(step).chain(location).chain(details.iter().cloned()).collect()
    });
    End { at_ns: record_ns.unwrap_or(0).max(last_ns), failure }
}

/// A failure in one line.
pub(crate) fn headline(failure: &Failure) -> String {
    format!("{}: {}", failure.title(), failure.message)
}
