//! Threads that tests start and wait for.

use std::sync::Arc;

use labrt::thread::{Builder, JoinHandle};

/// Waits for a thread of a test. A panic of it has already ended the world.
#[track_caller]
pub(crate) fn join<T>(thread: JoinHandle<T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Runs each job in a thread of its own, all at once; what they return, in the order of the jobs. A
/// job's name is that of its thread.
pub(crate) fn at_once<T, N, J>(jobs: impl IntoIterator<Item = (N, J)>) -> Vec<T>
where
    T: Send + 'static,
    N: Into<Arc<str>>,
    J: FnOnce() -> T + Send + 'static,
{
    let start = |(name, job): (N, J)| Builder::new().name(name).spawn(job);
    let threads: Vec<_> = jobs.into_iter().map(start).collect();
    threads.into_iter().map(join).collect()
}
