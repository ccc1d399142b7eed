//! What a class shows while it is graded: a line for each submission that is done, and on a terminal a bar.

use indicatif::{ProgressBar, ProgressStyle};
use reports::class::{Row, Status};
use reports::units::duration;

use crate::cli::ProgressMode;
use crate::exit::Stop;
use crate::terminal;

/// What is shown, and where.
pub(crate) enum Progress {
    /// A bar below the lines.
    Bar(ProgressBar),
    /// Lines alone.
    Lines,
    /// Nothing.
    Quiet,
}

impl Progress {
    /// Of `waiting` submissions that are to be graded.
    pub(crate) fn new(waiting: usize, mode: ProgressMode) -> Self {
        match mode.settled() {
            ProgressMode::Bar => {
                let bar = ProgressBar::new(waiting as u64);
                let template =
                    "{bar:24} {pos} of {len} submissions, {elapsed} (about {eta} left)  {msg}";
                bar.set_style(ProgressStyle::with_template(template).expect("a valid template"));
                Self::Bar(bar)
            }
            ProgressMode::Plain | ProgressMode::Auto => Self::Lines,
            ProgressMode::None => Self::Quiet,
        }
    }

    /// A submission is begun.
    pub(crate) fn begun(&self, id: &str) {
        if let Self::Bar(bar) = self {
            bar.set_message(id.to_owned());
        }
    }

    /// A submission is done.
    pub(crate) fn done(&self, row: &Row) {
        self.line(&line(row));
        if let Self::Bar(bar) = self {
            bar.inc(1);
        }
    }

    /// Something failed that says nothing about the submission.
    pub(crate) fn failed(&self, id: &str, stop: &Stop) {
        self.line(&format!("not graded: {id}: {}", stop.message));
    }

    fn line(&self, line: &str) {
        let tell = || terminal::tell(&format!("{line}\n"));
        match self {
            Self::Bar(bar) => bar.suspend(tell),
            Self::Lines => tell(),
            Self::Quiet => {}
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn line(row: &Row) -> String {
    let Row { id, status, score, tests, wall_s, .. } = row;
    let points = format!("{} of {} points", score.points, score.of);
    let time = duration(*wall_s);
    match (status, &row.reason) {
        (Status::Graded, None) => format!(
            "{id}: {points}; {} pass, {} flaky, {} fail ({time})",
            tests.pass, tests.flaky, tests.fail
        ),
        (_, reason) => {
            let reason = reason.as_deref().unwrap_or_default();
            format!("{id}: {points}; {status}: {reason} ({time})")
        }
    }
}
