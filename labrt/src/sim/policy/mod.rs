//! Who runs next. The scheduler never chooses, a policy does.
//!
//! | module | policy |
//! | --- | --- |
//! | [`fifo`] | in order of becoming ready, never delayed |
//! | [`random`] | uniformly at random, and now and then a thread is delayed |
//! | [`pct`] | probabilistic concurrency testing: random priorities with a few random changes |

pub(crate) mod fifo;
pub(crate) mod pct;
pub(crate) mod random;

use super::task::{Slot, Waiter};
use crate::world;

/// A scheduling policy. It holds the threads that are ready to run, and picks one when asked.
pub(crate) trait Policy {
    /// A new thread was created in this slot; [`ready`](Self::ready) follows.
    fn spawned(&mut self, _slot: Slot) {}

    /// A thread has become ready to run, or stays ready at a point of choice.
    fn ready(&mut self, slot: Slot);

    /// Chooses one of the ready threads and takes it out; `None` when there is none.
    fn next(&mut self) -> Option<Slot>;

    /// Chooses one of `waiting`, which is not empty and in order of arrival: the position of the
    /// thread that gets a lock's next try, or the next notification. First come, first served,
    /// unless the policy knows better.
    fn pick(&mut self, _waiting: &[Waiter]) -> usize {
        0
    }

    /// The running thread has come to a point of choice: virtual nanoseconds by which to delay it.
    fn delay(&mut self) -> Option<u64> {
        None
    }

    /// The running thread offers to let others go first.
    fn yielded(&mut self, _slot: Slot) {}
}

/// The policy that `config` names, seeded with `seed`.
pub(crate) fn make(config: world::Policy, seed: u64) -> Box<dyn Policy> {
    match config {
        world::Policy::Fifo => Box::new(fifo::Fifo::default()),
        world::Policy::Random { delay_one_in } => Box::new(random::Random::new(seed, delay_one_in)),
        world::Policy::Pct { depth, length } => Box::new(pct::Pct::new(seed, depth, length)),
    }
}
