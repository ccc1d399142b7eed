//! What is shown meanwhile: a bar where a person watches, now and then a line elsewhere. All of it goes to
//! standard error.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use reports::units::plural;
use scenario::Scenario;

use super::haul::Haul;
use super::plan::ExplorePlan;
use crate::cli::ProgressMode;
use crate::terminal;

/// Time between two lines.
const PERIOD: Duration = Duration::from_secs(10);

/// Shows how far it is.
pub(crate) enum Progress {
    /// On a terminal.
    Bar(ProgressBar),
    /// Elsewhere; when the last line was written.
    Lines(Instant),
    /// Nowhere.
    Quiet,
}

impl Progress {
    /// That of an exploration.
    pub(crate) fn new(plan: &ExplorePlan, mode: ProgressMode) -> Self {
        match mode.settled() {
            ProgressMode::Bar => {}
            ProgressMode::Plain | ProgressMode::Auto => return Self::Lines(Instant::now()),
            ProgressMode::None => return Self::Quiet,
        }
        let bar = match plan.runs {
            Some(runs) => ProgressBar::new(runs),
            None => ProgressBar::no_length(),
        };
        let style = match plan.runs {
            Some(_) => "{spinner} {bar:30} {pos}/{len} runs, {elapsed}, {msg}",
            None => "{spinner} {pos} runs, {elapsed}, {msg}",
        };
        let style = ProgressStyle::with_template(style).expect("a valid template");
        bar.set_style(style.progress_chars("━╸ "));
        bar.enable_steady_tick(Duration::from_millis(100));
        Self::Bar(bar)
    }

    /// A run ended.
    pub(super) fn ran(&mut self, haul: &Haul) {
        match self {
            Self::Bar(bar) => {
                bar.set_position(haul.runs);
                bar.set_message(found(haul));
            }
            Self::Lines(last) if last.elapsed() >= PERIOD => {
                *last = Instant::now();
                terminal::tell(&format!("{}, {}\n", plural(haul.runs, "run"), found(haul)));
            }
            Self::Lines(_) | Self::Quiet => {}
        }
    }

    /// Something smaller was found.
    pub(super) fn shrunk(&mut self, scenario: &Scenario, tries: u64) {
        let what = || {
            let events = plural(scenario.events.len() as u64, "event");
            let servers = plural(scenario.servers as u64, "server");
            format!("shrinking: {events}, {servers}, after {}", plural(tries, "attempt"))
        };
        match self {
            Self::Bar(bar) => bar.set_message(what()),
            Self::Lines(last) if last.elapsed() >= PERIOD => {
                *last = Instant::now();
                terminal::tell(&format!("{}\n", what()));
            }
            Self::Lines(_) | Self::Quiet => {}
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

fn found(haul: &Haul) -> String {
    let found = match haul.violations.len() as u64 {
        0 => "nothing found".to_owned(),
        many => plural(many, "distinct violation"),
    };
    match haul.undetermined {
        0 => found,
        many => format!("{found}, {many} undetermined"),
    }
}
