//! Channels, in the shape of `crossbeam-channel`.
//!
//! A channel belongs to the world in which it was made. Any number of threads may send and receive;
//! each message is received once. Sending and receiving are points of choice.
//!
//! | module | what |
//! | --- | --- |
//! | [`queue`](self) | the channel of a simulated world |
//! | [`timer`](self) | [`after`] and [`tick`] |
//! | [`select`](crate::select) | waiting for one of several channels |

mod queue;
mod receiver;
pub mod select;
mod sender;
mod timer;

use std::sync::Arc;

pub use crossbeam_channel::{
    RecvError, RecvTimeoutError, SendError, SendTimeoutError, TryRecvError, TrySendError,
};

use crate::context::{self, Current};
pub use crate::select;
pub use receiver::{IntoIter, Iter, Receiver, TryIter};
pub use sender::Sender;
pub use timer::{after, never, tick};

use queue::Queue;

/// A channel without a bound: sending never waits.
pub fn unbounded<T>() -> (Sender<T>, Receiver<T>) {
    match context::current() {
        Current::Sim(sim) => of_queue(Queue::new(sim, None)),
        Current::Real => of_real(crossbeam_channel::unbounded()),
    }
}

/// A channel that holds up to `capacity` messages; sending waits while it is full. With a capacity
/// of 0 a message passes only while a receiver waits for it.
pub fn bounded<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    match context::current() {
        Current::Sim(sim) => of_queue(Queue::new(sim, Some(capacity))),
        Current::Real => of_real(crossbeam_channel::bounded(capacity)),
    }
}

fn of_queue<T>(queue: Queue<T>) -> (Sender<T>, Receiver<T>) {
    let queue = Arc::new(queue);
    (Sender::of_queue(Arc::clone(&queue)), Receiver::of_queue(queue))
}

fn of_real<T>(
    (sender, receiver): (crossbeam_channel::Sender<T>, crossbeam_channel::Receiver<T>),
) -> (Sender<T>, Receiver<T>) {
    (Sender::of_real(sender), Receiver::of_real(receiver))
}
