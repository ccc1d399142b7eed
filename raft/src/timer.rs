//! The election timer (§5.2).

use labrt::time::{Duration, Instant};
use rand::RngExt;

use crate::timing::ELECTION_TIMEOUT;

/// A deadline, drawn afresh at each restart so that servers rarely time out together (§5.2).
#[derive(Debug)]
pub(crate) struct ElectionTimer {
    deadline: Instant,
}

impl ElectionTimer {
    /// A timer that starts now.
    pub(crate) fn start() -> Self {
        Self { deadline: draw() }
    }

    /// Starts anew. Returns whether the deadline is now earlier than before, in which case whoever
    /// sleeps until the old one has to be woken.
    pub(crate) fn restart(&mut self) -> bool {
        let before = self.deadline;
        self.deadline = draw();
        self.deadline < before
    }

    /// The time left; zero once the timer has run out.
    pub(crate) fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

/// A deadline from now, by the world's randomness.
fn draw() -> Instant {
    Instant::now() + labrt::rand::rng().random_range(ELECTION_TIMEOUT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_restart_draws_afresh_from_the_range() {
        let mut timer = ElectionTimer::start();
        let drawn: std::collections::BTreeSet<Duration> = (0..50)
            .map(|_| {
                let now = Instant::now();
                timer.restart();
                let left = timer.deadline - now;
                assert!(left >= *ELECTION_TIMEOUT.start());
                assert!(timer.remaining() <= *ELECTION_TIMEOUT.end());
                left
            })
            .collect();
        assert!(drawn.len() > 40, "50 draws gave {} values", drawn.len());
    }

    #[test]
    fn a_restart_says_when_the_deadline_comes_nearer() {
        let mut timer = ElectionTimer::start();
        for _ in 0..50 {
            let before = timer.deadline;
            assert_eq!(timer.restart(), timer.deadline < before);
        }
    }
}
