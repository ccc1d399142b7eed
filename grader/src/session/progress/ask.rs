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
        let came: Vec<PollFlags> = waits.iter().map(PollFd::revents).collect();
        if !came[0].is_empty() {
            return;
        }
        let mut bytes = [0; 64];
        if !came[1].is_empty() && !matches!(rung.read(&mut bytes), Ok(1..)) {
            return;
        }
        if let Some(&key) = came.get(2).filter(|came| !came.is_empty()) {
            match rustix::io::read(stdin.as_fd(), &mut bytes) {
                Ok(1..) => {}
                // Ctrl-C has taken it back.
                Ok(_) if !key.intersects(PollFlags::HUP | PollFlags::ERR) => continue,
                // The terminal is gone; signals still count.
                _ => {
                    keys = None;
                    continue;
                }
            }
        }
        answer();
    }
}
