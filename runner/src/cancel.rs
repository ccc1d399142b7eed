//! How to stop runs from another thread.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::pipe::{PipeFlags, pipe_with};

/// Stops every run that was given it, or a clone of it, at once. It cannot be taken back.
#[derive(Clone, Debug)]
pub struct CancelToken(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    cancelled: AtomicBool,
    /// Closing it makes `hung_up` readable, which wakes whoever polls that.
    open: Mutex<Option<OwnedFd>>,
    hung_up: OwnedFd,
}

impl CancelToken {
    /// A token that cancels nothing yet.
    ///
    /// # Errors
    /// When the process has no file descriptors left.
    pub fn new() -> io::Result<Self> {
        let (hung_up, open) = pipe_with(PipeFlags::CLOEXEC)?;
        Ok(Self(Arc::new(Inner {
            cancelled: AtomicBool::new(false),
            open: Mutex::new(Some(open)),
            hung_up,
        })))
    }

    /// Stops the runs.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Release);
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        drop(open.take());
    }

    /// Whether the runs were stopped.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Acquire)
    }

    /// A descriptor that hangs up when the runs are stopped.
    pub(crate) fn hung_up(&self) -> BorrowedFd<'_> {
        self.0.hung_up.as_fd()
    }
}
