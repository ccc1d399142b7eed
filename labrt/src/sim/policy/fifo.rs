//! Threads run in the order in which they became ready.

use std::collections::VecDeque;

use super::Policy;
use crate::sim::task::Slot;

/// First ready, first run. At every point of choice the running thread goes to the back.
#[derive(Default)]
pub(crate) struct Fifo {
    ready: VecDeque<Slot>,
}

impl Policy for Fifo {
    fn ready(&mut self, slot: Slot) {
        self.ready.push_back(slot);
    }

    fn next(&mut self) -> Option<Slot> {
        self.ready.pop_front()
    }
}
