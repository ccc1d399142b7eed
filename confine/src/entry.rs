//! A confined program's own entry in `/proc`.

use std::fs::File;
use std::io;
use std::sync::OnceLock;

/// Keeps this process's own entry in `/proc` readable as long as it runs. A confined program that reads it
/// calls this first.
///
/// Landlock grants access to files, not to names; and of a file in `/proc` the kernel makes another one
/// when it is short of memory and has forgotten the first. It forgets none that is open.
///
/// # Errors
/// When there is no such entry, or it must not be read.
pub fn hold() -> io::Result<()> {
    static HELD: OnceLock<File> = OnceLock::new();
    if HELD.get().is_none() {
        let _ = HELD.set(File::open("/proc/self")?);
    }
    Ok(())
}
