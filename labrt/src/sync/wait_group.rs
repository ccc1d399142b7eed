//! Waiting for a number of threads to be done.

use std::sync::Arc;

use super::{Condvar, Mutex};

/// Waits until every clone is gone, in the manner of Go's `sync.WaitGroup`: each thread gets a clone
/// and drops it when it is done.
///
/// ```
/// use labrt::sync::WaitGroup;
///
/// let group = WaitGroup::new();
/// for _ in 0..3 {
///     let member = group.clone();
///     labrt::thread::spawn(move || drop(member));
/// }
/// group.wait();
/// ```
#[derive(Debug)]
pub struct WaitGroup {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    members: Mutex<usize>,
    alone: Condvar,
}

impl WaitGroup {
    /// A group with one member: the caller.
    pub fn new() -> Self {
        Self { shared: Arc::new(Shared { members: Mutex::new(1), alone: Condvar::new() }) }
    }

    /// Leaves the group and waits until all others have left.
    #[track_caller]
    pub fn wait(self) {
        let shared = Arc::clone(&self.shared);
        drop(self);
        let members = shared.members.lock();
        drop(shared.alone.wait_while(members, |members| *members > 0));
    }
}

impl Default for WaitGroup {
    fn default() -> Self {
        Self::new()
    }
}

impl Clone for WaitGroup {
    fn clone(&self) -> Self {
        *self.shared.members.lock() += 1;
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl Drop for WaitGroup {
    fn drop(&mut self) {
        let mut members = self.shared.members.lock();
        *members -= 1;
        let alone = *members == 0;
        drop(members);
        if alone {
            self.shared.alone.notify_all();
        }
    }
}
