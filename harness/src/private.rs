//! Moves the pipe for the record out of the submission's reach.
//!
//! What the submission prints goes to standard error, which is the log; what it reads from standard
//! input is empty. The record's own pipe has a descriptor that no child process inherits. A
//! submission that goes looking for it under `/proc` can spoil its record, but not forge one: it does
//! not know the nonce.

use std::io;
use std::os::fd::OwnedFd;

use protocol::{PROTOCOL, Request};
use rustix::fs::{Mode, OFlags};
use rustix::io::fcntl_dupfd_cloexec;
use rustix::stdio::{dup2_stdin, dup2_stdout, stderr, stdin, stdout};

/// Above the descriptors that programs expect to find.
const FIRST_FD: i32 = 64;

/// A longer request is none.
const MAX_REQUEST_BYTES: usize = 64 << 10;

/// What standard output was when the process started.
pub(crate) struct PrivateOutput(OwnedFd);

impl PrivateOutput {
    /// Takes standard output away from the rest of the process. Must come before any code of the
    /// submission runs.
    pub(crate) fn take() -> io::Result<Self> {
        let output = fcntl_dupfd_cloexec(stdout(), FIRST_FD)?;
        dup2_stdout(stderr())?;
        Ok(Self(output))
    }

    /// Writes all of `bytes`.
    pub(crate) fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match rustix::io::write(&self.0, bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Reads the request from standard input and closes that for good. Read without a buffer of std's,
/// which would keep the nonce.
pub(crate) fn take_request() -> io::Result<Request> {
    let invalid = |why: String| io::Error::new(io::ErrorKind::InvalidData, why);
    let mut text = vec![0; MAX_REQUEST_BYTES];
    let mut length = 0;
    while length < text.len() {
        match rustix::io::read(stdin(), &mut text[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let nothing = rustix::fs::open("/dev/null", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty())?;
    dup2_stdin(&nothing)?;
    let line = text[..length]
        .strip_suffix(b"\n")
        .ok_or_else(|| invalid("no request: expected one line of JSON on standard input".into()))?;
    let request: Request =
        serde_json::from_slice(line).map_err(|error| invalid(format!("no request: {error}")))?;
    if request.protocol != PROTOCOL {
        return Err(invalid(format!(
            "the grader speaks protocol {}, this harness {PROTOCOL}: build both from one version",
            request.protocol
        )));
    }
    Ok(request)
}
