//! The real world: OS threads, the wall clock, the locks of the standard library.
//!
//! | module | what |
//! | --- | --- |
//! | [`pool`] | OS threads, kept and used again |

pub(crate) mod pool;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::panics;
use crate::sim::task::Belongs;
use crate::verdict::{Verdict, VerdictKind};
use crate::world::{Config, Ending, Stats};

/// A real world.
pub(crate) struct RealWorld {
    started: Instant,
    seed: u64,
    limit: Option<Duration>,
    threads: AtomicU64,
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Default)]
struct State {
    ending: Option<Ending>,
    notes: Vec<String>,
}

impl RealWorld {
    /// Ends the world; the calling thread never goes on.
    pub(crate) fn end(&self, ending: Ending) -> ! {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.ending.get_or_insert(ending);
        drop(state);
        self.ended.notify_all();
        loop {
            std::thread::park();
        }
    }

    /// Adds a note to what the run leaves behind.
    pub(crate) fn note(&self, note: String) {
        let notes = &mut self.state.lock().unwrap_or_else(PoisonError::into_inner).notes;
        if !notes.contains(&note) {
            notes.push(note);
        }
    }

    /// Wall time since the world began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// A seed for a thread's generator: another for each call.
    pub(crate) fn next_seed(&self) -> u64 {
        self.seed ^ self.threads.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    /// Waits until the world has ended or its limit has passed.
    fn wait(&self) -> (Ending, Vec<String>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.ending.is_none() {
            let left = self.limit.map(|limit| limit.saturating_sub(self.elapsed()));
            state = match left {
                Some(Duration::ZERO) => {
                    state.ending = Some(Ending::Verdict(out_of_time(self.limit)));
                    state
                }
                Some(left) => {
                    let waited = self.ended.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.ended.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
        let ending = state.ending.take().expect("checked above");
        (ending, std::mem::take(&mut state.notes))
    }
}

fn out_of_time(limit: Option<Duration>) -> Verdict {
    let limit = limit.unwrap_or_default().as_secs_f64();
    Verdict::new(VerdictKind::TimeLimit, format!("the test had not ended after {limit} seconds"))
}

/// Runs `main` and every thread it starts until the world ends.
pub(crate) fn run(config: &Config, main: Box<dyn FnOnce() + Send>) -> (Ending, Stats) {
    let world: &'static RealWorld = Box::leak(Box::new(RealWorld {
        started: Instant::now(),
        seed: config.seed,
        limit: config.time_limit,
        threads: AtomicU64::new(1),
        state: Mutex::default(),
        ended: Condvar::new(),
    }));
    let main_thread = Belongs { name: Some("main".into()), ..Belongs::default() };
    pool::start(Some(world), main_thread, main);
    let (ending, notes) = world.wait();
    let stats = Stats { time: world.elapsed(), notes, ..Stats::default() };
    (ending, stats)
}

/// Runs a lab thread's body; a panic that leaves it ends the world.
fn run_body(world: Option<&'static RealWorld>, label: &str, body: impl FnOnce()) {
    let Err(panic) = panics::catch(body) else { return };
    if let Some(world) = world {
        world.end(Ending::Verdict(panic.into_verdict(label)));
    }
}

/// Wall time since this was first asked for.
pub(crate) fn process_time() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}
