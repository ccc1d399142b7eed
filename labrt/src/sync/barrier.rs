//! A point that several threads pass together.

use super::{Condvar, Mutex};

/// Lets a number of threads wait for each other, as [`std::sync::Barrier`].
#[derive(Debug)]
pub struct Barrier {
    threads: usize,
    state: Mutex<State>,
    passed: Condvar,
}

#[derive(Debug)]
struct State {
    arrived: usize,
    /// Counts how often the barrier was passed, so that nobody passes twice at once.
    round: u64,
}

impl Barrier {
    /// A barrier for `threads` threads; with 0 or 1 nobody ever waits.
    pub const fn new(threads: usize) -> Self {
        Self { threads, state: Mutex::new(State { arrived: 0, round: 0 }), passed: Condvar::new() }
    }

    /// Waits until all threads have come; `true` in exactly one of them.
    #[track_caller]
    pub fn wait(&self) -> bool {
        let mut state = self.state.lock();
        state.arrived += 1;
        if state.arrived >= self.threads {
            state.arrived = 0;
            state.round += 1;
            drop(state);
            self.passed.notify_all();
            return true;
        }
        let round = state.round;
        let _state = self.passed.wait_while(state, |state| state.round == round);
        false
    }
}
