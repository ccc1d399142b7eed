//! Progress for a person: a bar for each test and one for all.

use std::fmt;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::ask::Asking;
use super::status::Status;
use super::{FAILED, PASSED, new_failure, new_overrun, styled};
use crate::session::Session;
use crate::session::event::{Event, Reporter};
use crate::terminal;

/// With more tests than this, only the bar for all is shown: the rest would not fit on a screen.
const MOST_BARS: usize = 20;

/// The bars.
#[derive(Default)]
pub(crate) struct Bars {
    screen: MultiProgress,
    all: Option<Bar>,
    /// The run that began last: where a session hangs, and on which seed.
    latest: Option<ProgressBar>,
    /// Ids of the tests.
    ids: Vec<String>,
    status: Status,
    /// Answers who asks, and keeps what is typed out of the bars.
    asking: Option<Asking>,
    /// By test; empty when there are too many.
    tests: Vec<Bar>,
}

impl Reporter for Bars {
    fn see(&mut self, event: &Event<'_>) {
        self.status.see(event);
        match event {
            Event::Started(session) => self.start(session),
            Event::RunStarted { job, seed } => {
                if let Some(latest) = &self.latest {
                    let (id, run) = (&self.ids[job.test], job.iteration + 1);
                    latest.set_message(format!("{id}, run {run}, seed {seed}"));
                }
            }
            Event::RunFinished { job, outcome, noted } => {
                for bar in self.tests.get_mut(job.test).into_iter().chain(&mut self.all) {
                    bar.count(noted.passed);
                }
                if let Some(line) = new_failure(outcome, noted) {
                    // A terminal that is gone shows nothing, and nothing is lost.
                    let _ = self.screen.println(colored(line));
                }
                if let Some(overrun) = &noted.overrun {
                    let _ = self.screen.println(colored(new_overrun(overrun)));
                }
            }
            Event::TestDecided { .. } => {}
            // The table that follows says it all once more, and better.
            Event::Ended => {
                if let Some(all) = &self.all {
                    all.shown.disable_steady_tick();
                }
                self.asking = None;
                let _ = self.screen.clear();
                self.screen.set_draw_target(ProgressDrawTarget::hidden());
            }
        }
    }
}

impl Bars {
    fn start(&mut self, session: &Session) {
        let (status, screen) = (self.status.clone(), self.screen.clone());
        // Without an answer the bars still tell how far it is.
        self.asking = Asking::begin(true, move || {
            let _ = screen.println(status.text().trim_end());
        })
        .ok();
        let ids = || session.tests.iter().map(|test| test.id.as_str());
        let width = ids().map(str::len).max().unwrap_or(0);
        if session.tests.len() <= MOST_BARS {
            let one = style(&format!("{{prefix:{width}}} {{bar:20}} {{pos}}/{{len}} {{msg}}"));
            self.tests = ids().map(|id| Bar::new(&self.screen, id, session.count, &one)).collect();
        }
        let runs = session.count.saturating_mul(session.tests.len() as u64);
        let sums =
            style("{spinner} {bar:30} {pos}/{len} runs, {msg}, {elapsed}, {rate}, seed {prefix}")
                .with_key("rate", |state: &ProgressState, text: &mut dyn fmt::Write| {
                    let _ = write!(text, "{:.0} runs/s", state.per_sec());
                });
        let all = Bar::new(&self.screen, &session.seed.to_string(), runs, &sums);
        all.shown.enable_steady_tick(Duration::from_millis(100));
        self.all = Some(all);
        let latest = self.screen.add(ProgressBar::new_spinner());
        latest.set_style(style("  {wide_msg}"));
        self.latest = Some(latest);
        self.ids = ids().map(str::to_owned).collect();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("a valid template").progress_chars("━╸ ")
}

/// `text` as it is, or without its colours where they are not wanted.
fn colored(text: String) -> String {
    if terminal::stderr_has_colors() {
        text
    } else {
        anstream::adapter::strip_str(&text).to_string()
    }
}

/// A bar with counts.
struct Bar {
    shown: ProgressBar,
    passed: u64,
    failed: u64,
}

impl Bar {
    fn new(screen: &MultiProgress, prefix: &str, runs: u64, style: &ProgressStyle) -> Self {
        let shown = screen.add(ProgressBar::new(runs).with_style(style.clone()));
        shown.set_prefix(prefix.to_owned());
        let bar = Self { shown, passed: 0, failed: 0 };
        bar.show();
        bar
    }

    fn count(&mut self, passed: bool) {
        *if passed { &mut self.passed } else { &mut self.failed } += 1;
        self.shown.inc(1);
        self.show();
    }

    fn show(&self) {
        let passed = styled(PASSED, format_args!("{} passed", self.passed));
        let message = match self.failed {
            0 => passed,
            failed => format!("{passed}, {}", styled(FAILED, format_args!("{failed} failed"))),
        };
        self.shown.set_message(colored(message));
    }
}
