//! A process of a job, started from this very binary.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};

use labrt::time::Duration;
use nix::sys::resource::{UsageWho, getrusage};

use super::printed::Printed;
use super::probe::CRASHED;
use super::role::Part;

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
    /// The processor time that it has used.
    pub(super) cpu: Duration,
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
            let before = cpu_of_ended();
            let status = self.child.try_wait().ok().flatten()?;
            self.end = Some(End { status, cpu: cpu_of_ended().saturating_sub(before) });
            self.printed.wait_for_rest();
        }
        self.end
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

/// The processor time of all processes that were started here and have been waited for. Only one thread
/// waits for them, so what a wait adds to it is the time of that process.
fn cpu_of_ended() -> Duration {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else { return Duration::ZERO };
    let times = [usage.user_time(), usage.system_time()];
    times
        .iter()
        .map(|time| Duration::from_micros(time.tv_sec() as u64 * 1_000_000 + time.tv_usec() as u64))
        .sum()
}
