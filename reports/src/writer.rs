//! Files that are whole or absent.
//!
//! A report is written to a temporary file beside its destination, flushed to disk and renamed, so
//! that nobody ever reads half of one and a full disk does not cost the old one.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use thiserror::Error;

/// Where a report goes. Opening one finds out, before any run, whether it can be written.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    target: Target,
}

#[derive(Debug)]
enum Target {
    /// Standard output.
    Stdout,
    /// A regular file, existing or not: replaced as a whole.
    File(PathBuf),
    /// A device or a pipe: written through.
    Stream,
}

/// A report cannot be written.
#[derive(Debug, Error)]
#[error("cannot write the report {}: {reason}", path.display())]
pub struct WriteError {
    /// The destination, as it was given.
    pub path: PathBuf,
    /// What is in the way.
    #[source]
    pub reason: io::Error,
}

impl Writer {
    /// Prepares to write to `path`, `-` being standard output. Leaves nothing behind.
    ///
    /// # Errors
    ///
    /// When `path` cannot be written: it is a folder or read-only, its folder does not exist or
    /// takes no new files.
    pub fn open(path: &Path) -> Result<Self, WriteError> {
        match Target::of(path) {
            Ok(target) => Ok(Self { path: path.to_owned(), target }),
            Err(reason) => Err(WriteError { path: path.to_owned(), reason }),
        }
    }

    /// Whether the report goes to standard output, so that nothing else should.
    pub fn is_stdout(&self) -> bool {
        matches!(self.target, Target::Stdout)
    }

    /// Writes `contents`; a file that was there is replaced. May be called again with a newer
    /// report.
    ///
    /// # Errors
    ///
    /// When the destination does not take it; a file that was there is then as it was.
    pub fn write(&self, contents: &[u8]) -> Result<(), WriteError> {
        let written = match &self.target {
            Target::Stdout => write_all(&mut io::stdout().lock(), contents),
            Target::File(path) => replace(path, contents),
            Target::Stream => File::options()
                .write(true)
                .open(&self.path)
                .and_then(|mut stream| write_all(&mut stream, contents)),
        };
        written.map_err(|reason| WriteError { path: self.path.clone(), reason })
    }
}

impl Target {
    fn of(path: &Path) -> io::Result<Self> {
        if path == Path::new("-") {
            return Ok(Self::Stdout);
        }
        // A link stays a link: what it points to is replaced.
        let path = match fs::canonicalize(path) {
            Ok(path) => path,
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(error),
        };
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if !found.is_file() => Ok(Self::Stream),
            Ok(_) => {
                File::options().append(true).open(&path)?;
                temporary(&path)?;
                Ok(Self::File(path))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                temporary(&path)?;
                Ok(Self::File(path))
            }
            Err(error) => Err(error),
        }
    }
}

/// A temporary file beside `path`, with the permissions that a new file has.
fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    if path.file_name().is_none() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not the name of a file"));
    }
    let folder = folder(path);
    if !folder.is_dir() {
        let reason = format!("there is no folder {}", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, reason));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".report-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = temporary(path)?;
    if let Ok(old) = fs::metadata(path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    write_all(file.as_file_mut(), contents)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    // The rename itself is safe only once the folder is on disk, where the system can do that.
    #[cfg(unix)]
    File::open(folder(path))?.sync_all()?;
    Ok(())
}

fn write_all(to: &mut impl io::Write, contents: &[u8]) -> io::Result<()> {
    to.write_all(contents)?;
    to.flush()
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}
