//! Waits of the standard library's own locks, as the kernel would serve them.
//!
//! A `std::sync::Mutex`, `Condvar`, `RwLock` or `OnceLock` waits on a futex: a word of memory, by
//! address. Here such a wait parks the lab thread instead of the OS thread, so that std's locks work
//! inside a simulated world. Only equality of addresses is looked at, never their order.

use std::time::Duration;

use super::Sim;
use super::task::{WaitFor, Waiter, Woken};
use crate::os::{self, Frames};

/// Who waits at which address, in order of arrival.
#[derive(Default)]
pub(crate) struct Futexes {
    waiting: Vec<Wait>,
}

struct Wait {
    address: usize,
    /// The word's value when the wait began.
    value: u32,
    waiter: Waiter,
    /// Where the wait was called from.
    frames: Frames,
}

impl Futexes {
    /// Where this wait was called from, as `file:line:column`.
    pub(super) fn place(&self, waiter: Waiter) -> Option<String> {
        self.waiting.iter().find(|wait| wait.waiter == waiter)?.frames.user_place()
    }

    /// Takes out the waits whose word has changed. Lab threads say so when they change one, so that
    /// was an OS thread outside the world: the lock of the standard output, say. As a last hope such
    /// threads get a little wall time to let go.
    pub(super) fn changed(&mut self, is_last_hope: bool) -> Vec<Waiter> {
        const LOOKS: u32 = 50;
        if self.waiting.is_empty() {
            return Vec::new();
        }
        for look in 0..LOOKS {
            if look > 0 {
                std::thread::sleep(Duration::from_millis(2));
            }
            let has_changed = |wait: &mut Wait| os::futex_word(wait.address) != wait.value;
            let changed: Vec<Waiter> =
                self.waiting.extract_if(.., has_changed).map(|wait| wait.waiter).collect();
            if !changed.is_empty() || !is_last_hope {
                return changed;
            }
        }
        Vec::new()
    }
}

impl Sim {
    /// Parks the running thread until it is woken at `address`, where it has found `value`, or the
    /// virtual nanosecond `deadline` has come; `false` in the latter case.
    pub(crate) fn futex_wait(&self, address: usize, value: u32, deadline: Option<u64>) -> bool {
        let waiter = self.waiter();
        let frames = Frames::capture();
        let at = {
            let mut core = self.core.borrow_mut();
            core.futexes.waiting.push(Wait { address, value, waiter, frames });
            core.tasks.get(core.slot).at
        };
        let woken = self.block(WaitFor::StdLock, 0, deadline, at);
        if woken == Woken::TimedOut {
            self.core.borrow_mut().futexes.waiting.retain(|wait| wait.waiter != waiter);
        }
        woken != Woken::TimedOut
    }

    /// Wakes up to `count` threads that wait at `address`; returns how many.
    pub(crate) fn futex_wake(&self, address: usize, count: usize) -> usize {
        let mut woken = 0;
        while woken < count {
            let mut core = self.core.borrow_mut();
            let waiting = &mut core.futexes.waiting;
            let Some(index) = waiting.iter().position(|wait| wait.address == address) else {
                break;
            };
            let waiter = waiting.remove(index).waiter;
            drop(core);
            woken += usize::from(self.wake(waiter, 0));
        }
        woken
    }
}
