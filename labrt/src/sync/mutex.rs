//! Mutual exclusion.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{self, PoisonError, TryLockError};

use super::object::ObjectId;
use crate::context::{self, Current};
use crate::real::pool;
use crate::sim::locks::Access;
use crate::sim::{ObjectKind, Sim};
use crate::trace;

/// A lock around data, as [`std::sync::Mutex`], without poisoning.
///
/// In a simulated world, taking it and letting go of it are points of choice; taking it again in the
/// thread that holds it, and any cycle of threads that wait for each other's locks, is a deadlock
/// and ends the world at once.
pub struct Mutex<T: ?Sized> {
    id: ObjectId,
    /// The data, in a lock that is never contended in a simulated world: the scheduler has granted
    /// the access before.
    data: sync::Mutex<T>,
}

/// Access to the data of a [`Mutex`], until it is dropped.
pub struct MutexGuard<'a, T: ?Sized> {
    /// There until the guard lets go.
    data: Option<sync::MutexGuard<'a, T>>,
    mutex: &'a Mutex<T>,
    /// The world and the lock's number in it; `None` in the real world.
    held: Option<(&'static Sim, u32)>,
    at: &'static Location<'static>,
}

impl<T> Mutex<T> {
    /// A lock around `data`.
    pub const fn new(data: T) -> Self {
        Self { id: ObjectId::new(ObjectKind::Lock), data: sync::Mutex::new(data) }
    }

    /// The data, without the lock.
    pub fn into_inner(self) -> T {
        self.data.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits until no other thread holds the lock, and takes it.
    #[inline]
    #[track_caller]
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.lock_at(Location::caller())
    }

    /// Takes the lock on behalf of a call at `at`.
    #[inline]
    pub(super) fn lock_at(&self, at: &'static Location<'static>) -> MutexGuard<'_, T> {
        let held = match context::current() {
            Current::Real => {
                pool::locks(at);
                None
            }
            Current::Sim(sim) => {
                let lock = self.id.get(sim);
                sim.lock(lock, Access::Exclusive, at);
                Some((sim, lock))
            }
        };
        let data = self.data.lock().unwrap_or_else(PoisonError::into_inner);
        MutexGuard { data: Some(data), mutex: self, held, at }
    }

    /// Takes the lock unless another thread holds it.
    #[track_caller]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let at = Location::caller();
        let held = match context::current() {
            Current::Real => {
                pool::locks(at);
                None
            }
            Current::Sim(sim) => {
                let lock = self.id.get(sim);
                if !sim.try_lock(lock, Access::Exclusive, at) {
                    return None;
                }
                Some((sim, lock))
            }
        };
        let data = match self.data.try_lock() {
            Ok(data) => data,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        Some(MutexGuard { data: Some(data), mutex: self, held, at })
    }

    /// The data; nobody else can have the lock meanwhile.
    pub fn get_mut(&mut self) -> &mut T {
        self.data.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// The lock that this guard holds.
    pub(super) fn mutex(&self) -> &'a Mutex<T> {
        self.mutex
    }

    /// Lets go of the data and of the lock, without a point of choice.
    #[inline]
    pub(super) fn let_go(&mut self) -> Option<(&'static Sim, u32)> {
        self.data = None;
        let held = self.held.take();
        if let Some((sim, lock)) = held {
            sim.unlock(lock);
        }
        held
    }

    /// The guard of the standard library's lock; this one lets go of nothing any more.
    pub(super) fn into_std(mut self) -> sync::MutexGuard<'a, T> {
        self.data.take().expect("a guard holds its data")
    }

    /// A guard around that of the standard library.
    pub(super) fn from_std(
        data: sync::MutexGuard<'a, T>,
        mutex: &'a Mutex<T>,
        at: &'static Location<'static>,
    ) -> Self {
        Self { data: Some(data), mutex, held: None, at }
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if let Some((sim, lock)) = self.let_go() {
            sim.point(trace::UNLOCK, lock, 0, self.at);
        }
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.data.as_ref().expect("a guard holds its data")
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.data.as_mut().expect("a guard holds its data")
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Shows the data unless somebody holds the lock. No point of choice: what is logged must not change
/// the schedule.
impl<T: ?Sized + fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.data.try_lock() {
            Ok(data) => f.debug_tuple("Mutex").field(&&*data).finish(),
            Err(TryLockError::Poisoned(data)) => {
                f.debug_tuple("Mutex").field(&&*data.into_inner()).finish()
            }
            Err(TryLockError::WouldBlock) => f.write_str("Mutex(<locked>)"),
        }
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    fn from(data: T) -> Self {
        Self::new(data)
    }
}
