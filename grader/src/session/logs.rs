//! The logs of failing runs, in a folder that the report names.

use std::io;
use std::path::{Path, PathBuf};

use runner::Log;

use crate::exit::{Outcome, Stop, WRITE_FAILED};

/// The folder; it comes into being with its first log.
#[derive(Debug)]
pub(crate) struct Logs {
    folder: PathBuf,
    /// Whether there is a log.
    kept: bool,
    /// Why a log could not be written.
    trouble: Option<String>,
}

impl Logs {
    /// Logs in the folder that was named, which must come into being now, or in `fresh`, which
    /// need not.
    pub(crate) fn prepare(
        named: Option<PathBuf>,
        fresh: impl FnOnce() -> PathBuf,
    ) -> Outcome<Self> {
        let Some(folder) = named else {
            return Ok(Self::new(fresh()));
        };
        let prepared = std::fs::create_dir_all(&folder)
            .and_then(|()| tempfile::tempfile_in(&folder).map(drop));
        prepared.map_err(|error| {
            let folder = folder.display();
            Stop::new(WRITE_FAILED, format!("cannot write logs into the folder {folder}: {error}"))
        })?;
        Ok(Self::new(folder))
    }

    fn new(folder: PathBuf) -> Self {
        Self { folder, kept: false, trouble: None }
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder, if there is a log in it.
    pub(crate) fn used(&self) -> Option<&Path> {
        self.kept.then_some(self.folder.as_path())
    }

    /// Where the log of a run of `test` with `seed` goes.
    pub(crate) fn file(&self, test: &str, seed: u64) -> PathBuf {
        self.folder.join(format!("{}.log", stem(test, seed)))
    }

    /// Writes a log.
    pub(crate) fn keep(&mut self, file: &Path, log: &Log) {
        let written: io::Result<()> =
            std::fs::create_dir_all(&self.folder).and_then(|()| log.write_to(file));
        self.kept |= written.is_ok();
        if let Err(error) = written {
            self.trouble.get_or_insert_with(|| {
                format!("the log {} could not be written: {error}", file.display())
            });
        }
    }

    /// What a report should say about the logs.
    pub(crate) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }
}

/// What the files of a run are called, but for their endings.
pub(crate) fn stem(test: &str, seed: u64) -> String {
    let test = test.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', ".");
    format!("{test}-{seed}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_names_a_file_and_never_a_folder() {
        let logs = Logs::new("logs".into());
        let file = logs.file("part2/../x y", 255);
        assert_eq!(file, Path::new("logs/part2....x.y-255.log"));
    }
}
