//! The lock of the suites' own bookkeeping.

#![expect(
    clippy::disallowed_types,
    reason = "a lock under which nothing ever waits needs no scheduler"
)]

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A lock that the scheduler does not see: keeping books about a run is no point of choice in it, and
/// costs it nothing. It may be read from outside the world, too.
///
/// It must never be held across a call that could wait or that ends the run.
#[derive(Debug, Default)]
pub(crate) struct Lock<T>(Mutex<T>);

impl<T> Lock<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From outside the world: none if the world was interrupted while somebody held the lock, who
    /// then holds it for ever.
    pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        self.0.try_lock().ok()
    }
}
