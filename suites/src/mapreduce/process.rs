//! A process of a job, started from this very binary.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};

use labrt::time::Duration;
use protocol::{EXIT_NOT_IMPLEMENTED, Unwritten};

use super::printed::Printed;
use super::probe::CRASHED;
use super::role::Part;
use crate::{Failure, Kind};

/// The process. It is killed when this is dropped.
pub(super) struct Process {
    /// `coordinator`, `worker 1`.
    pub(super) name: String,
    child: Child,
    printed: Printed,
    end: Option<End>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) status: ExitStatus,
}

impl End {
    /// Whether it crashed because its application wanted it to.
    pub(super) fn is_planned_crash(self) -> bool {
        self.status.code() == Some(CRASHED)
    }
}

impl Process {
    /// Starts it.
    pub(super) fn start(name: String, part: &Part) -> io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .env_remove(protocol::RUN_MARKER)
            .env(protocol::ROLE_MARKER, serde_json::to_string(part)?)
            .stdin(Stdio::null())
            .stdout(Stdio::inherit())
            .stderr(Stdio::piped())
            .spawn()?;
        let pipe = child.stderr.take().expect("it was asked for");
        let printed = Printed::new(&name, pipe);
        Ok(Self { name, child, printed, end: None })
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub(super) fn end(&mut self) -> Option<End> {
        if self.end.is_none() {
            let status = self.child.try_wait().ok().flatten()?;
            self.end = Some(End { status });
            self.printed.wait_for_rest();
            self.expect_written(status);
        }
        self.end
    }

    /// Ends the run when the process ended because it reached code that is not written: whatever the test
    /// expects of it, it will not see that.
    fn expect_written(&self, status: ExitStatus) {
        if status.code() != Some(EXIT_NOT_IMPLEMENTED) {
            return;
        }
        if let Ok(Unwritten { message, location }) = serde_json::from_str(&self.last_line()) {
            let kind = Kind::NotImplemented;
            labrt::world::end(Failure { kind, location, ..Failure::new(message) });
        }
    }

    /// The processor time that it has used so far; none when it has ended, or where the system does not
    /// tell.
    #[cfg(target_os = "linux")]
    pub(super) fn cpu(&self) -> Option<Duration> {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.id()).ok()?);
        let clock = nix::time::clock_getcpuclockid(pid).ok()?;
        Some(nix::time::clock_gettime(clock).ok()?.into())
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn cpu(&self) -> Option<Duration> {
        None
    }

    /// Ends it with SIGKILL.
    pub(super) fn kill(&mut self) {
        if self.end.is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    /// The last line that it has printed on standard error.
    pub(super) fn last_line(&self) -> String {
        self.printed.last_line()
    }

    /// How it fares, in words.
    pub(super) fn describe(&mut self) -> String {
        let how = match self.end().map(|end| end.status) {
            None => return format!("{} runs", self.name),
            Some(status) => describe(status),
        };
        format!("{} {how}; its last line: {}", self.name, self.last_line())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// How a process ended, in words.
pub(super) fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with status {code}"),
        (None, Some(signal)) => format!("died of signal {signal}"),
        (None, None) => "ended".into(),
    }
}
