//! The locks of a simulated world: who holds each, and who waits for it.
//!
//! They live in one table rather than in the locks themselves, so that a cycle of waits can be
//! followed the moment it closes.

use std::collections::VecDeque;
use std::panic::Location;

use super::task::{TaskRef, Waiter};

/// Shared by any number of readers, or held by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Shared,
    Exclusive,
}

/// One thread's hold on a lock.
#[derive(Clone, Copy)]
pub(crate) struct Hold {
    pub(crate) task: TaskRef,
    /// Where it was taken.
    pub(crate) at: &'static Location<'static>,
}

/// A mutex or a read-write lock.
#[derive(Default)]
pub(crate) struct Lock {
    holds: Vec<Hold>,
    exclusive: bool,
    waiting: VecDeque<Waiter>,
}

impl Lock {
    /// Takes the lock when it is free for this kind of access.
    #[inline]
    pub(crate) fn try_take(&mut self, access: Access, hold: Hold) -> bool {
        let free = match access {
            Access::Exclusive => self.holds.is_empty(),
            Access::Shared => !self.exclusive,
        };
        if free {
            self.exclusive = access == Access::Exclusive;
            self.holds.push(hold);
        }
        free
    }

    /// Lets go of one hold of `task`; returns those who may now try, when nobody holds it any more.
    #[inline]
    pub(crate) fn release(&mut self, task: TaskRef) -> VecDeque<Waiter> {
        if let Some(index) = self.holds.iter().position(|hold| hold.task == task) {
            self.holds.swap_remove(index);
        }
        if self.holds.is_empty() { std::mem::take(&mut self.waiting) } else { VecDeque::new() }
    }

    /// Queues for the lock; a thread that was woken and came too late goes to the front.
    pub(crate) fn enqueue(&mut self, waiter: Waiter, again: bool) {
        if again {
            self.waiting.push_front(waiter);
        } else {
            self.waiting.push_back(waiter);
        }
    }

    /// Who holds it.
    pub(crate) fn holds(&self) -> &[Hold] {
        &self.holds
    }
}
