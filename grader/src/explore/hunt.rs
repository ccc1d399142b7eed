//! Many missions, until enough is found.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use runner::{CancelToken, RunResult};

use super::haul::Haul;
use super::mission::{Crew, Mission, is_violation};
use super::plan::ExplorePlan;
use super::progress::Progress;

/// Explores as `plan` says. Without `--keep-going` no run begins after a violation; those that are under
/// way still count.
pub(crate) fn hunt(
    plan: &ExplorePlan,
    crew: &Crew,
    cancel: &CancelToken,
    progress: &mut Progress,
) -> Haul {
    let start = Instant::now();
    let (taken, enough) = (AtomicU64::new(0), AtomicBool::new(false));
    let next = || {
        if enough.load(Ordering::Relaxed) || plan.time.is_some_and(|time| start.elapsed() >= time) {
            return None;
        }
        let run = taken.fetch_add(1, Ordering::Relaxed);
        if plan.runs.is_some_and(|runs| run >= runs) {
            return None;
        }
        Some((run, Mission::draw(plan.seed, run, &plan.options, plan.policy)))
    };
    let mut haul = Haul::default();
    let notice = |result: &RunResult| {
        if is_violation(result) && !plan.keep_going {
            enough.store(true, Ordering::Relaxed);
        }
    };
    crew.make(next, notice, cancel, |run, mission, result| {
        haul.take(run, mission, result);
        progress.ran(&haul);
    });
    haul.wall = start.elapsed();
    haul
}
