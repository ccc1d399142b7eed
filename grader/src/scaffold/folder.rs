//! A folder that is there as a whole, or not at all.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::draft::File;
use crate::exit::{Outcome, Stop, WRITE_FAILED};

/// Refuses a path at which no new folder can be made, in one line.
pub(crate) fn check(path: &Path) -> Outcome<()> {
    let shown = path.display();
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let parent = parent(path);
            if parent.is_dir() {
                return Ok(());
            }
            let parent = parent.display();
            Err(Stop::usage(format!("cannot make {shown}: there is no folder {parent}")))
        }
        Err(error) => Err(Stop::usage(format!("cannot make {shown}: {error}"))),
        Ok(_) => match fs::read_dir(path).map(|mut entries| entries.next().is_none()) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Stop::usage(format!("{shown} is not empty; name a new folder"))),
            Err(_) => {
                Err(Stop::usage(format!("{shown} is there and is no folder; name a new one")))
            }
        },
    }
}

/// Makes the folder `path` with `files`, and with what `more` adds to it; `path` has passed [`check`].
///
/// Until all is there, it stands in a temporary folder in the same place.
pub(crate) fn make(
    path: &Path,
    files: &[File],
    more: impl FnOnce(&Path) -> io::Result<()>,
) -> Outcome<()> {
    let make = || {
        let is_there = path.is_dir();
        let temporary = temporary(if is_there { path } else { parent(path) })?;
        files.iter().try_for_each(|file| write(temporary.path(), file))?;
        more(temporary.path())?;
        if is_there {
            return move_all(temporary.path(), path);
        }
        fs::rename(temporary.path(), path)?;
        // It has gone, so there is nothing to take away.
        let _ = temporary.keep();
        Ok(())
    };
    make().map_err(|error: io::Error| {
        Stop::new(WRITE_FAILED, format!("cannot make {}: {error}", path.display()))
    })
}

/// A temporary folder in `folder`, with the permissions that a new folder has.
fn temporary(folder: &Path) -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".new-").permissions(Permissions::from_mode(0o777));
    builder.tempdir_in(folder)
}

/// Writes a file, and the folders that it stands in.
pub(crate) fn write(root: &Path, file: &File) -> io::Result<()> {
    let place = root.join(&file.path);
    fs::create_dir_all(place.parent().unwrap_or(root))?;
    fs::write(&place, &file.contents)?;
    if file.executable {
        let mode = place.metadata()?.permissions().mode();
        fs::set_permissions(&place, Permissions::from_mode(mode | 0o111))?;
    }
    Ok(())
}

/// Moves all that is in `from` to `to`; what was moved is taken away again when that fails.
fn move_all(from: &Path, to: &Path) -> io::Result<()> {
    let entries = fs::read_dir(from)?.collect::<io::Result<Vec<_>>>()?;
    let mut moved: Vec<PathBuf> = Vec::new();
    for entry in entries {
        let place = to.join(entry.file_name());
        if let Err(error) = fs::rename(entry.path(), &place) {
            for place in moved {
                let _ = fs::rename(&place, from.join(place.file_name().unwrap_or_default()));
            }
            return Err(error);
        }
        moved.push(place);
    }
    Ok(())
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}
