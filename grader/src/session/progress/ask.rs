//! Somebody asks what is going on: by a key on the terminal, or by the signal USR1 from anywhere.

use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::thread::{self, JoinHandle};

use rustix::event::{PollFd, PollFlags, poll};
use signal_hook::SigId;
use signal_hook::consts::SIGUSR1;
use signal_hook::low_level::{pipe, unregister};

use crate::terminal::keys::Keys;

/// Answers until it is dropped.
#[derive(Debug)]
pub(super) struct Asking {
    signal: Option<SigId>,
    /// Closing it ends the thread.
    open: Option<UnixStream>,
    thread: Option<JoinHandle<()>>,
}

impl Asking {
    /// Begins to call `answer` whenever somebody asks. Where keys cannot be had, only the signal counts.
    pub(super) fn begin(wants_keys: bool, answer: impl Fn() + Send + 'static) -> io::Result<Self> {
        let (open, closed) = UnixStream::pair()?;
        let (rung, bell) = UnixStream::pair()?;
        let signal = pipe::register(SIGUSR1, OwnedFd::from(bell))?;
        let keys = if wants_keys { Keys::take() } else { None };
        let thread = thread::spawn(move || listen(keys, rung, closed, answer));
        Ok(Self { signal: Some(signal), open: Some(open), thread: Some(thread) })
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        if let Some(signal) = self.signal.take() {
            unregister(signal);
        }
        drop(self.open.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Waits for questions until `closed` is.
fn listen(keys: Option<Keys>, mut rung: UnixStream, closed: UnixStream, answer: impl Fn()) {
    let stdin = io::stdin();
    let mut keys = keys;
    loop {
        let mut waits =
            vec![PollFd::new(&closed, PollFlags::IN), PollFd::new(&rung, PollFlags::IN)];
        if keys.is_some() {
            waits.push(PollFd::from_borrowed_fd(stdin.as_fd(), PollFlags::IN));
        }
        match poll(&mut waits, None) {
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return,
            Ok(_) => {}
        }
        let came: Vec<bool> = waits.iter().map(|wait| !wait.revents().is_empty()).collect();
        if came[0] {
            return;
        }
        let mut bytes = [0; 64];
        if came[1] && !matches!(rung.read(&mut bytes), Ok(1..)) {
            return;
        }
        if came.get(2) == Some(&true)
            && !matches!(rustix::io::read(stdin.as_fd(), &mut bytes), Ok(1..))
        {
            // The terminal is gone; signals still count.
            keys = None;
            continue;
        }
        answer();
    }
}
