//! The thread that knows the time: holds elections, and relieves threads that wait too long.

use std::sync::Arc;

use labrt::time::{Duration, Instant};

use crate::server::Server;
use crate::state::State;
use crate::timing::PATIENCE;

impl State {
    /// How long nothing is to be done, as far as can be foreseen.
    fn rest(&self, now: Instant) -> Duration {
        if self.has_stuck_calls(now) {
            Duration::ZERO
        } else if self.is_leader() {
            PATIENCE
        } else {
            self.election_at.saturating_duration_since(now).min(PATIENCE)
        }
    }

    fn stand_if_due(&mut self, now: Instant) {
        if !self.killed && !self.is_leader() && now >= self.election_at {
            self.stand();
        }
    }
}

impl Server {
    /// The clock, until the server is killed.
    pub(crate) fn run_clock(self: &Arc<Self>) {
        while self.rest() {
            let now = Instant::now();
            let relieved = self.enter(|state| {
                state.stand_if_due(now);
                state.relieve(now)
            });
            for (peer, turn) in relieved {
                self.spawn("talk", move |server| server.talk_to(peer, turn));
            }
        }
    }

    /// Sleeps until there may be something to do; `false` once the server was killed.
    fn rest(&self) -> bool {
        let mut state = self.state.lock();
        let rest = state.rest(Instant::now());
        if !state.killed && !rest.is_zero() {
            state = self.signals.clock.wait_timeout(state, rest).0;
        }
        !state.killed
    }
}
