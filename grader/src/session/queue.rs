//! The one queue of runs that all workers take from.

use std::sync::{Mutex, PoisonError};

/// One run: a test and its iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    /// Index of the test, from 0.
    pub(crate) test: usize,
    /// Which run of the test, from 0.
    pub(crate) iteration: u64,
}

/// Every test once, then every test again, so that each is seen early. Nothing in it grows with the
/// number of runs: a count of a thousand million just starts.
#[derive(Debug)]
pub(crate) struct Queue {
    tests: usize,
    count: u64,
    next: Mutex<Job>,
}

impl Queue {
    /// `count` runs of each of `tests` tests.
    pub(crate) fn new(tests: usize, count: u64) -> Self {
        Self { tests, count, next: Mutex::new(Job { test: 0, iteration: 0 }) }
    }

    /// The next run; `None` when all are taken.
    pub(crate) fn take(&self) -> Option<Job> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if self.tests == 0 || next.iteration == self.count {
            return None;
        }
        let job = *next;
        *next = if job.test + 1 < self.tests {
            Job { test: job.test + 1, ..job }
        } else {
            Job { test: 0, iteration: job.iteration + 1 }
        };
        Some(job)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_round_the_tests() {
        let queue = Queue::new(2, 2);
        let jobs: Vec<_> = std::iter::from_fn(|| queue.take()).collect();
        let pairs: Vec<_> = jobs.iter().map(|job| (job.iteration, job.test)).collect();
        assert_eq!(pairs, [(0, 0), (0, 1), (1, 0), (1, 1)]);
        assert_eq!(queue.take(), None);
    }

    #[test]
    fn has_room_for_any_count() {
        assert!(Queue::new(60, u64::MAX).take().is_some());
        assert_eq!(Queue::new(0, u64::MAX).take(), None);
    }
}
