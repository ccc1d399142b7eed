//! The processes that this one started, and orphans that come to it.
//!
//! A process whose parent has ended is an orphan. It goes to the nearest ancestor that *adopts*, or else
//! to the first process of the machine, out of reach. So a program that is to leave nothing behind adopts
//! orphans, and ends them after each job. What it started itself it must not end; that is registered here.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::ops::{Deref, DerefMut};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use rustix::process::{Pid, Signal, WaitOptions, getpgid, kill_process, waitpid};

/// Whether orphans come here.
static ADOPTS: AtomicBool = AtomicBool::new(false);

/// Children that are not orphans.
static OURS: Mutex<Option<HashSet<Pid>>> = Mutex::new(None);

/// Held for reading from the start of a child until it is registered. Whoever ends orphans holds it for
/// writing, and so never sees a child that is not registered yet.
static STARTING: RwLock<()> = RwLock::new(());

fn ours<T>(of: impl FnOnce(&mut HashSet<Pid>) -> T) -> T {
    let mut ours: MutexGuard<'_, _> = OURS.lock().unwrap_or_else(PoisonError::into_inner);
    of(ours.get_or_insert_default())
}

/// A child that is registered until this is dropped. Wait for it before.
#[derive(Debug)]
pub struct Registered(Child);

impl Deref for Registered {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.0
    }
}

impl DerefMut for Registered {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        ours(|ours| ours.remove(&Pid::from_child(&self.0)));
    }
}

/// Starts a child. A program that adopts orphans starts all of its children so.
///
/// # Errors
/// Those of [`Command::spawn`].
pub fn spawn(command: &mut Command) -> io::Result<Registered> {
    let _starting = STARTING.read().unwrap_or_else(PoisonError::into_inner);
    let child = Registered(command.spawn()?);
    ours(|ours| ours.insert(Pid::from_child(&child)));
    Ok(child)
}

/// Starts a child, waits for its end, and gives what it wrote to its standard output.
pub(crate) fn output(command: &mut Command) -> io::Result<Vec<u8>> {
    let mut child = spawn(command.stdout(Stdio::piped()))?;
    let mut output = Vec::new();
    let read = child.stdout.take().map_or(Ok(0), |mut pipe| pipe.read_to_end(&mut output));
    let status = child.wait()?;
    read?;
    if status.success() { Ok(output) } else { Err(io::Error::other(status.to_string())) }
}

/// Adopts orphans from now on. Children that there are already are nobody's orphans.
///
/// # Errors
/// Where the system has no such thing: only Linux does.
#[cfg(target_os = "linux")]
pub fn adopt_orphans() -> io::Result<()> {
    let _none_starts = STARTING.write().unwrap_or_else(PoisonError::into_inner);
    if !adopts_orphans() {
        let present = children();
        ours(|ours| ours.extend(present));
        rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
        ADOPTS.store(true, Ordering::Release);
    }
    Ok(())
}

/// Adopts orphans from now on.
///
/// # Errors
/// Always: this system has no such thing.
#[cfg(not(target_os = "linux"))]
pub fn adopt_orphans() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether orphans come here.
pub fn adopts_orphans() -> bool {
    ADOPTS.load(Ordering::Acquire)
}

/// Ends all orphans that have come, and what these leave in turn; but none that is in the process group
/// of a child which still runs. Does nothing unless [orphans are adopted](adopt_orphans).
pub fn end_orphans() {
    if !adopts_orphans() {
        return;
    }
    let _none_starts = STARTING.write().unwrap_or_else(PoisonError::into_inner);
    loop {
        let orphans: Vec<_> = children().into_iter().filter(|&pid| is_orphan(pid)).collect();
        if orphans.is_empty() {
            return;
        }
        for pid in orphans {
            let _ = kill_process(pid, Signal::KILL);
            // When it has ended, its own children have come to us.
            let _ = waitpid(Some(pid), WaitOptions::empty());
        }
    }
}

fn is_orphan(pid: Pid) -> bool {
    let group = getpgid(Some(pid)).ok();
    ours(|ours| !ours.contains(&pid) && !group.is_some_and(|group| ours.contains(&group)))
}

/// The children of all threads of this process, dead ones included that nobody has waited for.
fn children() -> Vec<Pid> {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let lists: io::Result<Vec<String>> = threads
        .filter_map(|thread| match fs::read_to_string(thread.path().join("children")) {
            // A thread that has ended meanwhile has none.
            Err(_) if !thread.path().exists() => None,
            read => Some(read),
        })
        .collect();
    match lists {
        Ok(lists) => {
            lists.iter().flat_map(|list| list.split_whitespace()).filter_map(pid).collect()
        }
        // A kernel without these lists.
        Err(_) => children_by_parent(),
    }
}

/// The same, by looking at every process of the machine.
fn children_by_parent() -> Vec<Pid> {
    let own = std::process::id().to_string();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let children = entries.filter_map(|entry| {
        let pid = pid(entry.file_name().to_str()?)?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        // `PID (NAME) STATE PARENT …`, and a name may hold anything.
        let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?;
        (parent == own).then_some(pid)
    });
    children.collect()
}

fn pid(text: &str) -> Option<Pid> {
    text.parse().ok().and_then(Pid::from_raw)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_finding_children_agree() {
        let mut child = spawn(Command::new("/bin/sleep").arg("1000")).unwrap();
        let pid = Pid::from_child(&child);
        assert!(children().contains(&pid));
        assert!(children_by_parent().contains(&pid));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!children().contains(&pid));
    }
}
