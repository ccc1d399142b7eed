//! Takes a folder away, whatever was done in it.
//!
//! Folders can be closed to their own owner, and so deep that neither a path nor a stack holds all their
//! names. So what is in a folder's folders is first moved up, one level at a time, and no path has more
//! than two names. Nothing is followed that leads elsewhere: some process may still be at work in there.

use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Dir, Mode, OFlags, chmod, openat, renameat, unlinkat};
use rustix::io::Errno;

/// Removes `folder` and all that is in it.
///
/// # Errors
/// When something stays, because it was made or changed meanwhile.
pub(crate) fn remove_folder(folder: &Path) -> io::Result<()> {
    let name = CString::new(folder.as_os_str().as_encoded_bytes())?;
    let top = open(CWD, &name)?;
    let mut moved = 0;
    loop {
        let names = names(&top)?;
        if names.is_empty() {
            return Ok(unlinkat(CWD, &name, AtFlags::REMOVEDIR)?);
        }
        for name in names {
            if !remove_file(&top, &name)? {
                move_up(&top, &name, &mut moved)?;
            }
        }
    }
}

/// Removes the folder `name` in `top`, after what is in it has been removed or moved to `top`.
fn move_up(top: &OwnedFd, name: &CStr, moved: &mut u64) -> io::Result<()> {
    let folder = open(top, name)?;
    for child in names(&folder)? {
        if remove_file(&folder, &child)? {
            continue;
        }
        // A folder that is closed to its owner cannot be moved either.
        drop(open(&folder, &child)?);
        loop {
            *moved += 1;
            match renameat(&folder, &*child, top, format!("moved-{moved}")) {
                // It has taken that name.
                Err(Errno::EXIST | Errno::NOTEMPTY | Errno::NOTDIR) => {}
                done => break done?,
            }
        }
    }
    Ok(unlinkat(top, name, AtFlags::REMOVEDIR)?)
}

/// Removes `name` unless it is a folder; whether it is gone.
fn remove_file(folder: &OwnedFd, name: &CStr) -> io::Result<bool> {
    match unlinkat(folder, name, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => Ok(true),
        // What Linux says of a folder, and what POSIX does.
        Err(Errno::ISDIR | Errno::PERM) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The names in a folder.
fn names(folder: &OwnedFd) -> io::Result<Vec<CString>> {
    let entries = Dir::read_from(folder)?.map(|entry| Ok(entry?.file_name().to_owned()));
    let names = entries.filter(|name: &io::Result<CString>| {
        name.as_ref().map_or(true, |name| name.as_c_str() != c"." && name.as_c_str() != c"..")
    });
    names.collect()
}

/// Opens the folder `name`, also one that is closed. Its mode is changed through a descriptor, so never
/// that of something which took its place.
fn open(within: impl AsFd, name: &CStr) -> io::Result<OwnedFd> {
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let place = openat(within, name, flags | OFlags::PATH, Mode::empty())?;
    chmod(format!("/proc/self/fd/{}", place.as_raw_fd()), Mode::RWXU)?;
    Ok(openat(&place, c".", flags | OFlags::RDONLY, Mode::empty())?)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    use rustix::fs::mkdirat;

    use super::*;

    /// More names of this length than a path holds.
    const DEEP: usize = 30;
    const LONG: usize = 200;

    #[test]
    fn a_folder_goes_however_deep_and_however_closed_it_is() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("run");
        fs::create_dir_all(folder.join("a/b/c")).unwrap();
        fs::write(folder.join("a/b/file"), "text").unwrap();
        fs::create_dir(folder.join("moved-1")).unwrap();
        fs::write(folder.join("moved-2"), "text").unwrap();
        let mut deep = openat(CWD, &folder, OFlags::DIRECTORY, Mode::empty()).unwrap();
        let name = "x".repeat(LONG);
        for _ in 0..DEEP {
            mkdirat(&deep, &*name, Mode::RWXU).unwrap();
            deep = openat(&deep, &*name, OFlags::DIRECTORY, Mode::empty()).unwrap();
        }
        for closed in ["a/b", "a"] {
            fs::set_permissions(folder.join(closed), Permissions::from_mode(0o0)).unwrap();
        }
        remove_folder(&folder).unwrap();
        assert!(!folder.exists());
    }

    #[test]
    fn what_a_link_leads_to_stays() {
        let temp = tempfile::tempdir().unwrap();
        let (folder, other) = (temp.path().join("run"), temp.path().join("other"));
        fs::create_dir_all(folder.join("below")).unwrap();
        fs::create_dir(&other).unwrap();
        fs::write(other.join("precious"), "text").unwrap();
        symlink(&other, folder.join("link")).unwrap();
        symlink(&other, folder.join("below/link")).unwrap();
        remove_folder(&folder).unwrap();
        assert_eq!(fs::read_to_string(other.join("precious")).unwrap(), "text");
    }
}
