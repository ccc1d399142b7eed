//! The one queue of runs that all workers take from.

use std::ops::Range;
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
    end: u64,
    next: Mutex<Job>,
}

impl Queue {
    /// These runs of each of `tests` tests.
    pub(crate) fn new(tests: usize, iterations: Range<u64>) -> Self {
        let next = Mutex::new(Job { test: 0, iteration: iterations.start });
        Self { tests, end: iterations.end, next }
    }

    /// The next run; `None` when all are taken.
    pub(crate) fn take(&self) -> Option<Job> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if self.tests == 0 || next.iteration >= self.end {
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
        let queue = Queue::new(2, 3..5);
        let jobs: Vec<_> = std::iter::from_fn(|| queue.take()).collect();
        let pairs: Vec<_> = jobs.iter().map(|job| (job.iteration, job.test)).collect();
        assert_eq!(pairs, [(3, 0), (3, 1), (4, 0), (4, 1)]);
        assert_eq!(queue.take(), None);
    }

    #[test]
    fn has_room_for_any_count() {
        assert!(Queue::new(60, 0..u64::MAX).take().is_some());
        assert_eq!(Queue::new(0, 0..u64::MAX).take(), None);
    }
}
