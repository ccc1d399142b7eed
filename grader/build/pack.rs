//! What travels with the command: the crates of this workspace that a submission, its harness and the command
//! itself are built from, as a workspace of their own.
//!
//! Neither the reference solutions nor any tests are among them. What is packed can be packed again
//! and gives the same, because the command is also built from what it unpacked.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// The crates that are wanted; those that they depend on come along. A missing one is left out.
const WANTED: [&str; 3] = ["harness", "grader", "shelf"];

/// What of a crate's folder is packed besides its manifest, where it has it.
const PARTS: [&str; 6] = ["assets", "build.rs", "build", "src", "schema", "templates"];

/// What of the workspace's folder is packed besides its manifest, where it has it.
const COMMON: [&str; 6] =
    ["Cargo.lock", "LICENSE-APACHE", "LICENSE-MIT", "clippy.toml", "rustfmt.toml", "docs"];

/// Pages that tell how a reference solution goes about it.
const KEPT_BACK: [&str; 1] = ["docs/mapreduce.md"];

/// Sections of a crate's manifest that lead to what is not packed.
const TESTING: [&str; 4] = ["dev-dependencies", "test", "bench", "example"];

/// Files by their path within the workspace.
#[derive(Debug, Default)]
pub(crate) struct Pack {
    /// The files, in the order of their paths.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Where they come from: files, and folders as a whole.
    pub(crate) sources: Vec<PathBuf>,
}

impl Pack {
    /// What is to be packed of the workspace in `root`.
    ///
    /// # Errors
    /// When a file cannot be read or a manifest is none; the error names it.
    pub(crate) fn of(root: &Path) -> io::Result<Self> {
        let mut pack = Self::default();
        let mut workspace = pack.manifest(root, "")?;
        let crates = closure(root, &workspace)?;
        for name in &crates {
            let mut manifest = pack.manifest(root, name)?;
            for section in TESTING {
                manifest.remove(section);
            }
            of_platforms(&mut manifest, |table| drop(table.remove("dev-dependencies")));
            pack.put(format!("{name}/Cargo.toml"), manifest.to_string().into_bytes());
            for part in PARTS {
                pack.add(root, &format!("{name}/{part}"))?;
            }
        }
        narrow(&mut workspace, &crates)?;
        pack.put("Cargo.toml".to_owned(), workspace.to_string().into_bytes());
        for part in COMMON {
            pack.add(root, part)?;
        }
        Ok(pack)
    }

    fn put(&mut self, path: String, contents: Vec<u8>) {
        self.files.insert(path, contents);
    }

    /// Reads the manifest of the crate `name`, of the workspace if that is empty.
    fn manifest(&mut self, root: &Path, name: &str) -> io::Result<Table> {
        let path = root.join(name).join("Cargo.toml");
        self.sources.push(path.clone());
        parse(&path)
    }

    /// Adds the file or folder at `path`, if it is there.
    fn add(&mut self, root: &Path, path: &str) -> io::Result<()> {
        let place = root.join(path);
        if place.exists() {
            self.add_all(root, path)?;
            self.sources.push(place);
        }
        Ok(())
    }

    fn add_all(&mut self, root: &Path, path: &str) -> io::Result<()> {
        let place = root.join(path);
        if place.is_dir() {
            for entry in place.read_dir().map_err(|error| naming(&place, error))? {
                self.add_all(root, &format!("{path}/{}", entry?.file_name().to_string_lossy()))?;
            }
        } else if !KEPT_BACK.contains(&path) {
            self.put(
                path.to_owned(),
                std::fs::read(&place).map_err(|error| naming(&place, error))?,
            );
        }
        Ok(())
    }
}

/// The wanted crates and all those of the workspace that they depend on, by name.
fn closure(root: &Path, workspace: &Table) -> io::Result<Vec<String>> {
    let shared = shared_dependencies(workspace);
    let mut found: Vec<String> = Vec::new();
    let mut open: Vec<String> = WANTED.map(str::to_owned).into();
    while let Some(name) = open.pop() {
        if found.contains(&name) || !root.join(&name).join("Cargo.toml").is_file() {
            continue;
        }
        let mut manifest = parse(&root.join(&name).join("Cargo.toml"))?;
        let mut note = |table: &Table| {
            for section in ["dependencies", "build-dependencies"] {
                let dependencies = table.get(section).and_then(Value::as_table);
                let keys = dependencies.into_iter().flat_map(Table::keys);
                open.extend(keys.filter(|key| is_ours(shared, key)).cloned());
            }
        };
        note(&manifest);
        of_platforms(&mut manifest, |table| note(table));
        found.push(name);
    }
    found.sort();
    Ok(found)
}

/// Does something with each table of what is needed on some platforms only.
fn of_platforms(manifest: &mut Table, to_do: impl FnMut(&mut Table)) {
    let platforms = manifest.get_mut("target").and_then(Value::as_table_mut);
    let tables = platforms.into_iter().flatten().filter_map(|(_, table)| table.as_table_mut());
    tables.for_each(to_do);
}

/// Leaves only `crates` in the workspace.
fn narrow(workspace: &mut Table, crates: &[String]) -> io::Result<()> {
    let broken = || io::Error::other("the workspace's Cargo.toml has no members");
    let table = workspace.get_mut("workspace").and_then(Value::as_table_mut).ok_or_else(broken)?;
    let members = table.get_mut("members").and_then(Value::as_array_mut).ok_or_else(broken)?;
    let is_packed = |name: &str| crates.iter().any(|known| known == name);
    members.retain(|member| member.as_str().is_some_and(is_packed));
    if let Some(shared) = table.get_mut("dependencies").and_then(Value::as_table_mut) {
        shared.retain(|name, dependency| dependency.get("path").is_none() || is_packed(name));
    }
    Ok(())
}

fn shared_dependencies(workspace: &Table) -> Option<&Table> {
    workspace.get("workspace")?.get("dependencies")?.as_table()
}

/// Whether this dependency is a crate of the workspace.
fn is_ours(shared: Option<&Table>, name: &str) -> bool {
    shared.and_then(|shared| shared.get(name)).is_some_and(|found| found.get("path").is_some())
}

fn parse(path: &Path) -> io::Result<Table> {
    let text = std::fs::read_to_string(path).map_err(|error| naming(path, error))?;
    text.parse().map_err(|error| naming(path, io::Error::other(error)))
}

fn naming(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
