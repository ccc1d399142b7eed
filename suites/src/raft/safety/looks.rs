//! Looks into servers that are under way.
//!
//! A server that was killed owes no answer: it may have let go of everything, or ended the thread that would give it. So
//! nobody is killed while somebody looks.

use contracts::raft::ServerId;
use labrt::sync::{Condvar, Mutex};

/// The looks, by server.
#[derive(Debug)]
pub(super) struct Looks(Vec<Looked>);

/// A server.
#[derive(Debug, Default)]
struct Looked {
    /// How many looks into it are under way.
    now: Mutex<usize>,
    over: Condvar,
}

/// A look that is under way until this is dropped.
#[derive(Debug)]
pub(super) struct Look<'a>(&'a Looked);

impl Looks {
    pub(super) fn new(servers: usize) -> Self {
        Self(std::iter::repeat_with(Looked::default).take(servers).collect())
    }

    /// A look into `server` begins.
    pub(super) fn begin(&self, server: ServerId) -> Look<'_> {
        let looked = &self.0[server];
        *looked.now.lock() += 1;
        Look(looked)
    }

    /// Waits until no look into `server` is under way.
    pub(super) fn wait(&self, server: ServerId) {
        let Looked { now, over } = &self.0[server];
        drop(over.wait_while(now.lock(), |now| *now > 0));
    }
}

impl Drop for Look<'_> {
    fn drop(&mut self) {
        *self.0.now.lock() -= 1;
        self.0.over.notify_all();
    }
}
