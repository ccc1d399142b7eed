//! The kernel's means.
//!
//! | module | what |
//! | --- | --- |
//! | `landlock` | files, TCP, signals and abstract sockets to the outside |
//! | `seccomp` | filters of system calls |
//! | `calls` | which calls these refuse |
//! | `identity` | another user |
//! | `limits` | what the kernel grants a process |

mod calls;
mod identity;
mod landlock;
mod limits;
mod seccomp;

use rustix::process::{Signal, geteuid, getpid, getppid, set_parent_process_death_signal};
use rustix::thread::set_no_new_privs;

use crate::Rules;
use crate::order::{Found, Order};
use seccomp::Caller;

/// Confines this process as `order` says, for good. It must have one thread.
///
/// The order of the steps matters: each takes away something that an earlier one needs.
pub(crate) fn confine(order: &Order) -> Result<(), String> {
    set_no_new_privs(true).map_err(|error| format!("cannot forgo new privileges: {error}"))?;
    limits::set(&order.rules.limits)?;
    let stays_root = order.id.is_none() && geteuid().is_root();
    let files = order.landlock.then(|| landlock::prepare(&order.rules, stays_root)).transpose()?;
    identity::take(order.id)?;
    end_with(order.parent)?;
    if let Some(files) = files {
        landlock::enforce(files)?;
    }
    if order.seccomp {
        seccomp::enforce(&Caller::new(order))?;
    }
    Ok(())
}

/// Makes the kernel end this process when the one that gave the order ends. A change of user undoes
/// this.
fn end_with(parent: u32) -> Result<(), String> {
    set_parent_process_death_signal(Some(Signal::KILL))
        .map_err(|error| format!("cannot ask to end with whoever started it: {error}"))?;
    let now = getppid().map(|parent| parent.as_raw_nonzero().get().cast_unsigned());
    if now == Some(parent) { Ok(()) } else { Err("whoever started it has ended".into()) }
}

/// Tries everything on this process.
pub(crate) fn probe(id: Option<u32>) -> Found {
    let processes = limits::processes_of_user();
    let files = set_no_new_privs(true)
        .map_err(|error| format!("cannot forgo new privileges: {error}"))
        .and_then(|()| landlock::prepare(&Rules::default(), false));
    let id = id.map(|id| identity::take(Some(id)));
    let landlock = files.and_then(landlock::enforce);
    let seccomp = seccomp::enforce(&Caller::narrow(getpid(), 1));
    Found { landlock, seccomp, id, processes }
}
