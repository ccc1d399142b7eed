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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn policies() -> impl Strategy<Value = world::Policy> {
        prop_oneof![
            Just(world::Policy::Fifo),
            (0_u32..50).prop_map(|delay_one_in| world::Policy::Random { delay_one_in }),
            (0_u32..5, 0_u64..200).prop_map(|(depth, length)| world::Policy::Pct { depth, length }),
        ]
    }

    proptest! {
        /// Whatever becomes ready is chosen once, and nothing else is.
        #[test]
        fn a_policy_loses_and_invents_no_thread(
            policy in policies(),
            seed: u64,
            steps in proptest::collection::vec((0_u32..8, any::<bool>()), 0..200),
        ) {
            let mut policy = make(policy, seed);
            (0..8).for_each(|slot| policy.spawned(slot));
            let mut ready = BTreeSet::new();
            for (slot, is_ready) in steps {
                if is_ready && ready.insert(slot) {
                    policy.ready(slot);
                } else if !is_ready {
                    let chosen = policy.next();
                    prop_assert_eq!(chosen.is_some(), !ready.is_empty());
                    prop_assert!(chosen.is_none_or(|slot| ready.remove(&slot)));
                }
            }
        }

        #[test]
        fn a_policy_picks_one_of_those_who_wait(policy in policies(), seed: u64, count in 1_u32..8) {
            let mut policy = make(policy, seed);
            (0..8).for_each(|slot| policy.spawned(slot));
            let waiting: Vec<Waiter> = (0..count).map(|slot| Waiter { slot, wait: 0 }).collect();
            prop_assert!(policy.pick(&waiting) < waiting.len());
        }
    }
}
