//! The harness package: our `main` and the submission's library, linked by cargo.
//!
//! It is a workspace of its own in the toolkit's target folder, so that neither the toolkit nor the
//! submission is changed, and it builds into the shared target folder, so that everything but the
//! submission is compiled once for all submissions.

use std::io::Write;
use std::path::{Path, PathBuf};

use toml::{Table, Value};
use xxhash_rust::xxh3::xxh3_64;

use super::mirror;
use crate::exit::{Outcome, SETUP, Stop};
use crate::plan::submission::Package;
use crate::plan::toolkit::Toolkit;

/// A harness package that is ready to be built.
#[derive(Debug)]
pub(super) struct HarnessPackage {
    /// Its name, and that of its executable.
    pub(super) name: String,
    /// Its folder.
    pub(super) folder: PathBuf,
}

impl HarnessPackage {
    /// Its `Cargo.toml`.
    pub(super) fn manifest(&self) -> PathBuf {
        self.folder.join("Cargo.toml")
    }
}

const NOTE: &str = "Written by grader; changes are lost.";

/// Writes the harness package of `submission`.
pub(super) fn generate(submission: &Package, toolkit: &Toolkit) -> Outcome<HarnessPackage> {
    // The path tells apart submissions of one name: executables share a folder.
    let hash = xxh3_64(submission.path.as_os_str().as_encoded_bytes()) >> 32;
    let name = format!("grade-{}-{hash:08x}", submission.name);
    let folder = toolkit.target().join("grader").join(&name);
    let package = HarnessPackage { name, folder };
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(package.folder.join("src"))?;
        let library = library(submission, toolkit, &package.folder)?;
        write_if_changed(
            &package.manifest(),
            &cargo_toml(&package.name, submission, &library, toolkit),
        )?;
        write_if_changed(&package.folder.join("src/main.rs"), &main_rs())?;
        copy_lock(toolkit, &package.folder)
    };
    write().map_err(|error| {
        let folder = package.folder.display();
        Stop::new(SETUP, format!("cannot write the harness package in {folder}: {error}"))
    })?;
    Ok(package)
}

/// The folder in which cargo finds the submission's manifest.
fn library(submission: &Package, toolkit: &Toolkit, folder: &Path) -> std::io::Result<PathBuf> {
    let Some(manifest) = mirror::of(&submission.path, toolkit) else {
        return Ok(submission.path.clone());
    };
    let place = folder.join("submission");
    std::fs::create_dir_all(&place)?;
    write_if_changed(&place.join("Cargo.toml"), &manifest)?;
    Ok(place)
}

fn cargo_toml(name: &str, submission: &Package, library: &Path, toolkit: &Toolkit) -> String {
    let path = |path: &Path| Value::from(path.to_string_lossy().into_owned());
    let package = Table::from_iter([
        ("name".to_owned(), Value::from(name)),
        ("version".to_owned(), Value::from("0.0.0")),
        ("edition".to_owned(), Value::from("2024")),
        ("publish".to_owned(), Value::from(false)),
    ]);
    let harness = Table::from_iter([("path".to_owned(), path(&toolkit.harness()))]);
    let library = Table::from_iter([
        ("path".to_owned(), path(library)),
        ("package".to_owned(), Value::from(submission.name.as_str())),
    ]);
    let dependencies = Table::from_iter([
        ("harness".to_owned(), Value::from(harness)),
        ("submission".to_owned(), Value::from(library)),
    ]);
    let mut manifest = Table::from_iter([
        ("package".to_owned(), Value::from(package)),
        ("dependencies".to_owned(), Value::from(dependencies)),
        ("workspace".to_owned(), Value::from(Table::new())),
    ]);
    if let Some(profile) = profile(toolkit) {
        manifest.insert("profile".to_owned(), profile);
    }
    format!("# {NOTE}\n\n{manifest}")
}

fn main_rs() -> String {
    format!(
        "//! {NOTE}\n\nfn main() -> std::process::ExitCode {{\n    \
         harness::main(submission::submission)\n}}\n"
    )
}

/// The toolkit's own profiles: with others, cargo would compile its dependencies once more.
fn profile(toolkit: &Toolkit) -> Option<Value> {
    let text = std::fs::read_to_string(toolkit.root().join("Cargo.toml")).ok()?;
    text.parse::<Table>().ok()?.remove("profile")
}

/// Starts from the toolkit's `Cargo.lock`, so that all submissions use the same dependencies. cargo
/// then adds to the copy, which is why a second, untouched copy tells when to begin anew.
fn copy_lock(toolkit: &Toolkit, folder: &Path) -> std::io::Result<()> {
    let Ok(lock) = std::fs::read_to_string(toolkit.root().join("Cargo.lock")) else {
        return Ok(());
    };
    if write_if_changed(&folder.join("toolkit.lock"), &lock)? {
        write_if_changed(&folder.join("Cargo.lock"), &lock)?;
    }
    Ok(())
}

/// Writes `text` to `file` unless it is there already, since cargo compares times; whether it did.
/// Another grader may do the same at the same time, so the file is replaced as a whole.
fn write_if_changed(file: &Path, text: &str) -> std::io::Result<bool> {
    if std::fs::read_to_string(file).is_ok_and(|old| old == text) {
        return Ok(false);
    }
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.persist(file)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_only_what_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        assert!(write_if_changed(&file, "one").expect("written"));
        assert!(!write_if_changed(&file, "one").expect("read"));
        assert!(write_if_changed(&file, "two").expect("written"));
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "two");
    }
}
