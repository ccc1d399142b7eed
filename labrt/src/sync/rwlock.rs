//! Many readers or one writer.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{self, PoisonError, TryLockError, TryLockResult};

use super::object::ObjectId;
use crate::context::{self, Current};
use crate::real::pool;
use crate::sim::locks::Access;
use crate::sim::{ObjectKind, Sim};
use crate::trace;

/// A lock that many readers share or one writer has, as [`std::sync::RwLock`], without poisoning.
///
/// Neither readers nor writers are preferred: who comes first is the scheduler's choice, and on the
/// real clock the standard library's.
pub struct RwLock<T: ?Sized> {
    id: ObjectId,
    data: sync::RwLock<T>,
}

/// Somebody else has the lock.
struct NotFree;

/// The guard, whether or not the lock is poisoned; `None` when the lock is not to be had.
fn unpoisoned<G>(result: TryLockResult<G>) -> Option<G> {
    match result {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// A hold on the lock in a simulated world.
struct Held {
    sim: &'static Sim,
    lock: u32,
    at: &'static Location<'static>,
}

impl Held {
    fn let_go(held: Option<Self>) {
        if let Some(Self { sim, lock, at }) = held {
            sim.unlock(lock);
            sim.point(trace::UNLOCK, lock, 0, at);
        }
    }
}

macro_rules! guard {
    ($(#[$doc:meta])* $name:ident, $std:ident) => {
        $(#[$doc])*
        pub struct $name<'a, T: ?Sized> {
            /// There until the guard is dropped.
            data: Option<sync::$std<'a, T>>,
            held: Option<Held>,
        }

        impl<T: ?Sized> Drop for $name<'_, T> {
            fn drop(&mut self) {
                self.data = None;
                Held::let_go(self.held.take());
            }
        }

        impl<T: ?Sized> Deref for $name<'_, T> {
            type Target = T;

            fn deref(&self) -> &T {
                self.data.as_ref().expect("a guard holds its data")
            }
        }

        impl<T: ?Sized + fmt::Debug> fmt::Debug for $name<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }
    };
}

guard! {
    /// Shared access to the data of a [`RwLock`], until it is dropped.
    RwLockReadGuard, RwLockReadGuard
}

guard! {
    /// Access to the data of a [`RwLock`] for one, until it is dropped.
    RwLockWriteGuard, RwLockWriteGuard
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.data.as_mut().expect("a guard holds its data")
    }
}

impl<T> RwLock<T> {
    /// A lock around `data`.
    pub const fn new(data: T) -> Self {
        Self { id: ObjectId::new(ObjectKind::Lock), data: sync::RwLock::new(data) }
    }

    /// The data, without the lock.
    pub fn into_inner(self) -> T {
        self.data.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Waits until no writer has the lock, and shares it.
    #[track_caller]
    pub fn read(&self) -> RwLockReadGuard<'_, T> {
        let held = self.hold(Access::Shared, Location::caller());
        let data = self.data.read().unwrap_or_else(PoisonError::into_inner);
        RwLockReadGuard { data: Some(data), held }
    }

    /// Waits until nobody has the lock, and takes it.
    #[track_caller]
    pub fn write(&self) -> RwLockWriteGuard<'_, T> {
        let held = self.hold(Access::Exclusive, Location::caller());
        let data = self.data.write().unwrap_or_else(PoisonError::into_inner);
        RwLockWriteGuard { data: Some(data), held }
    }

    /// Shares the lock unless a writer has it.
    #[track_caller]
    pub fn try_read(&self) -> Option<RwLockReadGuard<'_, T>> {
        let held = self.try_hold(Access::Shared, Location::caller()).ok()?;
        let data = unpoisoned(self.data.try_read())?;
        Some(RwLockReadGuard { data: Some(data), held })
    }

    /// Takes the lock unless anybody has it.
    #[track_caller]
    pub fn try_write(&self) -> Option<RwLockWriteGuard<'_, T>> {
        let held = self.try_hold(Access::Exclusive, Location::caller()).ok()?;
        let data = unpoisoned(self.data.try_write())?;
        Some(RwLockWriteGuard { data: Some(data), held })
    }

    /// The data; nobody else can have the lock meanwhile.
    pub fn get_mut(&mut self) -> &mut T {
        self.data.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self, access: Access, at: &'static Location<'static>) -> Option<Held> {
        let Current::Sim(sim) = context::current() else {
            pool::locks(at);
            return None;
        };
        let lock = self.id.get(sim);
        sim.lock(lock, access, at);
        Some(Held { sim, lock, at })
    }

    /// An error when the lock is not to be had; `None` in the real world, where the standard library
    /// decides.
    fn try_hold(
        &self,
        access: Access,
        at: &'static Location<'static>,
    ) -> Result<Option<Held>, NotFree> {
        let Current::Sim(sim) = context::current() else {
            pool::locks(at);
            return Ok(None);
        };
        let lock = self.id.get(sim);
        if sim.try_lock(lock, access, at) { Ok(Some(Held { sim, lock, at })) } else { Err(NotFree) }
    }
}

/// Shows the data unless a writer has the lock. No point of choice.
impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match unpoisoned(self.data.try_read()) {
            Some(data) => f.debug_tuple("RwLock").field(&&*data).finish(),
            None => f.write_str("RwLock(<locked>)"),
        }
    }
}

impl<T: Default> Default for RwLock<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}
