//! The locks of a simulated world: who holds each, and who waits for it.
//!
//! They live in one table rather than in the locks themselves, so that a cycle of waits can be
//! followed the moment it closes. A lock is not handed over: whoever is woken tries again, and a
//! thread that runs at the right moment may come first, as with the locks of the standard library.

use std::panic::Location;

use super::policy::Policy;
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
    waiting: Vec<Waiter>,
    /// Whether one of those who wait wants to share the lock.
    wants_share: bool,
}

impl Lock {
    /// Takes the lock when it is free for this kind of access.
    #[inline]
    pub(crate) fn try_take(&mut self, access: Access, hold: Hold) -> bool {
        let free = match access {
            Access::Exclusive => self.holds.is_empty(),
            Access::Shared => self.holds.is_empty() || !self.exclusive,
        };
        if free {
            self.exclusive = access == Access::Exclusive;
            self.holds.push(hold);
        }
        free
    }

    /// Lets go of one hold of `task`.
    #[inline]
    pub(crate) fn release(&mut self, task: TaskRef) {
        if let Some(index) = self.holds.iter().position(|hold| hold.task == task) {
            self.holds.swap_remove(index);
        }
    }

    /// Takes those out of the queue who may try, now that nobody holds the lock: one that `policy`
    /// picks, or all of them when several may go on together. Waking all always would cost the
    /// square of their number.
    #[inline]
    pub(crate) fn admit(&mut self, policy: &mut dyn Policy) -> Vec<Waiter> {
        if self.waiting.is_empty() || !self.holds.is_empty() {
            return Vec::new();
        }
        if std::mem::take(&mut self.wants_share) {
            return std::mem::take(&mut self.waiting);
        }
        let index = policy.pick(&self.waiting);
        vec![self.waiting.remove(index)]
    }

    /// Queues for the lock; a thread that was woken and came too late goes to the front.
    pub(crate) fn enqueue(&mut self, waiter: Waiter, access: Access, again: bool) {
        self.wants_share |= access == Access::Shared;
        let place = if again { 0 } else { self.waiting.len() };
        self.waiting.insert(place, waiter);
    }

    /// Who holds it.
    pub(crate) fn holds(&self) -> &[Hold] {
        &self.holds
    }

    /// Who waits for it first.
    pub(crate) fn first_waiting(&self) -> Option<Waiter> {
        self.waiting.first().copied()
    }
}

/// Things of one kind, each under a number that is used again when the thing is gone, so that a
/// program which makes and drops locks forever does not grow.
#[derive(Default)]
pub(crate) struct Table<T> {
    places: Vec<T>,
    free: Vec<u32>,
}

impl<T: Default> Table<T> {
    /// A number for a new thing.
    pub(crate) fn add(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.places.push(T::default());
            self.places.len() as u32 - 1
        })
    }

    /// Forgets a thing and returns it.
    pub(crate) fn remove(&mut self, number: u32) -> T {
        self.free.push(number);
        std::mem::take(&mut self.places[number as usize])
    }

    #[inline]
    pub(crate) fn get(&self, number: u32) -> &T {
        &self.places[number as usize]
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, number: u32) -> &mut T {
        &mut self.places[number as usize]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.places.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::super::policy::fifo::Fifo;
    use super::*;

    fn hold(slot: u32) -> Hold {
        Hold { task: TaskRef { slot, ordinal: slot }, at: Location::caller() }
    }

    fn waiter(slot: u32) -> Waiter {
        Waiter { slot, wait: 0 }
    }

    #[test]
    fn readers_share_and_a_writer_does_not() {
        let mut lock = Lock::default();
        assert!(lock.try_take(Access::Shared, hold(1)));
        assert!(lock.try_take(Access::Shared, hold(2)));
        assert!(!lock.try_take(Access::Exclusive, hold(3)));
        lock.release(hold(1).task);
        assert!(!lock.try_take(Access::Exclusive, hold(3)));
        lock.release(hold(2).task);
        assert!(lock.try_take(Access::Exclusive, hold(3)));
        assert!(!lock.try_take(Access::Shared, hold(1)));
    }

    #[test]
    fn one_writer_is_woken_at_a_time_in_order_of_arrival() {
        let mut lock = Lock::default();
        lock.enqueue(waiter(1), Access::Exclusive, false);
        lock.enqueue(waiter(2), Access::Exclusive, false);
        assert_eq!(lock.admit(&mut Fifo::default()), [waiter(1)]);
        lock.enqueue(waiter(1), Access::Exclusive, true);
        assert_eq!(lock.admit(&mut Fifo::default()), [waiter(1)]);
        assert_eq!(lock.admit(&mut Fifo::default()), [waiter(2)]);
        assert_eq!(lock.admit(&mut Fifo::default()), []);
    }

    #[test]
    fn all_are_woken_when_one_of_them_may_share() {
        let mut lock = Lock::default();
        lock.enqueue(waiter(1), Access::Exclusive, false);
        lock.enqueue(waiter(2), Access::Shared, false);
        assert_eq!(lock.admit(&mut Fifo::default()), [waiter(1), waiter(2)]);
    }

    #[test]
    fn a_number_is_used_again_with_nothing_left_of_the_thing_before() {
        let mut table = Table::<Vec<u8>>::default();
        assert_eq!((table.add(), table.add()), (0, 1));
        table.get_mut(0).push(7);
        assert_eq!(table.remove(0), [7]);
        assert_eq!(table.add(), 0);
        assert!(table.get(0).is_empty());
        assert_eq!(table.add(), 2);
    }
}
