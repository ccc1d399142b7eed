//! Channels in the shape of crossbeam-channel: `bounded`, `unbounded`, `after`, `tick`, `select!`, `Select`.
pub use crossbeam_channel::{after, bounded, select, tick, unbounded, Receiver, RecvError, RecvTimeoutError, SendError, Sender, TryRecvError, TrySendError};
