//! The server's one lock.
//!
//! What goes on at its borders: whoever lets go of it saves what must survive a crash. In debug
//! builds the invariants are checked on the way in and on the way out.

use std::ops::{Deref, DerefMut};

use labrt::sync::{Condvar, MutexGuard};
use labrt::time::Duration;

use crate::invariants::Checkpoint;
use crate::server::Server;
use crate::state::State;

/// The state, while its lock is held.
pub(crate) struct Locked<'a> {
    /// Empty only inside [`leave`](Self::leave).
    guard: Option<MutexGuard<'a, State>>,
    entered: Checkpoint,
}

/// Excludes the lock.
impl Server {
    /// Takes the lock.
    pub(crate) fn lock(&self) -> Locked<'_> {
        Locked::enter(self.state.lock())
    }
}

impl<'a> Locked<'a> {
    fn enter(guard: MutexGuard<'a, State>) -> Self {
        let entered = Checkpoint::of(&guard);
        if cfg!(debug_assertions) {
            guard.check_invariants(&entered);
        }
        Self { guard: Some(guard), entered }
    }

    /// Saves and checks; the lock is still held.
    fn leave(&mut self) -> Option<MutexGuard<'a, State>> {
        let mut guard = self.guard.take()?;
        // After a panic the state is worth nothing, and must not overwrite what was saved.
        if !std::thread::panicking() {
            guard.stable.save();
            if cfg!(debug_assertions) {
                guard.check_invariants(&self.entered);
            }
        }
        Some(guard)
    }

    /// Lets go of the lock until `condvar` is notified.
    pub(crate) fn wait(mut self, condvar: &Condvar) -> Self {
        let guard = self.leave().expect("the lock is held");
        Self::enter(condvar.wait(guard))
    }

    /// Lets go of the lock until `condvar` is notified or `timeout` has passed.
    pub(crate) fn wait_timeout(mut self, condvar: &Condvar, timeout: Duration) -> Self {
        let guard = self.leave().expect("the lock is held");
        let (guard, _timed_out) = condvar.wait_timeout(guard, timeout);
        Self::enter(guard)
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        drop(self.leave());
    }
}

impl Deref for Locked<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        self.guard.as_ref().expect("the lock is held")
    }
}

impl DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut State {
        self.guard.as_mut().expect("the lock is held")
    }
}

#[cfg(test)]
mod tests {
    use contracts::raft::Persister;

    use super::*;
    use crate::persist::Persistent;

    fn server(storage: &Persister) -> Server {
        Server::new(Server::initial_state(0, 3, storage.clone()), Vec::new())
    }

    #[test]
    fn what_changed_is_saved_when_the_lock_is_released_and_not_before() {
        let storage = Persister::new();
        let server = server(&storage);
        let mut state = server.lock();
        state.become_candidate();
        assert_eq!(storage.size(), 0);
        drop(state);
        let saved = Persistent::restore(storage);
        assert_eq!((saved.current_term(), saved.voted_for()), (1, Some(0)));
    }

    #[test]
    fn what_changed_is_saved_before_a_wait() {
        let storage = Persister::new();
        let server = server(&storage);
        let mut state = server.lock();
        state.become_candidate();
        let state = state.wait_timeout(&server.signals.timer, Duration::from_millis(1));
        assert_ne!(storage.size(), 0);
        drop(state);
    }
}
