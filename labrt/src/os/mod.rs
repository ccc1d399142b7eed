//! Everything that is special about the operating system.
//!
//! | module | what |
//! | --- | --- |
//! | [`supervisor`] | watches a world from another OS thread: endless loops, waits outside labrt |
//! | [`overflow`] | says so when a lab thread's stack overflows |
//! | [`frames`] | where a call came from |
//! | [`interpose`] | answers the system calls of lab threads from the world (Linux) |

#![allow(unsafe_code, reason = "system calls, signal handlers and interposed symbols")]

mod frames;
#[cfg(target_os = "linux")]
mod interpose;
pub(crate) mod overflow;
pub(crate) mod supervisor;

use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) use frames::Frames;

/// Status with which a process ends when a lab thread's stack has overflowed.
pub const EXIT_STACK_OVERFLOW: i32 = 70;

/// Ends the process at once: no destructor and no exit handler runs, nothing is flushed. It is what
/// is left to do after a verdict, when threads of the world are still suspended.
pub fn exit_now(status: i32) -> ! {
    // SAFETY: `_exit` may be called at any time and does not return.
    unsafe { libc::_exit(status) }
}

/// Writes to standard error, in one call where the system takes it whole.
pub(crate) fn write_stderr(text: &str) {
    let bytes = text.as_bytes();
    // SAFETY: the pointer and the length are those of a live slice. A failure is ignored: there is
    // nowhere left to report it.
    unsafe { libc::write(libc::STDERR_FILENO, bytes.as_ptr().cast(), bytes.len()) };
}

/// The value of a futex that a suspended lab thread waits at.
pub(crate) fn futex_word(address: usize) -> u32 {
    let word = ptr::with_exposed_provenance::<AtomicU32>(address);
    // SAFETY: the address was given to a futex wait which has not returned, so its caller still
    // borrows the word. All access to it is atomic.
    unsafe { (*word).load(Ordering::SeqCst) }
}
