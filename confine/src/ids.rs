//! User ids of jobs.
//!
//! Linux counts a user's processes over the whole machine, so jobs that run at the same time need a user
//! each; and what one of them leaves must not be the next one's. Systemd's table of user ids leaves the
//! range free.

use std::io::{self, ErrorKind};
use std::ops::RangeInclusive;

use std::os::unix::net::UnixDatagram;

/// The ids that jobs get; no account should have one of them.
pub(crate) const IDS: RangeInclusive<u32> = 60_706..=61_183;

/// A user id that nobody else has until this is dropped: no other job of this process, and none of
/// another one on this machine.
#[derive(Debug)]
pub(crate) struct UserId {
    id: u32,
    /// A name in the kernel that only one can have. It goes when its holder ends, however that happens.
    _name: UnixDatagram,
}

impl UserId {
    /// One that is free.
    ///
    /// # Errors
    /// When all are taken, or the kernel refuses the sockets that mark them.
    pub(crate) fn take() -> io::Result<Self> {
        for id in IDS {
            match mark(id) {
                Ok(name) => return Ok(Self { id, _name: name }),
                Err(error) if error.kind() == ErrorKind::AddrInUse => {}
                Err(error) => return Err(error),
            }
        }
        let (first, last) = (IDS.start(), IDS.end());
        Err(io::Error::other(format!(
            "all user ids from {first} to {last} are taken by other jobs"
        )))
    }

    pub(crate) fn id(&self) -> u32 {
        self.id
    }
}

#[cfg(target_os = "linux")]
fn mark(id: u32) -> io::Result<UnixDatagram> {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::SocketAddr;

    let address = SocketAddr::from_abstract_name(format!("confine/user/{id}"))?;
    UnixDatagram::bind_addr(&address)
}

#[cfg(not(target_os = "linux"))]
fn mark(_id: u32) -> io::Result<UnixDatagram> {
    Err(ErrorKind::Unsupported.into())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn two_jobs_never_share_an_id() {
        let (one, two) = (UserId::take().unwrap(), UserId::take().unwrap());
        assert_ne!(one.id(), two.id());
        assert!(IDS.contains(&one.id()) && IDS.contains(&two.id()));
    }

    #[test]
    fn an_id_is_free_again_when_its_holder_has_gone() {
        const NO_JOBS: u32 = 1;
        let held = mark(NO_JOBS).unwrap();
        assert_eq!(mark(NO_JOBS).unwrap_err().kind(), ErrorKind::AddrInUse);
        drop(held);
        // A process that another test is starting has a copy of the socket until its `exec`.
        while mark(NO_JOBS).is_err() {
            std::thread::yield_now();
        }
    }
}
