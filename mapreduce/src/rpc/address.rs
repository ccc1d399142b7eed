//! Socket paths, short or long.
//!
//! The kernel takes at most 107 bytes for a socket's path. A longer one is reached through its folder,
//! which can be opened under any name and then has a short one in `/proc/self/fd`.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

/// Bytes of a path that the kernel takes, its end not counted.
const LONGEST: usize = 107;

/// Creates the socket at `path` and listens.
pub(crate) fn bind(path: &Path) -> io::Result<UnixListener> {
    with_short(path, |path| UnixListener::bind(path))
}

/// Connects to the socket at `path`.
pub(crate) fn connect(path: &Path) -> io::Result<UnixStream> {
    with_short(path, |path| UnixStream::connect(path))
}

/// Does something with a path for the socket that is short enough.
fn with_short<T>(path: &Path, act: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    if path.as_os_str().len() <= LONGEST {
        return act(path);
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let folder = File::open(folder)?;
    let short = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(name);
    act(&short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_will_do() {
        let folder = tempfile::tempdir().expect("a folder");
        let deep = folder.path().join("x".repeat(120));
        std::fs::create_dir(&deep).expect("made");
        let path = deep.join("mr.sock");
        let _listener = bind(&path).expect("a socket");
        assert!(path.exists());
        connect(&path).expect("a connection");
    }

    #[test]
    fn a_long_name_will_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = bind(&folder.path().join("x".repeat(120))).expect_err("too long");
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{error}");
    }
}
