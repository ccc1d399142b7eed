//! A folder of a run's own, for what its processes leave on the disk.
//!
//! A run that is killed cannot tidy up, and one over real processes is killed whenever its time is up or
//! the grader needs no more of it. So whoever watches it takes its temporary files away.

use std::io;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use protocol::{Clock, Request};
use tempfile::TempDir;

/// How often to try, and the pause between: the kernel may need a while to end what was killed, which
/// may write until then.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(5);

/// The folder; none on the simulated clock, where nothing of a run is a file.
pub(crate) struct Scratch(Option<TempDir>);

impl Scratch {
    pub(crate) fn new(request: &Request) -> io::Result<Self> {
        let folder = match request.clock {
            Clock::Sim => None,
            Clock::Real => Some(tempfile::Builder::new().prefix("run-").tempdir()?),
        };
        Ok(Self(folder))
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        self.0.as_ref().map(TempDir::path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let Some(folder) = &self.0 else { return };
        for _ in 0..TRIES {
            match std::fs::remove_dir_all(folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => sleep(PAUSE),
                _ => return,
            }
        }
    }
}
