//! Calls into labrt from an OS thread that the simulated world does not know.

use std::sync::OnceLock;

use crate::os::Frames;

/// Where the first such call came from.
static CALL: OnceLock<Frames> = OnceLock::new();

/// Remembers the call for the world's supervisor and never returns: the world is about to end, and
/// what the thread would do next must not be seen.
#[cold]
pub(crate) fn stop() -> ! {
    let _ = CALL.set(Frames::capture());
    loop {
        std::thread::park();
    }
}

/// Where the first foreign call of this process came from, if there was one.
pub(crate) fn seen() -> Option<&'static Frames> {
    CALL.get()
}

/// Ends a call on an object of a simulated world from outside it, in a process that is not that
/// world's alone.
///
/// # Panics
/// Always.
#[cold]
#[track_caller]
pub(crate) fn misused(what: &str) -> ! {
    panic!("{what} of a simulated world was used outside it");
}
