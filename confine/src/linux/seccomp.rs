//! Filters of system calls.
//!
//! Two are in force at once, and the stricter decides. One looks at the number of a call: some are
//! refused, with EPERM; others, and all numbers that this crate does not know, are answered with ENOSYS,
//! as by a kernel that does not have them, so that the C library falls back to older ones. The other one
//! looks at arguments. It also kills a process that makes a call of another architecture.

use rustix::process::{Pid, getpid};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompFilter, TargetArch, apply_filter, sock_filter,
};

use super::calls::{self, Fate};
use crate::order::Order;

/// Who makes the calls.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller {
    /// Its own process.
    pub(super) own: u32,
    /// The process that gave the order.
    pub(super) parent: u32,
    /// See [`Rules::processes`](crate::Rules::processes).
    pub(super) processes: bool,
    /// See [`Rules::sockets`](crate::Rules::sockets).
    pub(super) sockets: bool,
    /// See [`Rules::modes`](crate::Rules::modes).
    pub(super) modes: bool,
}

impl Caller {
    /// This process, under `order`.
    pub(super) fn new(order: &Order) -> Self {
        let rules = &order.rules;
        Self {
            processes: rules.processes,
            sockets: rules.sockets,
            modes: rules.modes,
            ..Self::narrow(getpid(), order.parent)
        }
    }

    /// The process `own`, which may do nothing special.
    pub(super) fn narrow(own: Pid, parent: u32) -> Self {
        let own = own.as_raw_nonzero().get().cast_unsigned();
        Self { own, parent, processes: false, sockets: false, modes: false }
    }
}

/// Filters this thread's calls from now on, and those of all that it becomes or starts.
pub(super) fn enforce(caller: &Caller) -> Result<(), String> {
    let filters = filters(caller).map_err(|error| format!("seccomp: {error}"))?;
    for filter in filters {
        apply_filter(&filter).map_err(|error| format!("seccomp: {error}"))?;
    }
    Ok(())
}

fn filters(caller: &Caller) -> Result<[BpfProgram; 2], seccompiler::BackendError> {
    let target: TargetArch = std::env::consts::ARCH.try_into()?;
    let refused = SeccompAction::Errno(libc::EPERM.cast_unsigned());
    let conditions = calls::conditions(caller);
    let by_arguments = SeccompFilter::new(conditions, SeccompAction::Allow, refused, target)?;
    Ok([by_number(&calls::fates(caller)), by_arguments.try_into()?])
}

/// The filter that gives each number its fate.
///
/// The kernel tries a filter with every number when it is installed, so a list of comparisons one after
/// the other would cost more than the rest of a launch.
fn by_number(fates: &[(u32, Fate)]) -> BpfProgram {
    // The number is the first word of what the kernel shows to a filter.
    let mut program = vec![statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0)];
    program.extend(search(fates));
    program
}

/// Finds the fate of the number by halving.
fn search(fates: &[(u32, Fate)]) -> BpfProgram {
    if let [(_, fate)] = fates {
        let answer = match fate {
            Fate::Made => libc::SECCOMP_RET_ALLOW,
            Fate::Refused => libc::SECCOMP_RET_ERRNO | libc::EPERM.cast_unsigned(),
            Fate::Absent => libc::SECCOMP_RET_ERRNO | libc::ENOSYS.cast_unsigned(),
        };
        return vec![statement(libc::BPF_RET | libc::BPF_K, 0, answer)];
    }
    let (low, high) = fates.split_at(fates.len() / 2);
    let first_high = high[0].0;
    let (low, high) = (search(low), search(high));
    let over_low = u8::try_from(low.len()).expect("half of the table is short");
    let compare = statement(libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K, over_low, first_high);
    [vec![compare], low, high].concat()
}

/// An instruction. One that compares goes over `jump` others if the comparison holds.
fn statement(code: u32, jump: u8, k: u32) -> sock_filter {
    sock_filter { code: code as u16, jt: jump, jf: 0, k }
}

#[cfg(test)]
mod tests;
