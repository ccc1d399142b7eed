//! Progress for a file or a CI log: a line for each new failure, for each test when it is decided,
//! and now and then how far it is.

use std::time::{Duration, Instant};

use reports::TestVerdict;

use super::ask::Asking;
use super::status::Status;
use super::{FAILED, PASSED, UNWRITTEN, new_failure, new_overrun, styled};
use crate::session::event::{Event, Reporter};
use crate::terminal::tell;

/// Time between two lines that only say how far it is.
const PERIOD: Duration = Duration::from_secs(10);

/// Writes the lines.
#[derive(Default)]
pub(crate) struct Lines {
    tests: Vec<String>,
    /// All runs that are planned.
    planned: u64,
    ended: u64,
    failed: u64,
    /// When the last line was written.
    last: Option<Instant>,
    status: Status,
    /// Answers the signal; here keys are not ours.
    asking: Option<Asking>,
}

impl Reporter for Lines {
    fn see(&mut self, event: &Event<'_>) {
        self.status.see(event);
        match event {
            Event::Started(session) => {
                self.tests = session.tests.iter().map(|test| test.id.clone()).collect();
                self.planned = session.count.saturating_mul(self.tests.len() as u64);
                self.last = Some(Instant::now());
                let status = self.status.clone();
                self.asking = Asking::begin(false, move || tell(&status.text())).ok();
            }
            Event::RunFinished { outcome, noted, .. } => {
                self.ended += 1;
                self.failed += u64::from(!noted.passed);
                if let Some(line) = new_failure(outcome, noted) {
                    self.line(&line);
                }
                if let Some(overrun) = &noted.overrun {
                    self.line(&new_overrun(overrun));
                }
                if self.last.is_some_and(|last| last.elapsed() >= PERIOD) {
                    self.line(&format!(
                        "{} of {} runs, {} failed",
                        self.ended, self.planned, self.failed
                    ));
                }
            }
            Event::TestDecided { test, verdict: TestVerdict::NotImplemented, .. } => {
                let word = styled(UNWRITTEN, "todo ");
                self.line(&format!("{word} {} is not implemented", self.tests[*test]));
            }
            Event::TestDecided { test, verdict, runs, failed, figures } => {
                let word = match verdict {
                    TestVerdict::Pass => styled(PASSED, "pass "),
                    TestVerdict::Flaky => styled(FAILED, "flaky"),
                    TestVerdict::Undetermined => styled(FAILED, "?    "),
                    TestVerdict::Fail | TestVerdict::NotImplemented => styled(FAILED, "fail "),
                };
                let passed = runs - failed;
                let middle = if *runs > 1 { "median " } else { "" };
                let figures = figures.map_or_else(String::new, |f| format!(": {middle}{f}"));
                self.line(&format!("{word} {} {passed} of {runs}{figures}", self.tests[*test]));
            }
            Event::Ended => self.asking = None,
            Event::RunStarted { .. } => {}
        }
    }
}

impl Lines {
    fn line(&mut self, line: &str) {
        self.last = Some(Instant::now());
        tell(&format!("{line}\n"));
    }
}
