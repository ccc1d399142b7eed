//! Which sessions go.

use std::fs;
use std::io;
use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};

use super::{Entry, Store, UNFINISHED};

/// How many sessions stay, and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Keep {
    /// Days since a session began.
    pub(crate) days: u32,
    /// Sessions of all submissions.
    pub(crate) sessions: usize,
}

impl Default for Keep {
    fn default() -> Self {
        Self { days: 90, sessions: 200 }
    }
}

/// What is not finished after this time never will be.
const GIVEN_UP: Duration = Duration::from_hours(24);

impl Store {
    /// Removes what is too old at the moment `now`, and what is too many.
    ///
    /// # Errors
    /// When a session cannot be removed.
    pub(crate) fn prune(&self, now: Timestamp) -> io::Result<()> {
        let oldest = now - SignedDuration::from_hours(24 * i64::from(self.keep.days));
        let entries = self.entries();
        let goes = |(place, entry): &(usize, &Entry)| {
            *place >= self.keep.sessions || entry.started < oldest
        };
        for (_, entry) in entries.iter().enumerate().filter(goes) {
            self.remove(entry)?;
        }
        self.remove_unfinished()
    }

    /// Removes a session. One that another grader has removed meanwhile is gone, too.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub(crate) fn remove(&self, entry: &Entry) -> io::Result<()> {
        match fs::remove_dir_all(self.folder().join(&entry.id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// What a grader has left behind that was killed.
    fn remove_unfinished(&self) -> io::Result<()> {
        for folder in fs::read_dir(self.folder())?.flatten() {
            let is_old = |changed: SystemTime| changed.elapsed().is_ok_and(|age| age > GIVEN_UP);
            let changed = folder.metadata().and_then(|metadata| metadata.modified());
            let is_unfinished = folder.file_name().to_string_lossy().starts_with(UNFINISHED);
            if is_unfinished && changed.is_ok_and(is_old) {
                fs::remove_dir_all(folder.path())?;
            }
        }
        Ok(())
    }
}
