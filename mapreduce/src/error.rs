//! What can go wrong, in one line that names the culprit.

use std::io;
use std::path::{Path, PathBuf};

/// Why a job, a task or a worker failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder, or the socket.
    #[error("cannot {what} `{}`: {source}", path.display())]
    File {
        /// What was to be done: "read".
        what: &'static str,
        /// To which file.
        path: PathBuf,
        /// Why it did not work.
        source: io::Error,
    },
    /// An input that is not text.
    #[error("the input `{}` is not UTF-8: byte {offset} (counted from 0) is wrong", file.display())]
    NotUtf8 {
        /// The input.
        file: PathBuf,
        /// The first byte that is wrong.
        offset: usize,
    },
    /// An intermediate file that does not hold what was written.
    #[error("the intermediate file `{}` is damaged: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The application refused its input.
    #[error("{0}")]
    Application(contracts::mapreduce::Error),
    /// Anything else that one line says.
    #[error("{0}")]
    Other(String),
}

/// What is answered, or why not.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Names the file that an [`io::Error`] is about.
pub(crate) trait About<T> {
    /// The error of not being able to `what` the file at `path`.
    fn about(self, what: &'static str, path: &Path) -> Result<T>;
}

impl<T> About<T> for io::Result<T> {
    fn about(self, what: &'static str, path: &Path) -> Result<T> {
        self.map_err(|source| Error::File { what, path: path.to_owned(), source })
    }
}
