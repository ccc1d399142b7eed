//! The sending side.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use super::queue::{Entry, Offered, Queue};
use super::{SendError, SendTimeoutError, TrySendError};
use crate::sim::task::{WaitFor, Woken};
use crate::time::{Duration, nanos};
use crate::trace;

/// The sending side of a channel. When the last clone is dropped, receivers get what is left in the
/// channel and then an error.
pub struct Sender<T> {
    target: Target<T>,
}

enum Target<T> {
    Queue(Arc<Queue<T>>),
    Real(crossbeam_channel::Sender<T>),
}

impl<T> Sender<T> {
    pub(super) fn of_queue(queue: Arc<Queue<T>>) -> Self {
        Self { target: Target::Queue(queue) }
    }

    pub(super) fn of_real(sender: crossbeam_channel::Sender<T>) -> Self {
        Self { target: Target::Real(sender) }
    }

    pub(super) fn queue(&self) -> Option<&Queue<T>> {
        match &self.target {
            Target::Queue(queue) => Some(queue),
            Target::Real(_) => None,
        }
    }

    pub(super) fn real(&self) -> Option<&crossbeam_channel::Sender<T>> {
        match &self.target {
            Target::Queue(_) => None,
            Target::Real(sender) => Some(sender),
        }
    }

    /// Sends `message`, waiting while the channel is full.
    ///
    /// # Errors
    /// When all receivers are gone; the error holds the message.
    #[track_caller]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        match &self.target {
            Target::Queue(queue) => match send(queue, message, None, Location::caller()) {
                Ok(()) => Ok(()),
                Err(error) => Err(SendError(error.into_inner())),
            },
            Target::Real(sender) => sender.send(message),
        }
    }

    /// As [`send`](Self::send), waiting for `timeout` at most.
    ///
    /// # Errors
    /// When the time is up, or all receivers are gone; the error holds the message.
    #[track_caller]
    pub fn send_timeout(&self, message: T, timeout: Duration) -> Result<(), SendTimeoutError<T>> {
        match &self.target {
            Target::Queue(queue) => {
                let deadline = queue.sim().now().saturating_add(nanos(timeout));
                send(queue, message, Some(deadline), Location::caller())
            }
            Target::Real(sender) => sender.send_timeout(message, timeout),
        }
    }

    /// Sends `message` if the channel takes it at once.
    ///
    /// # Errors
    /// When it is full, or all receivers are gone; the error holds the message.
    #[track_caller]
    pub fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
        match &self.target {
            Target::Queue(queue) => {
                let sim = queue.sim();
                sim.point(trace::SEND, queue.id, 0, Location::caller());
                queue.try_send(sim, message)
            }
            Target::Real(sender) => sender.try_send(message),
        }
    }

    /// How many messages are in the channel.
    pub fn len(&self) -> usize {
        match &self.target {
            Target::Queue(queue) => queue.len(),
            Target::Real(sender) => sender.len(),
        }
    }

    /// Whether no message is in the channel.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many messages the channel holds at most; `None` for any number.
    pub fn capacity(&self) -> Option<usize> {
        match &self.target {
            Target::Queue(queue) => queue.capacity,
            Target::Real(sender) => sender.capacity(),
        }
    }
}

fn send<T>(
    queue: &Queue<T>,
    mut message: T,
    deadline: Option<u64>,
    at: &'static Location<'static>,
) -> Result<(), SendTimeoutError<T>> {
    let sim = queue.sim();
    sim.point(trace::SEND, queue.id, 0, at);
    loop {
        match queue.try_send(sim, message) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Disconnected(back)) => {
                return Err(SendTimeoutError::Disconnected(back));
            }
            Err(TrySendError::Full(back)) => message = back,
        }
        let entry = Entry { waiter: sim.waiter(), token: 0 };
        queue.offer(entry, message);
        let woken = sim.block(WaitFor::Send, queue.id, deadline, at);
        match queue.take_back(entry) {
            Offered::Taken => return Ok(()),
            Offered::Back(back) if woken == Woken::TimedOut => {
                return Err(SendTimeoutError::Timeout(back));
            }
            Offered::Back(back) => message = back,
        }
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        let target = match &self.target {
            Target::Queue(queue) => {
                queue.add_sender();
                Target::Queue(Arc::clone(queue))
            }
            Target::Real(sender) => Target::Real(sender.clone()),
        };
        Self { target }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        if let Target::Queue(queue) = &self.target {
            queue.remove_sender();
        }
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender { .. }")
    }
}
