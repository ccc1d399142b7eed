//! The toolkit that travels inside this command.
//!
//! It is unpacked once for each version, to `grader/toolkit-VERSION-HASH` in the folder for a person's data, and
//! built in the folder for what can be made again. Both may be deleted at any time.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use etcetera::base_strategy::{BaseStrategy, Xdg};
use flate2::read::GzDecoder;
use toml::{Table, Value};
use xxhash_rust::xxh3::xxh3_64;

use super::toolkit::Toolkit;
use crate::build::files::write_if_changed;
use crate::exit::{Outcome, SETUP, Stop};

/// A workspace as a compressed archive; `build.rs` packs it.
pub(crate) const ARCHIVE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/toolkit.tar.gz"));

/// The toolkit, unpacked.
///
/// Every file of it is looked at each time, so what was damaged, or only half there, is whole again.
pub(crate) fn unpacked() -> Outcome<Toolkit> {
    let folders = Xdg::new().map_err(|_| {
        let message = "no place for the toolkit: HOME is not set; name one with --toolkit DIR";
        Stop::new(SETUP, message)
    })?;
    let name = name();
    let root = folders.data_dir().join("grader").join(&name);
    unpack(&root).map_err(|error| {
        let root = root.display();
        Stop::new(SETUP, format!("cannot unpack the toolkit to {root}: {error}"))
    })?;
    Ok(Toolkit::at(root, folders.cache_dir().join("grader").join(name)))
}

/// The name of its folders: another archive has another one.
fn name() -> String {
    format!("toolkit-{}-{:016x}", env!("CARGO_PKG_VERSION"), xxh3_64(ARCHIVE))
}

/// Makes `root` hold the files of the archive. Files that are right stay untouched, since cargo compares
/// times; each of the others is replaced as a whole, so another command may do the same meanwhile.
fn unpack(root: &Path) -> io::Result<()> {
    for (path, contents) in files()? {
        let place = root.join(&path);
        // Cargo takes out of it what is not packed.
        if path == Path::new(LOCK)
            && std::fs::read(&place).is_ok_and(|there| is_part(&there, &contents))
        {
            continue;
        }
        std::fs::create_dir_all(place.parent().unwrap_or(root))?;
        write_if_changed(&place, contents)?;
    }
    Ok(())
}

/// Name of the file with the versions of all packages.
const LOCK: &str = "Cargo.lock";

/// Whether all packages that the lock file `part` names are those of `whole`.
fn is_part(part: &[u8], whole: &[u8]) -> bool {
    match (locked(part), locked(whole)) {
        (Some(part), Some(whole)) => part.is_subset(&whole),
        _ => false,
    }
}

/// The packages of a lock file: name, version, checksum.
fn locked(lock: &[u8]) -> Option<BTreeSet<[String; 3]>> {
    let lock: Table = std::str::from_utf8(lock).ok()?.parse().ok()?;
    let packages = lock.get("package")?.as_array()?.iter();
    let of = |package: &Value| {
        let text = |key| package.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        ["name", "version", "checksum"].map(text)
    };
    Some(packages.map(of).collect())
}

/// The files of the archive, by their path within the workspace.
fn files() -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut archive = tar::Archive::new(GzDecoder::new(ARCHIVE));
    let read = |entry: io::Result<tar::Entry<'_, _>>| {
        let mut entry = entry?;
        let mut contents = Vec::new();
        entry.read_to_end(&mut contents)?;
        Ok((entry.path()?.into_owned(), contents))
    };
    archive.entries()?.map(read).collect()
}

#[cfg(test)]
#[path = "../../build/pack.rs"]
mod pack;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scaffold::name::of_package;

    fn unpacked() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        unpack(folder.path()).expect("unpacked");
        folder
    }

    #[test]
    fn holds_no_solution_and_no_test() {
        let solutions = ["bank", "fixtures", "mapreduce", "raft", "reference", "weather"];
        for (path, _) in files().expect("an archive") {
            let mut parts = path.iter().map(|part| part.to_string_lossy());
            let first = parts.next().expect("no path is empty");
            assert!(!solutions.contains(&&*first), "{}", path.display());
            assert_ne!(parts.next().as_deref(), Some("tests"), "{}", path.display());
        }
    }

    #[test]
    fn no_package_can_be_called_like_a_crate_of_it() {
        let crates: BTreeSet<String> = files()
            .expect("an archive")
            .into_iter()
            .filter_map(|(path, _)| path.to_str()?.strip_suffix("/Cargo.toml").map(str::to_owned))
            .collect();
        assert!(crates.contains("harness"), "{crates:?}");
        for name in crates {
            assert!(of_package(Some(&name), Path::new("")).is_err(), "{name}");
        }
    }

    #[test]
    fn what_was_unpacked_packs_into_the_same() {
        let folder = unpacked();
        let again = pack::Pack::of(folder.path()).expect("packed");
        assert!(again.sources.len() > 10, "{:?}", again.sources);
        let paths: Vec<_> = again.files.keys().collect();
        let files: Vec<_> = files().expect("an archive").into_iter().collect();
        assert_eq!(paths.len(), files.len(), "{paths:?}");
        for (path, contents) in files {
            let path = path.to_string_lossy();
            assert!(again.files[&*path] == contents, "{path} differs");
        }
    }

    #[test]
    fn what_is_damaged_is_made_whole_and_nothing_else_is_touched() {
        let folder = unpacked();
        let damaged = folder.path().join("harness/Cargo.toml");
        let untouched = folder.path().join("harness/src/lib.rs");
        let (whole, time) = (std::fs::read(&damaged).expect("a file"), modified(&untouched));
        std::fs::write(&damaged, "[package]").expect("written");
        unpack(folder.path()).expect("unpacked");
        assert_eq!(std::fs::read(&damaged).expect("a file"), whole);
        assert_eq!(modified(&untouched), time);
    }

    #[test]
    fn a_lock_file_may_be_shorter_but_not_another_one() {
        let lock = |version: &str| format!("[[package]]\nname = 'a'\nversion = '{version}'\n");
        let whole = lock("1") + &lock("2");
        assert!(is_part(lock("2").as_bytes(), whole.as_bytes()));
        assert!(!is_part(lock("3").as_bytes(), whole.as_bytes()));
        assert!(!is_part(b"[[package", whole.as_bytes()));
    }

    fn modified(file: &Path) -> std::time::SystemTime {
        file.metadata().and_then(|meta| meta.modified()).expect("a file")
    }
}
