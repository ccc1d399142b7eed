//! What each worker is doing, for whoever asks.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reports::units::{duration, plural};

use crate::session::event::Event;

/// What is known at the moment. Copies know the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Status(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    tests: Vec<String>,
    seed: u64,
    planned: u64,
    ended: u64,
    failed: u64,
    started: Option<Instant>,
    /// By test and iteration.
    running: BTreeMap<(usize, u64), Running>,
}

/// A run that has begun and not ended.
#[derive(Debug)]
struct Running {
    seed: u64,
    since: Instant,
}

impl Status {
    /// Takes notice of `event`.
    pub(super) fn see(&self, event: &Event<'_>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Started(session) => {
                state.tests = session.tests.iter().map(|test| test.id.clone()).collect();
                state.seed = session.seed;
                state.planned = session.count.saturating_mul(session.tests.len() as u64);
                state.started = Some(Instant::now());
            }
            Event::RunStarted { job, seed } => {
                let running = Running { seed: *seed, since: Instant::now() };
                state.running.insert((job.test, job.iteration), running);
            }
            Event::RunFinished { job, noted, .. } => {
                state.running.remove(&(job.test, job.iteration));
                state.ended += 1;
                state.failed += u64::from(!noted.passed);
            }
            Event::TestDecided { .. } | Event::Ended => {}
        }
    }

    /// The answer, in lines: how far the session is, and each run that is under way, the oldest first.
    pub(super) fn text(&self) -> String {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let took = state.started.map_or(Duration::ZERO, |started| started.elapsed());
        let mut text = format!(
            "{} of {}, {} failed, after {}, seed {}\n",
            state.ended,
            plural(state.planned, "run"),
            state.failed,
            duration(took.as_secs_f64()),
            state.seed
        );
        let mut running: Vec<_> = state.running.iter().collect();
        running.sort_by_key(|(_, run)| run.since);
        for ((test, iteration), Running { seed, since }) in running {
            let (id, number) = (&state.tests[*test], iteration + 1);
            let age = duration(since.elapsed().as_secs_f64());
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {id}, run {number}, seed {seed}: for {age}");
        }
        text
    }
}
