//! The machine, in shares: a run begins when those that it takes are free.
//!
//! A run on the simulated clock keeps one core busy. One on the real clock mostly sleeps (the reference
//! Raft uses some 2 % of a core), so several go to a core, and enough is left for timing tolerances; more where no
//! verdict hangs on those (MapReduce, 6 % of a core). One that keeps the machine busy on the real clock runs alone:
//! another beside it would make it too slow, and the verdict wrong.

use std::sync::{Condvar, Mutex, OnceLock, PoisonError};

use protocol::{Clock, Effort};

/// Shares of a core: as many runs go to one of those that take least.
pub const PER_CORE: usize = 8;

/// Those that a run takes which mostly sleeps, and wants to be woken in time.
const LIGHT: usize = 2;

/// Cores of this machine, as far as this process may use them.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// How much of the machine a run takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// One core.
    Core,
    /// A part of a core.
    Light,
    /// A smaller part of a core.
    Slight,
    /// All of it.
    Alone,
}

impl Load {
    /// That of a run on `clock`, of which `effort` is known for the real one.
    pub fn of(clock: Clock, effort: Effort) -> Self {
        match (clock, effort) {
            (Clock::Sim, _) => Self::Core,
            (Clock::Real, Effort::Least) => Self::Slight,
            (Clock::Real, Effort::Usual) => Self::Light,
            (Clock::Real, Effort::Most) => Self::Alone,
        }
    }

    /// The shares that it takes of a machine that has `shares`.
    pub fn share(self, shares: usize) -> usize {
        match self {
            Self::Core => PER_CORE.min(shares),
            Self::Light => LIGHT.min(shares),
            Self::Slight => 1,
            Self::Alone => shares,
        }
    }
}

/// The shares, some of them taken.
#[derive(Debug)]
pub struct Shares {
    /// Who waits holds this, so that a run which takes much is not overtaken for ever by those that take
    /// little.
    turn: Mutex<()>,
    count: usize,
    free: Mutex<usize>,
    freed: Condvar,
}

/// Shares that are taken until this is dropped.
#[derive(Debug)]
pub struct Taken<'a> {
    of: &'a Shares,
    shares: usize,
}

impl Shares {
    /// This many, all of them free.
    pub fn new(shares: usize) -> Self {
        Self {
            turn: Mutex::default(),
            count: shares,
            free: Mutex::new(shares),
            freed: Condvar::new(),
        }
    }

    /// Those of this machine, for all threads of this process.
    pub fn of_machine() -> &'static Self {
        static MACHINE: OnceLock<Shares> = OnceLock::new();
        MACHINE.get_or_init(|| Self::new(cores() * PER_CORE))
    }

    /// How many there are, free or not.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Waits until there is room for a run of this load, in order of arrival.
    pub fn take_for(&self, load: Load) -> Taken<'_> {
        self.take(load.share(self.count))
    }

    /// Waits until `shares` are free and takes them, in order of arrival.
    pub fn take(&self, shares: usize) -> Taken<'_> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = self.freed.wait_while(free, |free| *free < shares);
        *enough.unwrap_or_else(PoisonError::into_inner) -= shares;
        Taken { of: self, shares }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        *self.of.free.lock().unwrap_or_else(PoisonError::into_inner) += self.shares;
        self.of.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn no_more_is_taken_than_there_is_and_who_takes_all_has_its_turn() {
        let (shares, taken, most) = (Shares::new(4), AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for wanted in [1, 4, 2, 1, 4, 3].repeat(20) {
                let (shares, taken, most) = (&shares, &taken, &most);
                scope.spawn(move || {
                    let _held = shares.take(wanted);
                    let now = taken.fetch_add(wanted, Ordering::SeqCst) + wanted;
                    most.fetch_max(now, Ordering::SeqCst);
                    thread::yield_now();
                    taken.fetch_sub(wanted, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(most.into_inner(), 4);
    }
}
