//! Closes descriptors that came with the process.

use std::fs::{self, DirEntry};
use std::os::fd::RawFd;

/// Closes every descriptor but the standard three: the others lead to whatever started this process.
/// Must come before it opens any of its own.
pub fn close() {
    let folders = ["/proc/self/fd", "/dev/fd"];
    let entries = folders.iter().find_map(|path| fs::read_dir(path).ok());
    let number = |entry: DirEntry| entry.file_name().to_str()?.parse::<RawFd>().ok();
    // All of them first, so that the folder is closed before anything else is.
    let open: Vec<_> = entries.into_iter().flatten().flatten().filter_map(number).collect();
    for fd in open.into_iter().filter(|&fd| fd > 2) {
        // The one through which they were listed is closed already.
        let _ = nix::unistd::close(fd);
    }
}
