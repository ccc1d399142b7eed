//! The file that a trace is written to.
//!
//! A confined run cannot write to the file that a person names, nor should it. It writes to one of its
//! own, which is copied to that place at the end.

use std::fs::File;
use std::io::{self, Seek};
use std::path::{Path, PathBuf};

use confine::Job;
use tempfile::NamedTempFile;

/// The two files.
pub(crate) struct Trace {
    /// What the run writes to. It is open here, so what is copied is this file, whatever becomes of its
    /// name.
    own: NamedTempFile,
    wanted: PathBuf,
}

impl Trace {
    /// For a run by `job` that is to be traced to the file `wanted`.
    pub(crate) fn new(wanted: &Path, temp: &Path, job: &Job) -> io::Result<Self> {
        let own = tempfile::Builder::new().prefix("trace-").tempfile_in(temp)?;
        job.give(own.path())?;
        Ok(Self { own, wanted: wanted.to_owned() })
    }

    /// The file that the run writes to.
    pub(crate) fn path(&self) -> &Path {
        self.own.path()
    }

    /// Copies what the run wrote.
    pub(crate) fn keep(mut self) -> io::Result<()> {
        let mut wanted = File::create(&self.wanted)?;
        self.own.rewind()?;
        io::copy(&mut self.own, &mut wanted).map(drop)
    }
}
