//! How late the machine itself is.
//!
//! On the real clock a busy machine wakes a thread late that has slept for a period, and a correct aggregator
//! seems slow. So a thread of the test sleeps as well, for a short time again and again, and what it is late by is
//! granted to the aggregator.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use labrt::Clock;
use labrt::thread;
use labrt::time::{Duration, Instant};

use super::moment::TOLERANCE;

/// How long it sleeps at a time.
const BEAT: Duration = Duration::from_millis(5);
/// The aggregator waits for threads that wait in turn, so it may be late more than once.
const TIMES: u32 = 2;

/// Measures until it is dropped.
#[derive(Debug, Default)]
pub(super) struct Metronome {
    /// The most that it was late, in nanoseconds.
    late_ns: Arc<AtomicU64>,
}

impl Metronome {
    /// Starts to measure. On the simulated clock nothing is late.
    pub(super) fn start() -> Self {
        let metronome = Self::default();
        if labrt::world::clock() == Clock::Real {
            let late_ns = Arc::downgrade(&metronome.late_ns);
            thread::spawn(move || beat(&late_ns));
        }
        metronome
    }

    /// By how much moments may differ that should be the same: nothing on the simulated clock, on the real one
    /// what the course tolerates and what the machine was late.
    pub(super) fn slack(&self) -> Duration {
        match labrt::world::clock() {
            Clock::Sim => Duration::ZERO,
            Clock::Real => {
                TOLERANCE + TIMES * Duration::from_nanos(self.late_ns.load(Ordering::Relaxed))
            }
        }
    }
}

fn beat(late_ns: &Weak<AtomicU64>) {
    while let Some(late_ns) = late_ns.upgrade() {
        let start = Instant::now();
        thread::sleep(BEAT);
        let late = start.elapsed().saturating_sub(BEAT);
        late_ns.fetch_max(late.as_nanos() as u64, Ordering::Relaxed);
    }
}
