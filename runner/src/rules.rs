//! What the process of a run may do.

use std::ffi::OsString;
use std::path::Path;

use confine::{Limits, Rules};
use protocol::Clock;

use crate::{Allowance, Program};

/// Addresses that a run may reserve beyond the memory that it may use: the stacks of as many threads as
/// a world can hold, most of which are never touched, and what the C library reserves for them.
const RESERVED_BYTES: u64 = 12 << 30;

/// Threads beside those of the lab: a few of the runtime's.
const OWN_THREADS: u64 = 64;
/// Threads of a lab on the real clock: those that the runtime starts at most, and as many again that a
/// solution may start itself.
const REAL_THREADS: u64 = 16_000;
/// Processes and their threads, where a run has several.
const PROCESSES: u64 = 1_000;

/// Open files. A merge of many runs takes some.
const OPEN_FILES: u64 = 1_000;

/// The longest file that a trace may become, in bytes.
const TRACE_BYTES: u64 = 4 << 30;

/// Variables of ours that say what a log shows, and change nothing else.
const KEPT: [&str; 1] = ["RUST_BACKTRACE"];

/// Where a run may leave something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places<'a> {
    /// Its folder for temporary files, if it has one.
    pub(crate) scratch: Option<&'a Path>,
    /// The file that it writes its trace to, if that is wanted.
    pub(crate) trace: Option<&'a Path>,
}

/// What a run of `program` on `clock` may do: compute, read its own source, and leave nothing but at these
/// places.
pub(crate) fn of_run(
    program: &Program,
    clock: Clock,
    allowance: &Allowance,
    places: Places<'_>,
) -> Rules {
    let mut rules = Rules::of_system();
    rules.write.extend(places.scratch.into_iter().chain(places.trace).map(Path::to_owned));
    rules.read.extend(program.sources.iter().cloned());
    rules.processes = allowance.processes;
    rules.sockets = allowance.processes;
    rules.limits = Limits {
        address_bytes: allowance.memory_bytes.map(|bytes| bytes.saturating_add(RESERVED_BYTES)),
        processes: Some(match clock {
            _ if allowance.processes => PROCESSES,
            Clock::Sim => OWN_THREADS,
            Clock::Real => OWN_THREADS + REAL_THREADS,
        }),
        file_bytes: match places {
            Places { trace: Some(_), .. } => Some(TRACE_BYTES),
            Places { scratch: Some(_), .. } => allowance.disk_bytes,
            Places { scratch: None, trace: None } => Some(0),
        },
        open_files: Some(OPEN_FILES),
        cpu_s: allowance.cpu.map(|cpu| cpu.as_secs().max(1)),
    };
    rules.environment = environment(program, places.scratch);
    rules
}

/// What a run has for an environment, or where it is not confined, what is added to ours.
fn environment(program: &Program, scratch: Option<&Path>) -> Vec<(OsString, OsString)> {
    let mut environment: Vec<(OsString, OsString)> =
        vec![(protocol::RUN_MARKER.into(), "1".into())];
    if program.sandbox.is_some() {
        environment.push(("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into()));
        environment.push(("LANG".into(), "C.UTF-8".into()));
        let kept = KEPT.iter().filter_map(|&name| Some((name.into(), std::env::var_os(name)?)));
        environment.extend(kept);
    }
    environment.extend(scratch.map(|path| ("TMPDIR".into(), path.into())));
    environment.extend(program.env.iter().cloned());
    environment
}
