//! Waits of the standard library's own locks, as the kernel would serve them.
//!
//! A `std::sync::Mutex`, `Condvar`, `RwLock` or `OnceLock` waits on a futex: a word of memory, by
//! address. Here such a wait parks the lab thread instead of the OS thread, so that std's locks work
//! inside a simulated world. Only equality of addresses is looked at, never their order.

use super::Sim;
use super::task::{WaitFor, Waiter, Woken};

/// Who waits at which address, in order of arrival.
#[derive(Default)]
pub(crate) struct Futexes {
    waiting: Vec<(usize, Waiter)>,
}

impl Sim {
    /// Parks the running thread until it is woken at `address` or the virtual nanosecond `deadline`
    /// has come; `false` in the latter case.
    pub(crate) fn futex_wait(&self, address: usize, deadline: Option<u64>) -> bool {
        let waiter = self.waiter();
        let at = {
            let mut core = self.core.borrow_mut();
            core.futexes.waiting.push((address, waiter));
            core.tasks.get(core.slot).at
        };
        let woken = self.block(WaitFor::StdLock, 0, deadline, at);
        if woken == Woken::TimedOut {
            self.core.borrow_mut().futexes.waiting.retain(|(_, other)| *other != waiter);
        }
        woken != Woken::TimedOut
    }

    /// Wakes up to `count` threads that wait at `address`; returns how many.
    pub(crate) fn futex_wake(&self, address: usize, count: usize) -> usize {
        let mut woken = 0;
        while woken < count {
            let mut core = self.core.borrow_mut();
            let waiting = &mut core.futexes.waiting;
            let Some(index) = waiting.iter().position(|(at, _)| *at == address) else { break };
            let (_, waiter) = waiting.remove(index);
            drop(core);
            woken += usize::from(self.wake(waiter, 0));
        }
        woken
    }
}
