//! The socket, which is one coordinator's at a time.

use std::fs;
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use crate::error::{About, Error, Result};
use crate::lock::Lock;
use crate::rpc::address;

/// A socket that is held; gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Socket {
    path: PathBuf,
    listener: UnixListener,
    /// Beside the socket: between the look whether a socket is dead and taking its place, nobody else
    /// may do the same.
    _lock: Lock,
}

impl Socket {
    /// Listens at `path`. A socket that nobody listens at any more is taken over.
    pub(crate) fn claim(path: &Path) -> Result<(Self, UnixListener)> {
        let in_use = |who: &str| Error::Other(format!("{who} at the socket `{}`", path.display()));
        let mut lock = path.to_owned().into_os_string();
        lock.push(".lock");
        let lock = Lock::take(Path::new(&lock)).about("create the socket", path)?;
        let lock = lock.ok_or_else(|| in_use("another coordinator listens"))?;
        match fs::symlink_metadata(path) {
            Ok(what) if !what.file_type().is_socket() => {
                return Err(in_use("there is a file that is no socket"));
            }
            Ok(_) if address::connect(path).is_ok() => {
                return Err(in_use("another program listens"));
            }
            Ok(_) => fs::remove_file(path).about("take over the socket", path)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).about("create the socket", path),
        }
        let listener = address::bind(path).about("create the socket", path)?;
        let accepting = listener.try_clone().about("listen at the socket", path)?;
        Ok((Self { path: path.to_owned(), listener, _lock: lock }, accepting))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Wakes the thread that accepts.
        let _ = rustix::net::shutdown(&self.listener, rustix::net::Shutdown::Both);
        let _ = fs::remove_file(&self.path);
    }
}
