//! Where a job's user id can reach a program.
//!
//! A user id of its own is nobody: it reaches only what is open to all. A program below a closed folder,
//! as root's home is, is linked to an open one, or copied where it cannot be linked.

use std::fs::{self, Metadata, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempDir};

/// A program where jobs reach it.
#[derive(Debug)]
pub struct Placed {
    path: PathBuf,
    /// Removes the link, where there is one.
    _folder: Option<TempDir>,
}

impl Placed {
    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A program that is reached where it is.
    pub(crate) fn here(program: &Path) -> Self {
        Self { path: program.to_owned(), _folder: None }
    }

    /// `program` itself if it is open to all; else a link to it, or a copy, in a folder of its own in
    /// `temp`, which is.
    pub(crate) fn open(program: &Path, temp: &Path) -> io::Result<Self> {
        if is_open(program) {
            return Ok(Self::here(program));
        }
        let folder = Builder::new()
            .prefix("program-")
            .permissions(Permissions::from_mode(0o755))
            .tempdir_in(temp)?;
        let name = program.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let path = folder.path().join(name);
        if !allows(&program.metadata()?, FILE) || fs::hard_link(program, &path).is_err() {
            fs::copy(program, &path)?;
            fs::set_permissions(&path, Permissions::from_mode(0o755))?;
        }
        Ok(Self { path, _folder: Some(folder) })
    }
}

/// What others may do with a file that they are to start: read it and execute it.
const FILE: u32 = 0o5;
/// And with a folder on the way to it: pass.
const FOLDER: u32 = 0o1;

/// Whether everybody can reach the file at `path`, and read and execute it; or the folder at `path`, and
/// what is in it.
pub(crate) fn is_open(path: &Path) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    path.ancestors().all(|part| {
        part.metadata().is_ok_and(|of| allows(&of, if of.is_dir() { FOLDER } else { FILE }))
    })
}

fn allows(of: &Metadata, what: u32) -> bool {
    of.permissions().mode() & what == what
}

/// The first folder for temporary files that is open to all and in which programs can be started.
pub(crate) fn open_temp() -> Option<PathBuf> {
    let candidates = [std::env::temp_dir(), "/tmp".into(), "/var/tmp".into()];
    candidates.into_iter().find(|folder| executes(folder) && is_open(folder))
}

/// Whether programs in `folder` can be started.
#[cfg(target_os = "linux")]
fn executes(folder: &Path) -> bool {
    use rustix::fs::{StatVfsMountFlags, statvfs};

    statvfs(folder).is_ok_and(|of| !of.f_flag.contains(StatVfsMountFlags::NOEXEC))
}

#[cfg(not(target_os = "linux"))]
fn executes(_folder: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    /// A program with this mode in a folder with that one, below a folder that is open.
    fn program(folder_mode: u32, mode: u32) -> (TempDir, PathBuf) {
        let all = Builder::new().permissions(Permissions::from_mode(0o755)).tempdir().unwrap();
        let folder = all.path().join("folder");
        fs::create_dir(&folder).unwrap();
        let program = folder.join("judge");
        fs::write(&program, "#!/bin/sh\n").unwrap();
        with_mode(&program, mode);
        with_mode(&folder, folder_mode);
        (all, program)
    }

    #[test]
    fn a_program_that_is_open_stays_where_it_is() {
        let (temp, program) = program(0o755, 0o755);
        assert_eq!(Placed::open(&program, temp.path()).unwrap().path(), program);
    }

    #[test]
    fn a_program_in_a_closed_folder_is_linked_and_one_that_is_closed_itself_is_copied() {
        for (folder_mode, mode) in [(0o700, 0o755), (0o755, 0o700)] {
            let (temp, program) = program(folder_mode, mode);
            let placed = Placed::open(&program, temp.path()).unwrap();
            assert_ne!(placed.path(), program);
            assert_eq!(placed.path().file_name(), program.file_name());
            assert!(is_open(placed.path()));
            assert_eq!(program.metadata().unwrap().permissions().mode() & 0o777, mode);
            let link = placed.path().to_owned();
            drop(placed);
            assert!(!link.exists());
        }
    }
}
