//! What the kernel grants a process.

use std::fs;

use rustix::process::{Resource, Rlimit, getrlimit, getuid, setrlimit};

use crate::Limits;

/// Seconds of processor time between SIGXCPU, which says what happened, and SIGKILL.
const CPU_GRACE_S: u64 = 2;

/// Sets them. What is granted already is never raised.
pub(super) fn set(limits: &Limits) -> Result<(), String> {
    let Limits { address_bytes, processes, file_bytes, open_files, cpu_s } = *limits;
    let all = [
        (Resource::Core, Some(0), 0),
        (Resource::As, address_bytes, 0),
        (Resource::Nproc, processes, 0),
        (Resource::Fsize, file_bytes, 0),
        (Resource::Nofile, open_files, 0),
        (Resource::Cpu, cpu_s, CPU_GRACE_S),
    ];
    for (resource, limit, grace) in all {
        let Some(limit) = limit else { continue };
        let granted = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        let maximum = limit.saturating_add(grace).min(granted);
        let new = Rlimit { current: Some(limit.min(maximum)), maximum: Some(maximum) };
        setrlimit(resource, new).map_err(|error| format!("cannot limit {resource:?}: {error}"))?;
    }
    Ok(())
}

/// Processes and threads that our user has now: the kernel counts them together.
pub(super) fn processes_of_user() -> u64 {
    let user = getuid().as_raw().to_string();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let processes = entries.filter(|entry| {
        entry.file_name().as_encoded_bytes().first().is_some_and(u8::is_ascii_digit)
    });
    let threads = processes.filter_map(|entry| {
        let status = fs::read_to_string(entry.path().join("status")).ok()?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()
        };
        if field("Uid:")? == user { field("Threads:")?.parse::<u64>().ok() } else { None }
    });
    threads.sum()
}
