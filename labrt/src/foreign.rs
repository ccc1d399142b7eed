//! Calls into labrt from an OS thread that the simulated world does not know.

use std::panic::Location;
use std::sync::OnceLock;

use crate::os;

/// Where the first such call came from.
static CALL: OnceLock<String> = OnceLock::new();

/// Remembers the call for the world's supervisor and never returns: the world is about to end, and
/// what the thread would do next must not be seen.
#[cold]
pub(crate) fn stop() -> ! {
    let place = os::caller().unwrap_or_else(|| Location::caller().to_string());
    let _ = CALL.set(place);
    loop {
        std::thread::park();
    }
}

/// Where the first foreign call of this process came from, if there was one.
pub(crate) fn seen() -> Option<&'static str> {
    CALL.get().map(String::as_str)
}
