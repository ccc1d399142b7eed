//! Lab threads.
//!
//! In a simulated world a lab thread is a coroutine with a stack of 256 KiB, and up to 30 000 may
//! live at once. All of them share one OS thread, and with it all thread-local variables. In the
//! real world OS threads are used again, so a thread-local variable may hold what an earlier lab
//! thread left in it.

use std::fmt;
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::Arc;

use crate::context::{self, Current};
use crate::group::Group;
use crate::real::pool;
use crate::sim::task::{Belongs, TaskRef, WaitFor};
use crate::sync::Slot;
use crate::time::{Duration, nanos};
use crate::trace;

/// What a thread's end brings, as [`std::thread::Result`].
pub type Result<T> = std::thread::Result<T>;

/// A thread that was started; dropping this leaves it to itself.
#[derive(Debug)]
pub struct JoinHandle<T> {
    result: Slot<Result<T>>,
    task: Option<TaskRef>,
}

impl<T> JoinHandle<T> {
    /// Waits for the thread to end and returns its value.
    ///
    /// # Errors
    /// Outside any world, the payload of a panic that ended the thread. In a world none: such a panic
    /// ends the world. The type is that of the standard library.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        let at = Location::caller();
        if let Current::Sim(sim) = context::current() {
            sim.point(trace::JOIN, self.task.map_or(0, |task| task.ordinal), 0, at);
        }
        self.result.wait_for(self.task.map_or(WaitFor::Reply, WaitFor::Join), at)
    }

    /// Whether the thread has ended. A point of choice.
    #[track_caller]
    pub fn is_finished(&self) -> bool {
        if let Current::Sim(sim) = context::current() {
            sim.point(trace::JOIN, self.task.map_or(0, |task| task.ordinal), 1, Location::caller());
        }
        self.result.is_set()
    }
}

/// Starts a thread. It belongs to the same server as the thread that starts it.
#[track_caller]
pub fn spawn<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    Builder::new().spawn(body)
}

/// Gives a thread its names before it starts.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Builder(Belongs);

impl Builder {
    /// A thread without a name of its own.
    pub fn new() -> Self {
        Self::default()
    }

    /// The thread's own name: `ticker`.
    pub fn name(mut self, name: impl Into<Arc<str>>) -> Self {
        self.0.name = Some(name.into());
        self
    }

    /// The server that the thread, and all threads that it starts, belong to: `server 2`. Without
    /// it, that of the thread that starts it.
    pub fn server(mut self, server: impl Into<Arc<str>>) -> Self {
        self.0.server = Some(server.into());
        self
    }

    /// The group that the thread, and all threads that it starts, belong to. Without it, that of the
    /// thread that starts it.
    pub fn group(mut self, group: &Group) -> Self {
        self.0.group = Some(group.clone());
        self
    }

    /// Starts the thread. A point of choice.
    ///
    /// In a simulated world, more than 30 000 live threads are a verdict
    /// ([`TooManyThreads`](crate::world::VerdictKind::TooManyThreads)); in the real one, threads
    /// beyond 8 000 wait in a queue.
    #[track_caller]
    pub fn spawn<T: Send + 'static>(
        self,
        body: impl FnOnce() -> T + Send + 'static,
    ) -> JoinHandle<T> {
        let at = Location::caller();
        let result = Slot::new();
        let place = result.clone();
        let in_world = context::is_in_world();
        let job = Box::new(move || {
            // In a world, a panic is the world's end and nobody's result.
            let body = AssertUnwindSafe(body);
            place.set(if in_world { Ok((body.0)()) } else { panic::catch_unwind(body) });
        });
        let task = match context::current() {
            Current::Sim(sim) => Some(sim.spawn(self.0, at, job)),
            Current::Real => {
                pool::start(context::real(), self.0, job);
                None
            }
        };
        JoinHandle { result, task }
    }
}

/// The current thread's name for people: `server 2/ticker`. No point of choice.
pub fn label() -> String {
    match context::sim_in_task() {
        Some(sim) => sim.label(),
        None => pool::current_label(),
    }
}

/// The current thread's number, in order of creation: no two threads of a world that live at the same
/// time have the same. No point of choice.
pub fn ordinal() -> u32 {
    match context::sim_in_task() {
        Some(sim) => sim.ordinal(),
        None => pool::current_ordinal(),
    }
}

/// Writes the current thread's [`label`] to `to`, without allocating and without being a point of
/// choice: for log lines, which must not change the run that they describe.
///
/// # Errors
/// Those of `to`.
pub fn write_label(to: &mut dyn fmt::Write) -> fmt::Result {
    match context::sim_in_task() {
        Some(sim) => sim.write_label(to),
        None => pool::write_current_label(to),
    }
}

/// Sleeps for `duration` on the world's clock. Sleeping for no time at all is a
/// [`yield_now`].
#[track_caller]
pub fn sleep(duration: Duration) {
    let at = Location::caller();
    match context::current() {
        Current::Sim(sim) if duration.is_zero() => sim.yield_now(at),
        Current::Sim(sim) => sim.sleep(nanos(duration), at),
        Current::Real => std::thread::sleep(duration),
    }
}

/// Lets other threads go first. A point of choice.
#[track_caller]
pub fn yield_now() {
    match context::current() {
        Current::Sim(sim) => sim.yield_now(Location::caller()),
        Current::Real => std::thread::yield_now(),
    }
}

/// Runs `body` as a part of `server`: the threads that it starts belong to it.
pub fn with_server<T>(server: impl Into<Arc<str>>, body: impl FnOnce() -> T) -> T {
    let before = set_server(Some(server.into()));
    let result = panic::catch_unwind(AssertUnwindSafe(body));
    set_server(before);
    result.unwrap_or_else(|panic| panic::resume_unwind(panic))
}

fn set_server(server: Option<Arc<str>>) -> Option<Arc<str>> {
    match context::current() {
        Current::Sim(sim) => sim.set_server(server),
        Current::Real => pool::set_current_server(server),
    }
}
