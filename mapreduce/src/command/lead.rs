//! Waits for a job to end, and shows how far it is.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use mapreduce::{Coordinator, Progress};

use super::exit::Outcome;
use super::signals::Interrupt;

/// How often it looks after everything but the job's end, which it notices at once.
const PERIOD: Duration = Duration::from_millis(100);

/// Waits until the job has ended. Now and then it calls `tend`, whose error makes the job fail, as a
/// signal does.
pub(crate) fn to_the_end(
    coordinator: &Coordinator,
    interrupt: &Interrupt,
    mut tend: impl FnMut(Progress) -> Outcome,
) -> Outcome {
    let bars = Bars::new();
    while !coordinator.wait(PERIOD)? {
        let progress = coordinator.progress();
        bars.show(progress);
        if let Err(stop) = interrupt.stop().map_or(Ok(()), Err).and_then(|()| tend(progress)) {
            coordinator.fail(&stop.message);
            // A job that has ended meanwhile has ended.
            return if coordinator.wait(Duration::ZERO).is_ok_and(|done| done) {
                Ok(())
            } else {
                Err(stop)
            };
        }
    }
    Ok(())
}

/// Two bars on a terminal; nothing elsewhere. They end without a trace.
struct Bars(Option<(MultiProgress, [ProgressBar; 2])>);

impl Bars {
    fn new() -> Self {
        Self(std::io::stderr().is_terminal().then(|| {
            let screen = MultiProgress::new();
            let style = ProgressStyle::with_template("{prefix:>6} {bar:40} {pos}/{len}");
            let style = style.expect("a valid template");
            let bars = ["map", "reduce"].map(|name| {
                let bar = ProgressBar::new(0).with_prefix(name).with_style(style.clone());
                screen.add(bar)
            });
            (screen, bars)
        }))
    }

    fn show(&self, progress: Progress) {
        let Some((_, [map, reduce])) = &self.0 else { return };
        for (bar, done, all) in [
            (map, progress.maps_done, progress.maps),
            (reduce, progress.reduces_done, progress.reduces),
        ] {
            bar.set_length(all.into());
            bar.set_position(done.into());
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        if let Some((screen, _)) = &self.0 {
            let _ = screen.clear();
        }
    }
}
