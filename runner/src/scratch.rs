//! A folder of a run's own, for what its processes leave on the disk.
//!
//! A run that is killed cannot tidy up, and one over real processes is killed whenever its time is up or
//! the grader needs no more of it. So whoever watches it takes its temporary files away.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use confine::Job;
use protocol::Clock;

use crate::remove::remove_folder;

/// How often to try, and the pause between: the kernel may need a while to end what was killed, which
/// may write until then.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(5);

/// The folder; none on the simulated clock, where nothing of a run is a file.
pub(crate) struct Scratch(Option<PathBuf>);

impl Scratch {
    /// A folder in `temp` for a run on `clock`, whose job it belongs to.
    pub(crate) fn new(clock: Clock, temp: &Path, job: Option<&Job>) -> io::Result<Self> {
        if clock == Clock::Sim {
            return Ok(Self(None));
        }
        let private = Permissions::from_mode(0o700);
        let folder =
            tempfile::Builder::new().prefix("run-").permissions(private).tempdir_in(temp)?;
        job.map_or(Ok(()), |job| job.give(folder.path()))?;
        Ok(Self(Some(folder.keep())))
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        self.0.as_deref()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let Some(folder) = &self.0 else { return };
        for _ in 0..TRIES {
            match remove_folder(folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => sleep(PAUSE),
                _ => return,
            }
        }
    }
}
