//! A group of threads, watched from outside: what a piece of code starts, what becomes of it, and which
//! locks it takes.

use std::panic::Location;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::context::{self, Current};
use crate::sim::task::Waiter;

/// The threads that one thread starts, and those that they start, and so on. A thread becomes the first
/// of a group by [`Builder::group`](crate::thread::Builder::group). Clones are the same group.
///
/// Nothing here is a point of choice but [`resume`](Self::resume)'s effect on the thread that it wakes.
#[derive(Clone, Debug, Default)]
pub struct Group(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    live: AtomicUsize,
    locked: OnceLock<&'static Location<'static>>,
    /// Whether a pause is set and not yet reached: looked at in each point of choice.
    is_set: AtomicBool,
    pause: Mutex<Pause>,
}

#[derive(Debug, Default)]
struct Pause {
    /// Points of choice before the one at which a thread is paused.
    points: u64,
    /// The thread that is paused, and where.
    paused: Option<(Waiter, &'static Location<'static>)>,
}

impl Group {
    /// A group of no threads.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many of its threads live.
    pub fn live(&self) -> usize {
        self.0.live.load(Ordering::Acquire)
    }

    /// What each of its threads is doing, in order of creation: `aggregator/thread 7 waits for a
    /// channel to take its message at src/lib.rs:40:9`. Empty in the real world, where that is not
    /// known.
    pub fn describe(&self) -> Vec<String> {
        match context::current() {
            Current::Sim(sim) => sim.describe_group(self),
            Current::Real => Vec::new(),
        }
    }

    /// Where one of its threads first took (or tried to take) a [`Mutex`](crate::sync::Mutex) or an
    /// [`RwLock`](crate::sync::RwLock); none when none did.
    pub fn locked_at(&self) -> Option<&'static Location<'static>> {
        self.0.locked.get().copied()
    }

    /// Pauses the thread of the group that comes to the group's point of choice number `point`, counted
    /// from now and from 0, until [`resume`](Self::resume). In the real world there are no points of
    /// choice, and nothing is paused.
    pub fn pause_at(&self, point: u64) {
        self.pause().points = point;
        self.0.is_set.store(true, Ordering::Release);
    }

    /// Where a thread of the group is paused; none when none is.
    pub fn paused(&self) -> Option<&'static Location<'static>> {
        self.pause().paused.map(|(_, at)| at)
    }

    /// Lets the paused thread go on; whether there was one. A pause that was not reached is forgotten.
    pub fn resume(&self) -> bool {
        self.0.is_set.store(false, Ordering::Release);
        let paused = self.pause().paused.take();
        match (paused, context::current()) {
            (Some((waiter, _)), Current::Sim(sim)) => sim.wake(waiter, 0),
            _ => false,
        }
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// A thread was added.
    pub(crate) fn joined(&self) {
        self.0.live.fetch_add(1, Ordering::AcqRel);
    }

    /// A thread has ended.
    pub(crate) fn left(&self) {
        self.0.live.fetch_sub(1, Ordering::AcqRel);
    }

    /// A thread takes a lock at `at`.
    #[inline]
    pub(crate) fn locks(&self, at: &'static Location<'static>) {
        self.0.locked.get_or_init(|| at);
    }

    /// A thread, whose next wait is `waiter`, comes to a point of choice; whether it is paused there.
    #[inline]
    pub(crate) fn pauses(&self, waiter: Waiter, at: &'static Location<'static>) -> bool {
        self.0.is_set.load(Ordering::Acquire) && self.reaches(waiter, at)
    }

    #[cold]
    fn reaches(&self, waiter: Waiter, at: &'static Location<'static>) -> bool {
        let mut pause = self.pause();
        if pause.points > 0 {
            pause.points -= 1;
            return false;
        }
        self.0.is_set.store(false, Ordering::Release);
        pause.paused = Some((waiter, at));
        true
    }

    fn pause(&self) -> MutexGuard<'_, Pause> {
        self.0.pause.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
