//! Probabilistic concurrency testing, after Burckhardt, Kothari, Musuvathi and Nagarakatte (ASPLOS
//! 2010): each thread draws a random priority when it is created, the ready thread of the highest
//! priority runs, and at a few random steps the running thread's priority drops below all others.
//!
//! Their bound on the probability of finding a bug needs a fixed set of threads and a known length.
//! Here threads are born with every RPC and the length is only declared, so no bound is claimed.
//! Two further rules keep the world alive: a thread that yields, or that has run for very many steps
//! in a row, drops too.

use rand::{Rng, RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::Policy;
use crate::sim::task::{Slot, Waiter};

/// A thread that runs this many steps in a row drops.
const PATIENCE: u32 = 10_000;

/// Random priorities with random changes.
pub(crate) struct Pct {
    rng: Xoshiro256PlusPlus,
    ready: Vec<Slot>,
    priorities: Vec<u64>,
    /// Steps at which the running thread drops, the last one first.
    changes: Vec<u64>,
    /// Dropped priorities go downwards from here, below all that are drawn.
    lowest: u64,
    step: u64,
    running: Slot,
    in_a_row: u32,
}

impl Pct {
    /// `depth` changes, spread over the first `length` steps.
    pub(crate) fn new(seed: u64, depth: u32, length: u64) -> Self {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut changes: Vec<u64> =
            (0..depth).map(|_| rng.random_range(1..=length.max(1))).collect();
        changes.sort_unstable_by(|a, b| b.cmp(a));
        Self {
            rng,
            ready: Vec::new(),
            priorities: Vec::new(),
            changes,
            lowest: 1 << 32,
            step: 0,
            running: 0,
            in_a_row: 0,
        }
    }

    fn drop_priority(&mut self, slot: Slot) {
        self.lowest -= 1;
        self.priorities[slot as usize] = self.lowest;
    }
}

impl Policy for Pct {
    fn spawned(&mut self, slot: Slot) {
        let index = slot as usize;
        if self.priorities.len() <= index {
            self.priorities.resize(index + 1, 0);
        }
        self.priorities[index] = self.rng.next_u64() | (1 << 63);
    }

    fn ready(&mut self, slot: Slot) {
        self.ready.push(slot);
    }

    fn next(&mut self) -> Option<Slot> {
        self.step += 1;
        if self.changes.last().is_some_and(|at| *at <= self.step) {
            self.changes.pop();
            self.drop_priority(self.running);
        }
        if self.in_a_row >= PATIENCE {
            self.drop_priority(self.running);
        }
        let best = (0..self.ready.len())
            .max_by_key(|index| self.priorities[self.ready[*index] as usize])?;
        let slot = self.ready.swap_remove(best);
        self.in_a_row = if slot == self.running { self.in_a_row + 1 } else { 0 };
        self.running = slot;
        Some(slot)
    }

    fn pick(&mut self, waiting: &[Waiter]) -> usize {
        let priority = |index: &usize| self.priorities[waiting[*index].slot as usize];
        (0..waiting.len()).max_by_key(priority).unwrap_or_default()
    }

    fn yielded(&mut self, slot: Slot) {
        self.drop_priority(slot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_threads(depth: u32, length: u64, threads: Slot) -> Pct {
        let mut policy = Pct::new(3, depth, length);
        for slot in 0..threads {
            policy.spawned(slot);
            policy.ready(slot);
        }
        policy
    }

    #[test]
    fn the_same_thread_runs_on_while_nothing_changes() {
        let mut policy = with_threads(0, 1, 3);
        let first = policy.next().expect("ready");
        for _ in 0..100 {
            policy.ready(first);
            assert_eq!(policy.next(), Some(first));
        }
    }

    #[test]
    fn a_thread_that_yields_lets_all_others_go_first() {
        let mut policy = with_threads(0, 1, 3);
        let first = policy.next().expect("ready");
        policy.yielded(first);
        policy.ready(first);
        let others = [policy.next(), policy.next()];
        assert!(!others.contains(&Some(first)));
        assert_eq!(policy.next(), Some(first));
    }

    #[test]
    fn a_change_point_makes_the_running_thread_drop() {
        let mut policy = with_threads(1, 50, 2);
        let mut runs = [0; 2];
        for _ in 0..100 {
            let slot = policy.next().expect("ready");
            runs[slot as usize] += 1;
            policy.ready(slot);
        }
        assert!(runs.iter().all(|n| *n > 0), "{runs:?}");
    }

    #[test]
    fn a_thread_that_never_waits_drops_in_the_end() {
        let mut policy = with_threads(0, 1, 2);
        let first = policy.next().expect("ready");
        policy.ready(first);
        let other_ran = (0..=2 * PATIENCE).any(|_| {
            let slot = policy.next().expect("ready");
            policy.ready(slot);
            slot != first
        });
        assert!(other_ran);
    }
}
