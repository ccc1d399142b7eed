//! Waits for a process and reads its pipes, whatever it does to them.
//!
//! The end of the process is what counts, not the end of its pipes: a grandchild may hold those open
//! for ever, and the process may close them early.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use confine::children::Registered;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::usage::{Excess, Meter};
use crate::{Allowance, CancelToken, Log};

/// More than this is no record.
const MAX_RECORD_BYTES: usize = 1 << 20;

/// How often to look for the end of a process where the kernel does not tell.
const TICK: Duration = Duration::from_millis(2);

/// Most pieces that are read from a pipe once the process has ended; its buffer holds fewer.
const MAX_LAST_PIECES: usize = 64;

/// Why the watching ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The process ended.
    Ended,
    /// It did not within its wall time.
    WallTime,
    /// The run used too much of something.
    Excess(Excess),
    /// The run was cancelled.
    Cancelled,
}

/// What a process left.
#[derive(Debug)]
pub(crate) struct Remains {
    /// Why the watching ended.
    pub(crate) cause: Cause,
    /// How the process ended, of itself or because it was killed.
    pub(crate) status: ExitStatus,
    /// What it wrote to its standard output, up to a little more than [`MAX_RECORD_BYTES`].
    pub(crate) output: Vec<u8>,
    /// What it wrote to its standard error.
    pub(crate) log: Log,
}

/// Limits what the kernel grants `child`: CPU time, and no core dumps. Of the process itself this
/// asks nothing, so it cannot refuse.
#[cfg(target_os = "linux")]
pub(crate) fn limit(child: &Registered, allowance: &Allowance) {
    use rustix::process::{Resource, Rlimit, prlimit};

    let limit = |resource, soft, hard| {
        let limit = Rlimit { current: Some(soft), maximum: Some(hard) };
        // It fails only for a process that has ended.
        let _ = prlimit(Some(pid(child)), resource, limit);
    };
    limit(Resource::Core, 0, 0);
    if let Some(cpu) = allowance.cpu {
        // At the soft limit it dies of SIGXCPU, which says what it was; at the hard one in any case.
        let cpu_s = cpu.as_secs().max(1);
        limit(Resource::Cpu, cpu_s, cpu_s + 2);
    }
}

/// Elsewhere the limits of the wall have to do.
#[cfg(not(target_os = "linux"))]
pub(crate) fn limit(_child: &Registered, _allowance: &Allowance) {}

/// The process id of `child`.
pub(crate) fn pid(child: &Registered) -> Pid {
    Pid::from_child(child)
}

/// Waits for the end of `child`, or ends it with its whole process group when its time is up, `meter`
/// finds that it uses too much, or `cancel` says so.
pub(crate) fn watch(
    mut child: Registered,
    allowance: &Allowance,
    meter: &Meter<'_>,
    cancel: &CancelToken,
) -> io::Result<Remains> {
    let pid = pid(&child);
    let end = end_of(pid);
    let mut log = Log::new(allowance.log_bytes);
    let mut output = Vec::new();
    let mut stdout = Pipe::new(child.stdout.take());
    let mut stderr = Pipe::new(child.stderr.take());
    let start = Instant::now();
    let mut looked = start;
    let mut keep_output = |piece: &[u8]| {
        if output.len() <= MAX_RECORD_BYTES {
            output.extend_from_slice(piece);
        }
    };
    let mut keep_log = |piece: &[u8]| {
        log.push(piece);
        if allowance.live_log {
            let _ = io::stderr().write_all(piece);
        }
    };

    let cause = loop {
        if has_ended(pid) {
            break Cause::Ended;
        }
        if cancel.is_cancelled() {
            break Cause::Cancelled;
        }
        let Some(left) = allowance.wall.checked_sub(start.elapsed()) else {
            break Cause::WallTime;
        };
        if looked.elapsed() >= meter.pause() {
            if let Some(excess) = meter.excess() {
                break Cause::Excess(excess);
            }
            looked = Instant::now();
        }
        wait(left.min(meter.pause()), end.as_ref(), &stdout, &stderr, cancel);
        stdout.read(1, &mut keep_output);
        stderr.read(1, &mut keep_log);
    };
    // Before the child is waited for: until then its id, and with it the group's, stays its own.
    let _ = kill_process_group(pid, Signal::KILL);
    let status = child.wait()?;
    stdout.read(MAX_LAST_PIECES, &mut keep_output);
    stderr.read(MAX_LAST_PIECES, &mut keep_log);
    Ok(Remains { cause, status, output, log })
}

/// A descriptor that becomes readable when the process ends, where there is such a thing.
#[cfg(target_os = "linux")]
fn end_of(pid: Pid) -> Option<OwnedFd> {
    rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()).ok()
}

#[cfg(not(target_os = "linux"))]
fn end_of(_pid: Pid) -> Option<OwnedFd> {
    None
}

/// Whether the process has ended. It stays to be waited for.
fn has_ended(pid: Pid) -> bool {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    matches!(waitid(WaitId::Pid(pid), options), Ok(Some(_)))
}

/// Waits until something may have happened, at most for `left`.
fn wait(left: Duration, end: Option<&OwnedFd>, stdout: &Pipe, stderr: &Pipe, cancel: &CancelToken) {
    let cancelled = cancel.hung_up();
    let mut fds = vec![PollFd::from_borrowed_fd(cancelled, PollFlags::IN)];
    let others = [end.map(AsFd::as_fd), stdout.fd(), stderr.fd()];
    for fd in others.into_iter().flatten() {
        fds.push(PollFd::from_borrowed_fd(fd, PollFlags::IN));
    }
    let timeout = if end.is_some() { left } else { left.min(TICK) };
    let timeout = Timespec::try_from(timeout).ok();
    // An interrupted wait is as good as an event: the caller looks again.
    let _ = poll(&mut fds, timeout.as_ref());
}

/// Our end of one of the process's pipes; reading it never blocks.
struct Pipe {
    open: Option<Box<dyn ReadFd>>,
    buffer: Vec<u8>,
}

trait ReadFd: Read + AsFd {}
impl<T: Read + AsFd> ReadFd for T {}

impl Pipe {
    const PIECE_BYTES: usize = 64 << 10;

    fn new(pipe: Option<impl ReadFd + 'static>) -> Self {
        let open = pipe.filter(|pipe| {
            fcntl_getfl(pipe).and_then(|flags| fcntl_setfl(pipe, flags | OFlags::NONBLOCK)).is_ok()
        });
        Self {
            open: open.map(|pipe| Box::new(pipe) as Box<dyn ReadFd>),
            buffer: vec![0; Self::PIECE_BYTES],
        }
    }

    fn fd(&self) -> Option<std::os::fd::BorrowedFd<'_>> {
        self.open.as_ref().map(AsFd::as_fd)
    }

    /// Hands up to `pieces` pieces of what is there to `keep`.
    fn read(&mut self, pieces: usize, keep: &mut impl FnMut(&[u8])) {
        for _ in 0..pieces {
            let Some(pipe) = &mut self.open else { return };
            match pipe.read(&mut self.buffer) {
                Ok(0) => self.open = None,
                Ok(n) => keep(&self.buffer[..n]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(_) => self.open = None,
            }
        }
    }
}
