//! Condition variables.

use std::panic::Location;
use std::sync::{self, PoisonError};

use super::mutex::MutexGuard;
use super::object::ObjectId;
use crate::context::{self, Current};
use crate::sim::ObjectKind;
use crate::sim::task::{WaitFor, Woken};
use crate::time::{Duration, nanos};

/// A condition variable, as [`std::sync::Condvar`].
///
/// A wait may end without a notification on the real clock, so it belongs in a loop that looks at
/// its condition again, as ever.
#[derive(Debug)]
pub struct Condvar {
    id: ObjectId,
    real: sync::Condvar,
}

impl Condvar {
    /// A condition variable that nobody waits for.
    pub const fn new() -> Self {
        Self { id: ObjectId::new(ObjectKind::Condvar), real: sync::Condvar::new() }
    }

    /// Lets go of the guard's lock, waits for a notification, and takes the lock again.
    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        self.wait_until(guard, None, Location::caller()).0
    }

    /// Waits as long as `condition` is true of the data.
    #[track_caller]
    pub fn wait_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> MutexGuard<'a, T> {
        let at = Location::caller();
        while condition(&mut guard) {
            guard = self.wait_until(guard, None, at).0;
        }
        guard
    }

    /// As [`wait`](Self::wait), for `timeout` at most; `true` comes with a wait that timed out.
    #[track_caller]
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        timeout: Duration,
    ) -> (MutexGuard<'a, T>, bool) {
        self.wait_until(guard, Some(timeout), Location::caller())
    }

    fn wait_until<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        timeout: Option<Duration>,
        at: &'static Location<'static>,
    ) -> (MutexGuard<'a, T>, bool) {
        let mutex = guard.mutex();
        let Current::Sim(sim) = context::current() else {
            let (data, timed_out) = self.wait_real(guard.into_std(), timeout);
            return (MutexGuard::from_std(data, mutex, at), timed_out);
        };
        let condvar = self.id.get(sim);
        let deadline = timeout.map(|timeout| sim.now().saturating_add(nanos(timeout)));
        let waiter = sim.enqueue_condvar(condvar);
        guard.let_go();
        let timed_out = sim.block(WaitFor::Condvar, condvar, deadline, at) == Woken::TimedOut;
        if timed_out {
            sim.leave_condvar(condvar, waiter);
        }
        (mutex.lock_at(at), timed_out)
    }

    fn wait_real<'a, T>(
        &self,
        data: sync::MutexGuard<'a, T>,
        timeout: Option<Duration>,
    ) -> (sync::MutexGuard<'a, T>, bool) {
        match timeout {
            None => (self.real.wait(data).unwrap_or_else(PoisonError::into_inner), false),
            Some(timeout) => {
                let (data, result) =
                    self.real.wait_timeout(data, timeout).unwrap_or_else(PoisonError::into_inner);
                (data, result.timed_out())
            }
        }
    }

    /// Wakes one thread that waits, if one does.
    #[track_caller]
    pub fn notify_one(&self) {
        self.notify(false, Location::caller());
    }

    /// Wakes all threads that wait.
    #[track_caller]
    pub fn notify_all(&self) {
        self.notify(true, Location::caller());
    }

    fn notify(&self, all: bool, at: &'static Location<'static>) {
        match context::current() {
            Current::Sim(sim) => sim.notify(self.id.get(sim), all, at),
            Current::Real if all => self.real.notify_all(),
            Current::Real => self.real.notify_one(),
        }
    }
}

impl Default for Condvar {
    fn default() -> Self {
        Self::new()
    }
}
