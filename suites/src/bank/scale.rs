//! How much is done at once, on which clock.

use std::iter::{from_fn, once};
use std::sync::Arc;

use labrt::Clock;

use crate::Failure;
use crate::threads::at_once;

/// The one of two values that is for the clock in use.
pub(super) fn by_clock<T>(real: T, sim: T) -> T {
    match labrt::world::clock() {
        Clock::Real => real,
        Clock::Sim => sim,
    }
}

/// Threads that live at once at most. On the real clock more of them would only wait for a processor, and
/// the system takes its time to make them.
const AT_ONCE: usize = 2000;

/// Runs jobs all at once, as far as that goes; the first failure. A thread does `each` of them, one after the
/// other, and is called after the first.
pub(super) fn all_at_once<N, J>(
    each: usize,
    jobs: impl IntoIterator<Item = (N, J)>,
) -> Result<(), Failure>
where
    N: Into<Arc<str>>,
    J: FnOnce() -> Result<(), Failure> + Send + 'static,
{
    let mut jobs = jobs.into_iter();
    let next = || {
        let (name, first) = jobs.next()?;
        let others: Vec<J> = jobs.by_ref().take(each - 1).map(|(_, job)| job).collect();
        Some((name, move || once(first).chain(others).try_for_each(|job| job())))
    };
    let mut threads = from_fn(next).peekable();
    while threads.peek().is_some() {
        at_once(threads.by_ref().take(AT_ONCE)).into_iter().collect::<Result<(), Failure>>()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn every_job_is_done_once_however_they_are_spread_over_threads() {
        for (each, jobs) in [(1, 0), (1, 1), (3, 7), (3, 9), (1, 2 * AT_ONCE + 1)] {
            let done: Arc<Vec<AtomicUsize>> = Arc::new((0..jobs).map(|_| 0.into()).collect());
            let result = all_at_once(
                each,
                (0..jobs).map(|job| {
                    let done = Arc::clone(&done);
                    ("worker", move || {
                        done[job].fetch_add(1, Ordering::Relaxed);
                        Ok(())
                    })
                }),
            );
            assert_eq!(result, Ok(()));
            let times: Vec<usize> = done.iter().map(|job| job.load(Ordering::Relaxed)).collect();
            assert_eq!(times, vec![1; jobs], "{each} in a thread");
        }
    }

    #[test]
    fn the_first_failure_is_returned() {
        let failure = |job| Failure::new(format!("job {job} failed"));
        let jobs = (0..10)
            .map(|job| ("worker", move || if job % 4 == 3 { Err(failure(job)) } else { Ok(()) }));
        assert_eq!(all_at_once(2, jobs), Err(failure(3)));
    }
}
