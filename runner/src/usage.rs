//! Memory and disk that a run uses, as seen from outside.
//!
//! The kernel limits what one process reserves and how long one file becomes. What a run holds in sum
//! has to be looked at now and then.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use bytesize::ByteSize;
use rustix::process::Pid;

use crate::Allowance;

/// What a run used too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excess {
    /// It held so many bytes of memory.
    Memory(u64),
    /// It kept so many bytes on the disk, or more; none when they cannot be counted.
    Disk(Option<u64>),
}

/// How often to look, at the memory of one process or of a group. Memory is filled at some gigabytes a
/// second at most; and to find a group, every process of the machine is looked at.
const LOOK: Duration = Duration::from_millis(50);
const LOOK_AT_GROUP: Duration = Duration::from_millis(200);

/// Looks at one run.
#[derive(Debug)]
pub(crate) struct Meter<'a> {
    leader: Pid,
    allowance: &'a Allowance,
    scratch: Option<&'a Path>,
}

impl<'a> Meter<'a> {
    /// For the run whose process group is led by `leader`, with this folder for temporary files.
    pub(crate) fn new(leader: Pid, allowance: &'a Allowance, scratch: Option<&'a Path>) -> Self {
        Self { leader, allowance, scratch }
    }

    /// How often to look.
    pub(crate) fn pause(&self) -> Duration {
        if self.allowance.processes { LOOK_AT_GROUP } else { LOOK }
    }

    /// What the run uses too much of at the moment.
    pub(crate) fn excess(&self) -> Option<Excess> {
        let Allowance { memory_bytes, disk_bytes, .. } = *self.allowance;
        if let Some(limit) = memory_bytes {
            let used = self.memory();
            if used > limit {
                return Some(Excess::Memory(used));
            }
        }
        if let (Some(limit), Some(folder)) = (disk_bytes, self.scratch) {
            match disk(folder, limit) {
                Ok(used) if used <= limit => {}
                Ok(used) => return Some(Excess::Disk(Some(used))),
                Err(_) => return Some(Excess::Disk(None)),
            }
        }
        None
    }

    /// Bytes of memory that the run holds.
    fn memory(&self) -> u64 {
        let leader = self.leader.as_raw_nonzero().to_string();
        if !self.allowance.processes {
            return memory(&leader);
        }
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let members = names.filter(|name| group(name).is_some_and(|group| group == leader));
        members.map(|member| memory(&member)).sum()
    }
}

/// The process group of a process, which is named by its id.
fn group(pid: &str) -> Option<String> {
    pid.parse::<u32>().ok()?;
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // `PID (NAME) STATE PARENT GROUP …`, and a name may hold anything.
    let fields = stat.rsplit_once(')')?.1;
    fields.split_whitespace().nth(2).map(str::to_owned)
}

/// Bytes of memory that a process holds, without what it has only mapped from files; 0 when it is gone, or
/// where the system does not tell.
fn memory(pid: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let kilobytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    ["RssAnon:", "RssShmem:"].into_iter().filter_map(kilobytes).sum::<u64>() * 1024
}

/// The least that a file takes, in bytes, an empty one too: its name and what belongs to it.
const SMALLEST: u64 = 4096;

/// Bytes on the disk in `folder`. The counting ends when they are more than `limit`.
fn disk(folder: &Path, limit: u64) -> io::Result<u64> {
    let mut folders = vec![folder.to_owned()];
    let mut bytes = 0;
    while let Some(folder) = folders.pop() {
        // Files come and go meanwhile.
        let Some(entries) = unless_gone(fs::read_dir(&folder))? else { continue };
        for entry in entries {
            let Some(entry) = unless_gone(entry)? else { continue };
            let Some(of) = unless_gone(entry.metadata())? else { continue };
            bytes += on_disk(&of).max(SMALLEST);
            if bytes > limit {
                return Ok(bytes);
            }
            if of.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    Ok(bytes)
}

fn on_disk(of: &fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;

    of.blocks() * 512
}

fn unless_gone<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Bytes in words: `2 GiB`, `2.01 GiB`.
pub(crate) fn in_words(bytes: u64) -> String {
    format!("{:.2}", ByteSize::b(bytes).display().iec()).replace(".00 ", " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_in_words() {
        assert_eq!(in_words(2 << 30), "2 GiB");
        assert_eq!(in_words((2 << 30) + (20 << 20)), "2.02 GiB");
    }

    #[test]
    fn files_are_counted_wherever_they_are_until_there_are_too_many() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        fs::write(folder.path().join("a/b/file"), vec![1; 1 << 20]).unwrap();
        fs::write(folder.path().join("empty"), "").unwrap();
        let all = disk(folder.path(), u64::MAX).unwrap();
        assert!(((1 << 20) + 3 * SMALLEST..2 << 20).contains(&all), "{all}");
        assert!(disk(folder.path(), SMALLEST).unwrap() > SMALLEST);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn memory_is_counted_once_it_is_used() {
        let own = std::process::id().to_string();
        let mut bytes: Vec<u8> = Vec::with_capacity(64 << 20);
        let before = memory(&own);
        bytes.resize(64 << 20, 1);
        // Other tests give some back meanwhile.
        assert!(memory(&own) > before + (32 << 20));
        assert_eq!(bytes.len(), 64 << 20);
        assert_eq!(memory("no process"), 0);
    }
}
