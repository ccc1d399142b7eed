//! Threads run in a random order, and are now and then delayed.
//!
//! In sparse virtual time two threads are rarely ready together, so a choice among the ready ones
//! alone finds few races. At one point of choice in `delay_one_in` the running thread therefore
//! sleeps, which lets the others overtake it in the middle of whatever it is doing.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::Policy;
use crate::sim::task::{Slot, Waiter};

/// The shortest delay, in virtual nanoseconds.
const DELAY_NS: u64 = 10_000;
/// Delays are log-uniform over this many doublings: 10 µs to 10 ms.
const DOUBLINGS: u64 = 10;

/// Uniform choice, with delays.
pub(crate) struct Random {
    rng: Xoshiro256PlusPlus,
    ready: Vec<Slot>,
    delay_one_in: u32,
    points_until_delay: u32,
}

impl Random {
    /// `delay_one_in` is the mean number of points of choice between two delays; 0 for none.
    pub(crate) fn new(seed: u64, delay_one_in: u32) -> Self {
        let mut policy = Self {
            rng: Xoshiro256PlusPlus::seed_from_u64(seed),
            ready: Vec::new(),
            delay_one_in,
            points_until_delay: 0,
        };
        policy.draw_gap();
        policy
    }

    /// A number below `bound`; the bias of 2⁻³² at most does not matter here.
    #[inline]
    fn below(&mut self, bound: u64) -> u64 {
        ((self.rng.next_u64() >> 32) * bound) >> 32
    }

    /// Uniform around the mean, which keeps the draw a plain integer.
    fn draw_gap(&mut self) {
        self.points_until_delay = match self.delay_one_in {
            0 => u32::MAX,
            mean => 1 + self.below(2 * u64::from(mean) - 1) as u32,
        };
    }

    fn draw_delay(&mut self) -> u64 {
        let base = DELAY_NS << self.below(DOUBLINGS);
        base + self.below(base)
    }
}

impl Policy for Random {
    #[inline]
    fn ready(&mut self, slot: Slot) {
        self.ready.push(slot);
    }

    #[inline]
    fn next(&mut self) -> Option<Slot> {
        match self.ready.len() {
            0 => None,
            1 => self.ready.pop(),
            len => {
                let index = self.below(len as u64) as usize;
                Some(self.ready.swap_remove(index))
            }
        }
    }

    fn pick(&mut self, waiting: &[Waiter]) -> usize {
        self.below(waiting.len() as u64) as usize
    }

    #[inline]
    fn delay(&mut self) -> Option<u64> {
        if self.delay_one_in == 0 {
            return None;
        }
        self.points_until_delay -= 1;
        if self.points_until_delay > 0 {
            return None;
        }
        self.draw_gap();
        Some(self.draw_delay())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_come_about_as_often_as_asked_and_within_their_range() {
        let mut policy = Random::new(7, 50);
        let delays: Vec<u64> = (0..100_000).filter_map(|_| policy.delay()).collect();
        assert!((1_800..2_200).contains(&delays.len()), "{} delays", delays.len());
        assert!(delays.iter().all(|d| (10_000..10_240_000).contains(d)));
        assert!(delays.iter().any(|d| *d < 20_000) && delays.iter().any(|d| *d > 5_000_000));
    }

    #[test]
    fn no_delays_when_switched_off() {
        let mut policy = Random::new(7, 0);
        assert!((0..10_000).all(|_| policy.delay().is_none()));
    }

    #[test]
    fn every_ready_thread_is_chosen_sooner_or_later() {
        let mut policy = Random::new(1, 0);
        let mut firsts = [0; 4];
        for _ in 0..400 {
            (0..4).for_each(|slot| policy.ready(slot));
            firsts[policy.next().expect("four are ready") as usize] += 1;
            while policy.next().is_some() {}
        }
        assert!(firsts.iter().all(|n| *n > 50), "{firsts:?}");
    }
}
