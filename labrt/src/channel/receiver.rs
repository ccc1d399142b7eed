//! The receiving side.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use super::queue::{Entry, Queue};
use super::timer::{RealTimer, Timer};
use super::{RecvError, RecvTimeoutError, TryRecvError};
use crate::context::{self, Current};
use crate::sim::Sim;
use crate::sim::task::WaitFor;
use crate::time::{Duration, nanos};
use crate::trace;

/// The receiving side of a channel. When the last clone is dropped, what was not received is
/// dropped, and senders get an error.
pub struct Receiver<T> {
    source: Source<T>,
}

pub(super) enum Source<T> {
    Queue(Arc<Queue<T>>),
    Real(crossbeam_channel::Receiver<T>),
    Timer(Arc<Timer<T>>),
    RealTimer(RealTimer<T>),
    /// Nothing ever comes.
    Never,
}

impl<T> Receiver<T> {
    pub(super) fn new(source: Source<T>) -> Self {
        Self { source }
    }

    pub(super) fn of_queue(queue: Arc<Queue<T>>) -> Self {
        Self::new(Source::Queue(queue))
    }

    pub(super) fn of_real(receiver: crossbeam_channel::Receiver<T>) -> Self {
        Self::new(Source::Real(receiver))
    }

    pub(super) fn source(&self) -> &Source<T> {
        &self.source
    }

    /// Waits for a message.
    ///
    /// # Errors
    /// When the channel is empty and all senders are gone.
    #[track_caller]
    pub fn recv(&self) -> Result<T, RecvError> {
        match &self.source {
            Source::Real(receiver) => receiver.recv(),
            Source::RealTimer(timer) => timer.recv(),
            _ => self.receive(None, Location::caller()).map_err(|_| RecvError),
        }
    }

    /// Waits for a message for `timeout` at most.
    ///
    /// # Errors
    /// When the time is up, or the channel is empty and all senders are gone.
    #[track_caller]
    pub fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {
        match &self.source {
            Source::Real(receiver) => receiver.recv_timeout(timeout),
            Source::RealTimer(timer) => timer.recv_timeout(timeout),
            _ => self.receive(Some(timeout), Location::caller()),
        }
    }

    /// Takes a message if one is there.
    ///
    /// # Errors
    /// When the channel is empty; another when all senders are gone, too.
    #[track_caller]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        match &self.source {
            Source::Real(receiver) => receiver.try_recv(),
            Source::RealTimer(timer) => timer.try_recv(),
            _ => match context::current() {
                Current::Sim(sim) => {
                    sim.point(trace::RECEIVE, self.id(), 0, Location::caller());
                    self.poll(sim)
                }
                Current::Real => Err(TryRecvError::Empty),
            },
        }
    }

    fn id(&self) -> u32 {
        match &self.source {
            Source::Queue(queue) => queue.id,
            _ => 0,
        }
    }

    /// Takes a message if one is there. No point of choice.
    pub(super) fn poll(&self, sim: &Sim) -> Result<T, TryRecvError> {
        match &self.source {
            Source::Queue(queue) => queue.try_receive(queue.sim()),
            Source::Timer(timer) => timer.poll(sim).ok_or(TryRecvError::Empty),
            _ => Err(TryRecvError::Empty),
        }
    }

    /// When a message will be there without anybody sending one, in virtual nanoseconds.
    pub(super) fn due(&self) -> Option<u64> {
        match &self.source {
            Source::Timer(timer) => timer.due(),
            _ => None,
        }
    }

    fn receive(
        &self,
        timeout: Option<Duration>,
        at: &'static Location<'static>,
    ) -> Result<T, RecvTimeoutError> {
        let Current::Sim(sim) = context::current() else { return wait_in_vain(timeout) };
        let deadline = timeout.map(|timeout| sim.now().saturating_add(nanos(timeout)));
        sim.point(trace::RECEIVE, self.id(), 0, at);
        loop {
            match self.poll(sim) {
                Ok(message) => return Ok(message),
                Err(TryRecvError::Disconnected) => return Err(RecvTimeoutError::Disconnected),
                Err(TryRecvError::Empty) => {}
            }
            if deadline.is_some_and(|deadline| deadline <= sim.now()) {
                return Err(RecvTimeoutError::Timeout);
            }
            let until = [deadline, self.due()].into_iter().flatten().min();
            if let Some(message) = self.wait(sim, until, at) {
                return Ok(message);
            }
        }
    }

    /// Waits to be handed a message; `None` when it is time to look again.
    fn wait(&self, sim: &Sim, until: Option<u64>, at: &'static Location<'static>) -> Option<T> {
        let waiter = sim.waiter();
        let Source::Queue(queue) = &self.source else {
            sim.block(WaitFor::Receive, 0, until, at);
            return None;
        };
        let entry = Entry { waiter, token: 0 };
        queue.request(entry);
        sim.block(WaitFor::Receive, queue.id, until, at);
        queue.take_handed(entry)
    }

    /// The messages, until all senders are gone.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter(self)
    }

    /// The messages that are there.
    pub fn try_iter(&self) -> TryIter<'_, T> {
        TryIter(self)
    }

    /// How many messages are in the channel.
    pub fn len(&self) -> usize {
        match &self.source {
            Source::Queue(queue) => queue.len(),
            Source::Real(receiver) => receiver.len(),
            Source::RealTimer(timer) => timer.len(),
            Source::Timer(timer) => usize::from(timer.is_due()),
            Source::Never => 0,
        }
    }

    /// Whether no message is in the channel.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Waits on the real clock for what never comes.
fn wait_in_vain<T>(timeout: Option<Duration>) -> Result<T, RecvTimeoutError> {
    match timeout {
        Some(timeout) => crossbeam_channel::never().recv_timeout(timeout),
        None => crossbeam_channel::never().recv().map_err(|_| RecvTimeoutError::Disconnected),
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Self {
        Self::new(match &self.source {
            Source::Queue(queue) => {
                queue.add_receiver();
                Source::Queue(Arc::clone(queue))
            }
            Source::Real(receiver) => Source::Real(receiver.clone()),
            Source::Timer(timer) => Source::Timer(Arc::clone(timer)),
            Source::RealTimer(timer) => Source::RealTimer(timer.clone()),
            Source::Never => Source::Never,
        })
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        if let Source::Queue(queue) = &self.source {
            queue.remove_receiver();
        }
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receiver { .. }")
    }
}

/// The messages of a channel until all its senders are gone.
#[derive(Debug)]
pub struct Iter<'a, T>(&'a Receiver<T>);

impl<T> Iterator for Iter<'_, T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}

/// The messages that are in a channel.
#[derive(Debug)]
pub struct TryIter<'a, T>(&'a Receiver<T>);

impl<T> Iterator for TryIter<'_, T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.try_recv().ok()
    }
}

/// As [`Iter`], owning the receiver.
#[derive(Debug)]
pub struct IntoIter<T>(Receiver<T>);

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}

impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        IntoIter(self)
    }
}

impl<'a, T> IntoIterator for &'a Receiver<T> {
    type Item = T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}
