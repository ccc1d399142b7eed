//! A value that is handed over once.

use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::Thread;
use std::time::Duration;

use crate::context::{self, Current};
use crate::foreign;
use crate::real::pool;
use crate::sim::Sim;
use crate::sim::task::{WaitFor, Waiter};

/// How long a waiting thread spins on the real clock when the value is likely near.
const SPIN: Duration = Duration::from_micros(30);

/// A place for one value that one thread waits for: the reply of an RPC, the result of a thread.
/// Clones share the place. What is set first counts.
pub struct Slot<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    /// Whether a value was set, for a waiting thread that spins.
    is_set: AtomicBool,
}

struct State<T> {
    value: Option<T>,
    waiting: Waiting,
}

enum Waiting {
    Nobody,
    /// In the simulated world of this number.
    Sim(u64, Waiter),
    Real(Thread),
}

impl<T> Slot<T> {
    /// An empty slot.
    pub fn new() -> Self {
        let state = State { value: None, waiting: Waiting::Nobody };
        let shared = Shared { state: Mutex::new(state), is_set: AtomicBool::new(false) };
        Self { shared: Arc::new(shared) }
    }

    /// Sets the value and wakes who waits for it. Returns `false`, and drops the value, when another
    /// was set before. No point of choice.
    pub fn set(&self, value: T) -> bool {
        let mut state = self.state();
        if self.is_set() {
            return false;
        }
        state.value = Some(value);
        self.shared.is_set.store(true, Ordering::Release);
        let waiting = std::mem::replace(&mut state.waiting, Waiting::Nobody);
        drop(state);
        match waiting {
            Waiting::Nobody => {}
            Waiting::Sim(world, waiter) => match context::current() {
                Current::Sim(sim) if sim.id() == world => {
                    sim.wake(waiter, 0);
                }
                _ => foreign::misused("a slot"),
            },
            Waiting::Real(thread) => thread.unpark(),
        }
        true
    }

    /// Whether a value was set. No point of choice.
    pub fn is_set(&self) -> bool {
        self.shared.is_set.load(Ordering::Acquire)
    }

    /// Waits for the value and takes it.
    ///
    /// # Panics
    /// When the value was taken before.
    #[track_caller]
    pub fn wait(&self) -> T {
        self.wait_for(WaitFor::Reply, Location::caller())
    }

    /// As [`wait`](Self::wait), for what `wait` says.
    pub(crate) fn wait_for(&self, wait: WaitFor, at: &'static Location<'static>) -> T {
        if !self.is_set() {
            match context::current() {
                Current::Sim(sim) => self.wait_sim(sim, wait, at),
                Current::Real => self.wait_real(),
            }
        }
        self.state().value.take().expect("a slot's value is taken once")
    }

    fn wait_sim(&self, sim: &Sim, wait: WaitFor, at: &'static Location<'static>) {
        self.state().waiting = Waiting::Sim(sim.id(), sim.waiter());
        sim.block(wait, 0, None, at);
    }

    fn wait_real(&self) {
        if pool::last_was_hot() && pool::spin_until(SPIN, || self.is_set()) {
            return;
        }
        {
            let mut state = self.state();
            if self.is_set() {
                return;
            }
            state.waiting = Waiting::Real(std::thread::current());
        }
        while !self.is_set() {
            std::thread::park();
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("is_set", &self.is_set()).finish_non_exhaustive()
    }
}
