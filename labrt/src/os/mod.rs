//! Everything that is special about the operating system.
//!
//! | module | what |
//! | --- | --- |
//! | [`supervisor`] | watches a world from another OS thread: endless loops, waits outside labrt |
//! | [`overflow`] | says so when a lab thread's stack overflows |
//! | [`interpose`] | answers the system calls of lab threads from the world (Linux) |

#![allow(unsafe_code, reason = "system calls, signal handlers and interposed symbols")]

#[cfg(target_os = "linux")]
mod interpose;
pub(crate) mod overflow;
pub(crate) mod supervisor;

use std::path::Path;

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

/// Where the code outside the runtime and the standard library is that led here, as
/// `file:line:column`. It reads debug information, so it is for verdicts only.
pub(crate) fn caller() -> Option<String> {
    let mut found = None;
    backtrace::trace(|frame| {
        backtrace::resolve_frame(frame, |symbol| {
            if found.is_none()
                && let (Some(file), Some(line)) = (symbol.filename(), symbol.lineno())
                && is_users(file)
            {
                let column = symbol.colno().unwrap_or(1);
                found = Some(format!("{}:{line}:{column}", file.display()));
            }
        });
        found.is_none()
    });
    found
}

/// Whether a source file belongs neither to the toolchain, nor to a library from a registry, nor to
/// this crate.
fn is_users(file: &Path) -> bool {
    let of_labrt = file.starts_with(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
        || file.starts_with("labrt/src");
    let of_toolchain = file.starts_with("/rustc") || file.starts_with("library");
    let text = file.to_string_lossy();
    let of_registry = text.contains("/registry/src/") || text.contains("/rustlib/src/");
    let of_c = file.extension().is_none_or(|extension| extension != "rs");
    !(of_labrt || of_toolchain || of_registry || of_c)
}
