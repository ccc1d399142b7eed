//! Processes that a test watches, holds up and kills.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::Desk;

/// Longer than anything here takes on any machine.
const LIMIT: Duration = Duration::from_mins(5);

/// Waits until `found` finds something.
pub(crate) fn wait_for<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(start.elapsed() < LIMIT, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// A process that a test started; gone when it is dropped.
pub(crate) struct Process(Child);

impl Process {
    /// `mapreduce WORDS`.
    pub(crate) fn start(desk: &Desk, words: &str) -> Self {
        Self(desk.start(words))
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.0)
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("it runs");
    }

    /// Holds this process up in the middle of a task, which is the only one in progress.
    pub(crate) fn stop_in_a_task(&self, desk: &Desk) {
        stop(|| vec![self.pid()], || attempts(&desk.path("out")).len() == 1);
    }

    /// Holds this process's `number` workers up when at least one is in the middle of a task.
    pub(crate) fn stop_workers_in_a_task(&self, number: usize, desk: &Desk) -> Vec<Pid> {
        let all = || self.workers().len() == number;
        stop(|| self.workers(), || all() && !attempts(&desk.path("out")).is_empty())
    }

    /// The worker processes that it has started and that run.
    pub(crate) fn workers(&self) -> Vec<Pid> {
        let pid = self.0.id();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
        let children = children.unwrap_or_default();
        let pids = children.split_whitespace().filter_map(|pid| Pid::from_raw(pid.parse().ok()?));
        pids.filter(|pid| runs(*pid)).collect()
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().expect("a process").is_some()
    }

    /// Waits until it has ended; its exit code and what it said on standard error.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        wait_for("the end of a process", || self.has_ended().then_some(()));
        let mut words = String::new();
        let stderr = self.0.stderr.take().expect("a pipe");
        std::io::BufReader::new(stderr).read_to_string(&mut words).expect("text");
        (self.0.wait().expect("a status").code(), words)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Holds up `processes` at a moment when `right`; the processes.
pub(crate) fn stop(processes: impl Fn() -> Vec<Pid>, right: impl Fn() -> bool) -> Vec<Pid> {
    wait_for("the right moment", || {
        let stopped = right().then(&processes)?;
        let all = |signal| {
            for pid in &stopped {
                let _ = kill_process(*pid, signal);
            }
        };
        all(Signal::STOP);
        wait_for("processes that stand still", || {
            stopped.iter().all(|pid| stands_still(*pid)).then_some(())
        });
        // Some time has passed.
        let right = right();
        if !right {
            all(Signal::CONT);
        }
        right.then_some(stopped)
    })
}

/// Whether a process is stopped or gone.
fn stands_still(pid: Pid) -> bool {
    state_of(pid) == Some('T') || !runs(pid)
}

/// Whether a process runs, and is not merely remembered.
pub(crate) fn runs(pid: Pid) -> bool {
    state_of(pid).is_some_and(|state| !matches!(state, 'Z' | 'X'))
}

/// The state of a process, as the kernel abbreviates it.
fn state_of(pid: Pid) -> Option<char> {
    let pid = pid.as_raw_nonzero();
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}

/// Folders of tasks in progress in the folder `out`.
pub(crate) fn attempts(out: &Path) -> Vec<PathBuf> {
    let jobs = inside(out, "mr-job-");
    jobs.iter().flat_map(|job| inside(job, "attempt-")).collect()
}

/// What is in `folder`, if it is there, and has a name that begins with `start`.
fn inside(folder: &Path, start: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let named =
        entries.filter(|entry| entry.file_name().as_encoded_bytes().starts_with(start.as_bytes()));
    named.map(|entry| entry.path()).collect()
}
