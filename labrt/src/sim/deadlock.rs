//! Deadlocks: a cycle of waits, found the moment it closes, and threads in words.
//!
//! "Nothing can run and no timer is set" almost never comes true in a live cluster, where other
//! servers tick on and the test polls. So on every block the chain is followed from the lock to its
//! holder, to the lock that one waits for, and so on.

use super::Core;
use super::locks::{Lock, Table};
use super::task::{Status, Task, TaskRef, Tasks, WaitFor};

/// A wait for a lock that lasts longer than this is worth a note, in virtual nanoseconds.
pub(crate) const LONG_WAIT_NS: u64 = 5_000_000_000;

/// Who keeps a thread from going on.
fn blockers(status: Status, locks: &Table<Lock>) -> Vec<TaskRef> {
    match status {
        Status::Blocked(WaitFor::Lock(lock)) => {
            locks.get(lock).holds().iter().map(|hold| hold.task).collect()
        }
        Status::Blocked(WaitFor::Join(task)) => vec![task],
        _ => Vec::new(),
    }
}

/// The cycle of waits that goes through `start`, which has just blocked: the threads in it, each
/// waiting for the next.
pub(crate) fn cycle(start: TaskRef, tasks: &Tasks, locks: &Table<Lock>) -> Option<Vec<TaskRef>> {
    let mut path = vec![start];
    find(start, &mut path, &mut Vec::new(), tasks, locks).then_some(path)
}

fn find(
    start: TaskRef,
    path: &mut Vec<TaskRef>,
    visited: &mut Vec<TaskRef>,
    tasks: &Tasks,
    locks: &Table<Lock>,
) -> bool {
    let Some(last) = path.last().and_then(|task| tasks.alive(*task)) else {
        return false;
    };
    for next in blockers(last.status, locks) {
        if next == start {
            return true;
        }
        if visited.contains(&next) {
            continue;
        }
        visited.push(next);
        path.push(next);
        if find(start, path, visited, tasks, locks) {
            return true;
        }
        path.pop();
    }
    false
}

/// What a thread waits for, in words: `server 1/ticker waits for lock 4 held by server 1/applier (taken at
/// apply.rs:3:9) at raft.rs:10:5`. The number tells apart locks that are taken in the same line.
pub(super) fn describe(task: &Task, core: &Core) -> String {
    let label = task.label();
    let Status::Blocked(wait) = task.status else {
        return format!("{label} is ready to run, last at {}", task.at);
    };
    let holders = match wait {
        WaitFor::Lock(lock) => holders(core.locks.get(lock), &core.tasks),
        WaitFor::Join(other) => {
            core.tasks.alive(other).map_or(String::new(), |other| format!(" {}", other.label()))
        }
        _ => String::new(),
    };
    let own = (wait == WaitFor::StdLock).then(|| core.futexes.place(core.tasks.waiter(task)));
    let at = own.flatten().unwrap_or_else(|| task.at.to_string());
    match wait {
        WaitFor::Lock(lock) => format!("{label} waits for lock {lock}{holders} at {at}"),
        _ => format!("{label} waits for {}{holders} at {at}", wait.text()),
    }
}

fn holders(lock: &Lock, tasks: &Tasks) -> String {
    let names: Vec<String> = lock
        .holds()
        .iter()
        .map(|hold| match tasks.alive(hold.task) {
            Some(holder) => format!("{} (taken at {})", holder.label(), hold.at),
            None => format!("a thread that has ended (taken at {})", hold.at),
        })
        .collect();
    if names.is_empty() {
        return String::new();
    }
    format!(" held by {}", names.join(" and "))
}
