//! The timers of a simulated world: who is to be woken when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::task::Waiter;

/// A queue of wake-ups, by deadline and then by the order in which they were set.
///
/// A timer belongs to one wait of one thread. When that wait ends otherwise, its timer stays behind
/// and is skipped when it comes up.
#[derive(Default)]
pub(crate) struct Timers {
    heap: BinaryHeap<Reverse<(u64, u64, Waiter)>>,
    set: u64,
}

impl Timers {
    /// Sets a timer for `waiter` at `deadline`, in virtual nanoseconds.
    pub(crate) fn set(&mut self, deadline: u64, waiter: Waiter) {
        self.set += 1;
        self.heap.push(Reverse((deadline, self.set, waiter)));
    }

    /// The earliest deadline, in virtual nanoseconds; `u64::MAX` when there is none.
    #[inline]
    pub(crate) fn next(&self) -> u64 {
        self.heap.peek().map_or(u64::MAX, |Reverse((at, ..))| *at)
    }

    /// Takes the earliest timer when its deadline is not after `now`.
    pub(crate) fn pop_due(&mut self, now: u64) -> Option<Waiter> {
        if self.next() > now {
            return None;
        }
        self.heap.pop().map(|Reverse((.., waiter))| waiter)
    }

    /// How many timers there are, with those that are left behind.
    pub(crate) fn len(&self) -> usize {
        self.heap.len()
    }

    /// Drops the timers whose waiter is not to be kept.
    pub(crate) fn retain(&mut self, keep: impl Fn(Waiter) -> bool) {
        self.heap.retain(|Reverse((.., waiter))| keep(*waiter));
    }

    /// Drops the timers at the front that `is_stale`, so that time never jumps to one of them.
    pub(crate) fn skip(&mut self, is_stale: impl Fn(Waiter) -> bool) {
        while let Some(Reverse((.., waiter))) = self.heap.peek() {
            if !is_stale(*waiter) {
                return;
            }
            self.heap.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn waiter(slot: u32) -> Waiter {
        Waiter { slot, wait: 0 }
    }

    #[test]
    fn timers_come_up_by_deadline_and_then_in_the_order_they_were_set() {
        let mut timers = Timers::default();
        for (deadline, slot) in [(20, 1), (10, 2), (20, 3), (10, 4)] {
            timers.set(deadline, waiter(slot));
        }
        assert_eq!(timers.next(), 10);
        assert_eq!(timers.pop_due(9), None);
        let order: Vec<u32> = std::iter::from_fn(|| timers.pop_due(20)).map(|w| w.slot).collect();
        assert_eq!(order, [2, 4, 1, 3]);
        assert_eq!(timers.next(), u64::MAX);
    }

    proptest! {
        #[test]
        fn timers_come_up_as_a_stable_sort_would_have_them(
            deadlines in proptest::collection::vec(0_u64..20, 0..100),
        ) {
            let mut timers = Timers::default();
            for (slot, deadline) in (0..).zip(&deadlines) {
                timers.set(*deadline, waiter(slot));
            }
            let mut expected: Vec<(u64, u32)> = deadlines.into_iter().zip(0..).collect();
            expected.sort_by_key(|(deadline, _)| *deadline);
            let expected: Vec<u32> = expected.into_iter().map(|(_, slot)| slot).collect();
            let order = std::iter::from_fn(|| timers.pop_due(u64::MAX - 1)).map(|w| w.slot);
            prop_assert_eq!(order.collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn timers_that_are_not_kept_are_gone() {
        let mut timers = Timers::default();
        (0..10).for_each(|slot| timers.set(u64::from(slot), waiter(slot)));
        timers.retain(|waiter| waiter.slot % 5 == 0);
        assert_eq!(timers.len(), 2);
        assert_eq!((timers.pop_due(9), timers.pop_due(9)), (Some(waiter(0)), Some(waiter(5))));
    }

    #[test]
    fn stale_timers_at_the_front_are_skipped() {
        let mut timers = Timers::default();
        timers.set(10, waiter(1));
        timers.set(30, waiter(2));
        timers.skip(|w| w.slot == 1);
        assert_eq!(timers.next(), 30);
    }
}
