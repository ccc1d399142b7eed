//! What a session shows while it runs: bars on a terminal, lines elsewhere. All of it goes to
//! standard error, so that standard output holds the result alone.

mod ask;
mod bars;
mod lines;
mod status;

use std::fmt;

use anstyle::{AnsiColor, Style};
use protocol::{Failure, FailureKind};
use reports::{Noted, Overrun, RunOutcome};

use super::event::{Event, Reporter};
use crate::cli::ProgressMode;

/// Who shows it in this way.
pub(crate) fn reporter(mode: ProgressMode) -> Box<dyn Reporter> {
    match mode.settled() {
        ProgressMode::Bar => Box::new(bars::Bars::default()),
        ProgressMode::Plain | ProgressMode::Auto => Box::new(lines::Lines::default()),
        ProgressMode::None => Box::new(Quiet),
    }
}

/// Shows nothing.
pub(crate) struct Quiet;

impl Reporter for Quiet {
    fn see(&mut self, _: &Event<'_>) {}
}

/// Style of what failed.
const FAILED: Style = AnsiColor::Red.on_default().bold();
/// Style of what passed.
const PASSED: Style = AnsiColor::Green.on_default();

/// Style of what is not written yet.
const UNWRITTEN: Style = AnsiColor::Yellow.on_default();

/// `text` in `style`.
fn styled(style: Style, text: impl fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A failure of a kind not seen before, as it happens. What is not written is no news, and often the same for
/// many tests.
fn new_failure(outcome: &RunOutcome, noted: &Noted) -> Option<String> {
    let is_unwritten = |failure: &Failure| failure.kind == FailureKind::NotImplemented;
    if !noted.new_failure || outcome.failure.as_ref().is_some_and(is_unwritten) {
        return None;
    }
    let failed = styled(FAILED, "FAIL");
    let (test, seed) = (&outcome.test, outcome.seed);
    let failure = outcome.failure.as_ref();
    let (kind, message) = failure.map_or_else(
        || ("no result".to_owned(), ""),
        |failure| (failure.title(), failure.message.lines().next().unwrap_or_default()),
    );
    let number = outcome.iteration + 1;
    Some(format!("{failed} {test}, run {number} (seed {seed}): {kind}: {message}"))
}

/// An iteration that took longer than its suites may take as a whole, as it happens.
fn new_overrun(overrun: &Overrun) -> String {
    let failed = styled(FAILED, "FAIL");
    let Overrun { name, iteration, time_s, limit_s } = overrun;
    let number = iteration + 1;
    format!(
        "{failed} {name}, iteration {number}: has taken {time_s:.3} s, the limit is {limit_s} s"
    )
}
