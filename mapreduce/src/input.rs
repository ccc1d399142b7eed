//! The input files of a job, checked before anything begins.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::error::{About, Error, Result};

/// An input file.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// Its name as the job was given it, which the application gets to see. A name that is not UTF-8
    /// has replacement characters.
    pub(crate) name: String,
    /// Where it is, whatever a worker's current folder is.
    pub(crate) path: PathBuf,
}

/// Checks that all can be read, and makes their paths absolute.
pub(crate) fn check(files: &[PathBuf]) -> Result<Vec<Input>> {
    files.iter().map(|file| check_one(file)).collect()
}

fn check_one(file: &Path) -> Result<Input> {
    let what = file.metadata().about("read the input", file)?;
    // A pipe could be read once and by one process, and a task may be run by many.
    if !what.is_file() {
        let what = if what.is_dir() { "a folder" } else { "no regular file" };
        return Err(Error::Other(format!("the input `{}` is {what}", file.display())));
    }
    File::open(file).about("read the input", file)?;
    let path = std::path::absolute(file).about("find the input", file)?;
    Ok(Input { name: file.to_string_lossy().into_owned(), path })
}
