//! The smallest mission that fails in the same way.
//!
//! A change of the scenario shifts every random choice after it. So a candidate is run on several
//! schedules before it is given up: first on the one that failed, then on others. Most violations need few.
//! For those that need a rare schedule, there are further rounds with more, first for the boldest candidates
//! alone: where one run in hundreds fails, many small steps would take for ever, and a few great ones do not.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use runner::{CancelToken, RunResult};
use scenario::{Millis, shrink};

use super::haul::Ended;
use super::mission::{Crew, Mission, way};
use super::plan::Effort;
use super::progress::Progress;

/// How candidates are tried.
#[derive(Clone, Copy, Debug)]
struct Round {
    /// Schedules on which each is tried before it is given up.
    schedules: u64,
    /// How many there are, the boldest first.
    candidates: usize,
}

/// What is done until nothing smaller is found any more, one after the other.
const ROUNDS: [Round; 5] = [
    Round { schedules: 3, candidates: usize::MAX },
    Round { schedules: 12, candidates: 40 },
    Round { schedules: 50, candidates: 16 },
    Round { schedules: 200, candidates: 10 },
    Round { schedules: 200, candidates: usize::MAX },
];

/// What came of it.
#[derive(Debug)]
pub(crate) struct Shrunk {
    /// Whether the run failed in the same way once more; none when it was stopped.
    pub(crate) reproduced: Option<bool>,
    /// The smallest; none when nothing smaller was found.
    pub(crate) smallest: Option<Ended>,
    /// Runs that were made.
    pub(crate) tries: u64,
    /// Wall time.
    pub(crate) wall: Duration,
}

/// Makes `found` smaller with this effort, or until `cancel`.
pub(crate) fn shrink(
    crew: &Crew,
    found: &Ended,
    effort: Effort,
    cancel: &CancelToken,
    progress: &mut Progress,
) -> Shrunk {
    let start = Instant::now();
    let mut work = Shrinking {
        crew,
        cancel,
        best: found.clone(),
        boldness: usize::MAX,
        tries: 0,
        start,
        effort,
    };
    let again = crew.make_one(&found.mission, cancel);
    work.tries += 1;
    let reproduced = again.map(|again| work.is_same(&again));
    let mut smaller = false;
    if reproduced == Some(true) {
        smaller |= work.cut_the_end();
        for round in ROUNDS {
            work.boldness = usize::MAX;
            while work.step(round) {
                smaller = true;
                work.cut_the_end();
                progress.shrunk(&work.best.mission.scenario, work.tries);
            }
        }
    }
    Shrunk {
        reproduced,
        smallest: smaller.then_some(work.best),
        tries: work.tries,
        wall: work.start.elapsed(),
    }
}

struct Shrinking<'a> {
    crew: &'a Crew,
    cancel: &'a CancelToken,
    /// The smallest so far.
    best: Ended,
    /// Most events that go at once: what was too bold before mostly stays so.
    boldness: usize,
    tries: u64,
    start: Instant,
    effort: Effort,
}

impl Shrinking<'_> {
    /// Whether time, or the number of runs, is used up when `tries` more than counted have begun.
    fn is_over(&self, tries: u64) -> bool {
        let Effort { time, runs } = self.effort;
        self.start.elapsed() >= time || runs.is_some_and(|runs| self.tries + tries >= runs)
    }

    /// Leaves out what comes after the failure; whether there was anything.
    fn cut_the_end(&mut self) -> bool {
        let seen_s = self.best.record.as_ref().map(|record| record.virtual_s);
        let cut = seen_s.and_then(|seen_s| {
            let seen = Millis((seen_s * 1000.0).ceil() as u32);
            shrink::up_to(&self.best.mission.scenario, seen)
        });
        let Some(cut) = cut else { return false };
        let mission = self.best.mission.with(cut);
        self.tries += 1;
        let result = self.crew.make_one(&mission, self.cancel);
        match result.and_then(|result| self.same(&mission, result)) {
            Some(smaller) => {
                self.best = smaller;
                true
            }
            None => false,
        }
    }

    /// Takes one step to something smaller; whether there was one.
    fn step(&mut self, round: Round) -> bool {
        let from = self.best.mission.clone();
        let candidates = shrink::candidates(&from.scenario, self.boldness).take(round.candidates);
        let candidates = candidates.enumerate().flat_map(|(place, smaller)| {
            let mission = from.with(smaller);
            (0..round.schedules).map(move |number| (place as u64, mission.variation(number)))
        });
        let candidates = Mutex::new((0..).zip(candidates));
        let found = AtomicBool::new(false);
        let next = || {
            // The lock is poisoned only when drawing a candidate panicked, which ends everything.
            let mut candidates = candidates.lock().unwrap_or_else(PoisonError::into_inner);
            let (begun, candidate) = candidates.next()?;
            (!found.load(Ordering::Relaxed) && !self.is_over(begun)).then_some(candidate)
        };
        let (mut tries, mut best) = (0, None);
        let notice = |result: &RunResult| {
            if self.is_same(result) {
                found.store(true, Ordering::Relaxed);
            }
        };
        self.crew.make(next, notice, self.cancel, |place, mission, result| {
            tries += 1;
            if let Some(smaller) = self.same(&mission, result)
                && best.as_ref().is_none_or(|(known, _)| place < *known)
            {
                best = Some((place, smaller));
            }
        });
        self.tries += tries;
        let Some((_, smaller)) = best else { return false };
        let gone = from.scenario.events.len() - smaller.mission.scenario.events.len();
        if gone > 0 {
            self.boldness = gone * 4;
        }
        self.best = smaller;
        true
    }

    /// The run, if it failed in the same way.
    fn same(&self, mission: &Mission, result: RunResult) -> Option<Ended> {
        let same = self.is_same(&result);
        ended(mission, result).filter(|_| same)
    }

    fn is_same(&self, result: &RunResult) -> bool {
        result.failure().is_some_and(|failure| way(failure) == way(&self.best.failure))
    }
}

/// The run, if it failed.
fn ended(mission: &Mission, result: RunResult) -> Option<Ended> {
    let failure = result.failure()?.clone();
    Some(Ended { mission: mission.clone(), failure, record: result.record })
}
