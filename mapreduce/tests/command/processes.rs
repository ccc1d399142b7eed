//! Processes that a test watches, holds up and kills.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::{Desk, names};

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

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.0), signal).expect("it runs");
    }

    /// Holds a worker up in the middle of a task: it has the only attempt's folder.
    pub(crate) fn stop_in_a_task(&self, desk: &Desk) {
        wait_for("a task in progress", || {
            attempts(&desk.path("out")).pop()?;
            self.signal(Signal::STOP);
            wait_for("a worker that stands still", || {
                (state(self.0.id()) == Some('T')).then_some(())
            });
            let caught = !attempts(&desk.path("out")).is_empty();
            if !caught {
                self.signal(Signal::CONT);
            }
            caught.then_some(())
        });
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

/// Whether a process runs, and is not merely remembered.
pub(crate) fn runs(pid: Pid) -> bool {
    let pid = pid.as_raw_nonzero().get().unsigned_abs();
    state(pid).is_some_and(|state| !matches!(state, 'Z' | 'X'))
}

/// The state of a process, as the kernel abbreviates it.
fn state(pid: u32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}

/// Folders of tasks in progress in the folder `out`.
pub(crate) fn attempts(out: &Path) -> Vec<String> {
    let jobs = names(out).into_iter().filter(|name| name.starts_with("mr-job-"));
    let inside = jobs.flat_map(|job| {
        let entries = fs::read_dir(out.join(job)).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned())
    });
    inside.filter(|name| name.starts_with("attempt-")).collect()
}
