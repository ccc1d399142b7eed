//! `grader replay --log`: what happened in the run, in columns.

use std::path::{Path, PathBuf};

use protocol::{Clock, Failure};
use reports::history::model::End;
use reports::history::{History, Selection, columns};
use reports::{Writer, terminal::Options};
use runner::RunResult;
use tempfile::NamedTempFile;

use crate::cli::LogArgs;
use crate::exit::{self, Outcome, SETUP, Stop};
use crate::terminal::{self, Screen};

/// The log shows whole microseconds, so an event may be so far from the time that is copied from it.
const ROUNDING_NS: u64 = 500;

/// A log that was asked for.
pub(super) struct Log<'a> {
    args: &'a LogArgs,
    to: Writer,
    trace: Trace,
}

/// The trace that the log is made from.
enum Trace {
    /// The person wants it, too.
    Kept(PathBuf),
    /// It goes when the log is shown.
    Temporary(NamedTempFile),
}

impl<'a> Log<'a> {
    /// Looks, before the run, whether there can be a log; none when none is asked for.
    pub(super) fn new(
        args: &'a LogArgs,
        clock: Clock,
        trace: Option<&Path>,
    ) -> Outcome<Option<Self>> {
        let Some(file) = &args.log else { return Ok(None) };
        Self::check_clock(clock)?;
        if let (Some(from), Some(to)) = (args.from, args.to)
            && from > to
        {
            let (from, to) = (seconds(from), seconds(to));
            return Err(Stop::usage(format!("--from {from} is after --to {to}")));
        }
        let to = Writer::open(file).map_err(exit::write_failed)?;
        let trace = match trace {
            Some(kept) => Trace::Kept(kept.to_owned()),
            None => Trace::Temporary(temporary()?),
        };
        Ok(Some(Self { args, to, trace }))
    }

    /// Refuses the real clock.
    pub(super) fn check_clock(clock: Clock) -> Outcome<()> {
        match clock {
            Clock::Sim => Ok(()),
            Clock::Real => Err(Stop::usage(
                "--log needs the simulated clock: on the real one there is no order of events; \
                 --vlevel 2 shows the submission's own log",
            )),
        }
    }

    /// The file that the run is to write its trace to.
    pub(super) fn trace(&self) -> &Path {
        match &self.trace {
            Trace::Kept(file) => file,
            Trace::Temporary(file) => file.path(),
        }
    }

    /// Shows the log of the run that ended with `result`.
    pub(super) fn show(self, result: &RunResult) -> Outcome<()> {
        let read = History::read(self.trace());
        let mut history = read.map_err(|error| Stop::new(SETUP, error.to_string()))?;
        self.check_servers(history.servers)?;
        history.end = Some(end(&history, result));
        let to_screen = self.to.is_stdout();
        let width = match self.args.width {
            Some(width) => width,
            None if to_screen => Screen::Stdout.width(),
            None => terminal::WIDTH,
        };
        // Escapes that the screen does not want are taken out when they are printed.
        let color = to_screen || terminal::always_colors();
        let mut text = Vec::new();
        columns::write(&history, &self.selection(), Options { width, color }, &mut text)
            .expect("a vector takes all");
        if to_screen {
            return Screen::Stdout.print(&String::from_utf8_lossy(&text));
        }
        exit::unless_closed(self.to.write(&text))
    }

    fn check_servers(&self, servers: usize) -> Outcome<()> {
        let Some(unknown) = self.args.servers.iter().find(|server| **server >= servers) else {
            return Ok(());
        };
        Err(Stop::usage(match servers {
            0 => format!("--server {unknown}: this test has no cluster"),
            _ => format!("--server {unknown}: this test has servers 0 to {}", servers - 1),
        }))
    }

    fn selection(&self) -> Selection {
        let LogArgs { servers, level, from, to, only, all, .. } = self.args;
        Selection {
            servers: (!servers.is_empty()).then(|| servers.iter().copied().collect()),
            level: level.unwrap_or_default(),
            from_ns: from.unwrap_or(0).saturating_sub(ROUNDING_NS),
            to_ns: to.map(|to| to.saturating_add(ROUNDING_NS)),
            topics: (!only.is_empty()).then(|| only.iter().copied().collect()),
            all: *all,
        }
    }
}

fn temporary() -> Outcome<NamedTempFile> {
    tempfile::Builder::new().prefix("grader-trace-").tempfile().map_err(|error| {
        Stop::new(SETUP, format!("cannot make a temporary file for the trace: {error}"))
    })
}

fn seconds(ns: u64) -> f64 {
    ns as f64 / 1e9
}

/// How the run ended. One that left no record ended where its trace does.
fn end(history: &History, result: &RunResult) -> End {
    let last_ns = history.events.last().map_or(0, |event| event.at_ns);
    let record_ns = result.record.as_ref().map(|record| (record.virtual_s * 1e9).round() as u64);
    let failure = result.failure().map(|failure| {
        let Failure { step, location, details, .. } = failure;
        let step = step.iter().map(|step| format!("step: {step}"));
        let location = location.iter().map(|location| format!("at: {location}"));
        let first = super::words(failure);
        [first].into_iter().chain(step).chain(location).chain(details.iter().cloned()).collect()
    });
    End { at_ns: record_ns.unwrap_or(0).max(last_ns), failure }
}
