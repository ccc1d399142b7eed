//! What a course lets submissions depend on besides what is on the shelf: a package in the target folder that depends
//! on both, so that cargo resolves and builds them together.

use std::fmt::Write;
use std::path::PathBuf;

use toml::{Table, Value};
use xxhash_rust::xxh3::xxh3_64;

use super::files::write_if_changed;
use super::manifest::Manifest;
use super::shelf::{HARNESS, REFERENCE, SHELF};
use crate::exit::{Outcome, SETUP, Stop};
use crate::plan::toolkit::Toolkit;
use crate::settings::BuildSettings;

/// Its name.
pub(super) const NAME: &str = "more";

/// Writes the package; its `Cargo.toml`.
pub(super) fn write(toolkit: &Toolkit, settings: &BuildSettings) -> Outcome<PathBuf> {
    let path = |package: &str| {
        let path = toolkit.root().join(package).to_string_lossy().into_owned();
        Value::from(Table::from_iter([("path".to_owned(), Value::from(path))]))
    };
    let mut dependencies = settings.dependencies.clone();
    for own in [SHELF, HARNESS] {
        dependencies.insert(own.to_owned(), path(own));
    }
    if toolkit.reference().is_some() {
        dependencies.insert(REFERENCE.to_owned(), path(REFERENCE));
    }
    let package = Table::from_iter([
        ("name".to_owned(), Value::from(NAME)),
        ("version".to_owned(), Value::from("0.0.0")),
        ("edition".to_owned(), Value::from("2024")),
        ("publish".to_owned(), Value::from(false)),
    ]);
    let mut manifest = Table::from_iter([
        ("package".to_owned(), Value::from(package)),
        ("dependencies".to_owned(), Value::from(dependencies)),
        ("workspace".to_owned(), Value::from(Table::new())),
    ]);
    let root = std::fs::read_to_string(toolkit.root().join(Manifest::FILE)).unwrap_or_default();
    if let Some(profile) = root.parse::<Table>().ok().and_then(|mut root| root.remove("profile")) {
        // With others, cargo would compile everything once more.
        manifest.insert("profile".to_owned(), profile);
    }
    let mut text = String::from("# Written by grader; changes are lost.\n\n");
    let _ = write!(text, "{manifest}");
    let folder =
        toolkit.target().join("grader").join(format!("more-{:016x}", xxh3_64(text.as_bytes())));
    let write = || -> std::io::Result<PathBuf> {
        std::fs::create_dir_all(folder.join("src"))?;
        let file = folder.join(Manifest::FILE);
        write_if_changed(&file, &text)?;
        write_if_changed(&folder.join("src/lib.rs"), "//! What a course allows besides.\n")?;
        // From the toolkit's versions on, so that all that both need is the same; cargo adds the rest.
        let lock = std::fs::read_to_string(toolkit.root().join("Cargo.lock")).unwrap_or_default();
        if write_if_changed(&folder.join("toolkit.lock"), &lock)? {
            write_if_changed(&folder.join("Cargo.lock"), &lock)?;
        }
        Ok(file)
    };
    write().map_err(|error| {
        Stop::new(SETUP, format!("cannot write the package in {}: {error}", folder.display()))
    })
}
