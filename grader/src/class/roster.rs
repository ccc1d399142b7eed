//! The submissions of a class.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::build::manifest::Manifest;
use crate::exit::{Outcome, Stop};
use crate::plan::submission::Package;

/// One that is to be graded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// What it is called: its folder, relative to the class's; in plain characters.
    pub(crate) id: String,
    /// Whose it is, where a list says so.
    pub(crate) name: Option<String>,
    /// The list's other columns.
    pub(crate) columns: BTreeMap<String, String>,
    /// Its folder.
    pub(crate) path: PathBuf,
    /// Its package, or why there is none.
    pub(crate) package: Result<Package, String>,
}

/// Deeper folders of a class are not looked into.
const MAX_DEPTH: usize = 5;

/// The submissions below `folder`: every package that is one, and every folder of the class in which there is none.
pub(crate) fn of_folder(folder: &Path) -> Outcome<Vec<Entry>> {
    let cannot =
        |error| Stop::usage(format!("cannot read the class in {}: {error}", folder.display()));
    let folder = folder.canonicalize().map_err(cannot)?;
    if folder.join(Manifest::FILE).is_file() && Package::read(&folder).is_ok() {
        let why =
            "is a submission itself; name the folder that holds the class, or use `grader run -S`";
        return Err(Stop::usage(format!("{} {why}", folder.display())));
    }
    let mut entries = Vec::new();
    for member in folders(&folder).map_err(cannot)? {
        let mut found = Vec::new();
        look_into(&member, &folder, 1, &mut found);
        // Of a student who handed in more than submissions, only the submissions count.
        if found.iter().any(|entry| entry.package.is_ok()) {
            found.retain(|entry| entry.package.is_ok());
        } else {
            found.truncate(1);
        }
        if found.is_empty() {
            let why = "there is no package in it: no Cargo.toml".to_owned();
            found.push(Entry::new(&member, &folder, Err(why)));
        }
        entries.append(&mut found);
    }
    if entries.is_empty() {
        let why = "expected a folder for each submission";
        return Err(Stop::usage(format!("there is nothing in {}: {why}", folder.display())));
    }
    Ok(entries)
}

/// The submissions that the CSV file `list` names in its column `path`, relative to `folder`.
pub(crate) fn of_list(list: &Path, folder: &Path) -> Outcome<Vec<Entry>> {
    let wrong =
        |why: String| Stop::usage(format!("cannot read the list {}: {why}", list.display()));
    let folder = folder.canonicalize().map_err(|error| {
        Stop::usage(format!("cannot read the class in {}: {error}", folder.display()))
    })?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(list)
        .map_err(|error| wrong(error.to_string()))?;
    let headings = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
    let Some(at) = headings.iter().position(|heading| heading == "path") else {
        return Err(wrong("its first line has no column `path`".into()));
    };
    let mut entries: Vec<Entry> = Vec::new();
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|error| wrong(error.to_string()))?;
        let path = record.get(at).unwrap_or_default();
        if path.is_empty() {
            return Err(wrong(format!("submission {} has no path", number + 1)));
        }
        let given = folder.join(path);
        let mut entry = Entry::new(&given, &folder, package_at(&given, None));
        for (heading, cell) in headings.iter().zip(&record) {
            match heading {
                "path" => {}
                "name" => entry.name = Some(cell.to_owned()),
                "id" => entry.id = plain(OsStr::new(cell)),
                other => drop(entry.columns.insert(other.to_owned(), cell.to_owned())),
            }
        }
        if let Some(twin) = entries.iter().find(|other| other.id == entry.id) {
            return Err(wrong(format!("two submissions are called {}", twin.id)));
        }
        entries.push(entry);
    }
    if entries.is_empty() { Err(wrong("it names no submission".into())) } else { Ok(entries) }
}

impl Entry {
    fn new(path: &Path, class: &Path, package: Result<Package, String>) -> Self {
        let relative = path.strip_prefix(class).unwrap_or(path);
        Self {
            id: plain(relative.as_os_str()),
            name: None,
            columns: BTreeMap::new(),
            path: path.to_owned(),
            package,
        }
    }
}

/// `name` in characters that can be shown anywhere.
fn plain(name: &OsStr) -> String {
    match name.to_str() {
        Some(text) if !text.contains(char::is_control) => text.to_owned(),
        _ => name.as_bytes().escape_ascii().to_string(),
    }
}

/// The package in `folder`; a link may lead there, but not out of `class`.
fn package_at(folder: &Path, class: Option<&Path>) -> Result<Package, String> {
    if let Some(class) = class
        && folder.canonicalize().is_ok_and(|real| !real.starts_with(class))
    {
        return Err("is a symbolic link out of the class's folder".into());
    }
    Package::read(folder)
}

/// Adds what is found in `folder` and below.
fn look_into(folder: &Path, class: &Path, depth: usize, found: &mut Vec<Entry>) {
    if folder.symlink_metadata().is_ok_and(|entry| entry.is_symlink()) {
        found.push(Entry::new(folder, class, package_at(folder, Some(class))));
        return;
    }
    if folder.join(Manifest::FILE).symlink_metadata().is_ok() {
        let package = package_at(folder, Some(class));
        let is_submission = package.is_ok();
        found.push(Entry::new(folder, class, package));
        if is_submission {
            return;
        }
    }
    if depth < MAX_DEPTH {
        match folders(folder) {
            Ok(below) => below.iter().for_each(|folder| look_into(folder, class, depth + 1, found)),
            Err(error) => {
                found.push(Entry::new(folder, class, Err(format!("cannot be read: {error}"))));
            }
        }
    }
}

/// The folders in `folder`, by name; not those that tools make.
fn folders(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let made_by_tools =
            name.as_bytes().starts_with(b".") || name == "target" || name == "node_modules";
        let kind = entry.file_type()?;
        let is_folder = kind.is_dir() || (kind.is_symlink() && entry.path().is_dir());
        if is_folder && !made_by_tools {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    const SUBMISSION: &str = "[package]\nname = 'raft'\n[dependencies]\ncontracts = '1'\n";

    fn class(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (file, text) in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        folder
    }

    fn found(folder: &Path) -> Vec<(String, Option<String>)> {
        let entries = of_folder(folder).expect("a class");
        entries.into_iter().map(|entry| (entry.id, entry.package.err())).collect()
    }

    #[test]
    fn every_submission_is_found_and_every_folder_without_one() {
        let class = class(&[
            ("ann/Cargo.toml", SUBMISSION),
            ("ann/target/x/Cargo.toml", SUBMISSION),
            ("bob smith/lab3/raft/Cargo.toml", SUBMISSION),
            ("bob smith/lab3/tool/Cargo.toml", "[package]\nname = 'tool'\n"),
            ("cy/notes.txt", ""),
            ("dee/Cargo.toml", "[workspace]\nmembers = ['raft']\n"),
            ("dee/raft/Cargo.toml", SUBMISSION),
            ("eve/Cargo.toml", "[workspace]\n"),
        ]);
        let found = found(class.path());
        let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["ann", "bob smith/lab3/raft", "cy", "dee/raft", "eve"]);
        assert!(found[0].1.is_none() && found[1].1.is_none() && found[3].1.is_none());
        assert_eq!(found[2].1.as_deref(), Some("there is no package in it: no Cargo.toml"));
        assert!(found[4].1.as_ref().is_some_and(|why| why.contains("has no [package]")));
    }

    #[test]
    fn odd_names_are_shown_plainly_and_links_out_are_refused() {
        let elsewhere = class(&[("raft/Cargo.toml", SUBMISSION)]);
        let class = class(&[("new\nline/Cargo.toml", SUBMISSION), ("real/Cargo.toml", SUBMISSION)]);
        let odd = class.path().join(OsStr::from_bytes(b"b\xffd"));
        fs::create_dir(&odd).expect("made");
        fs::write(odd.join("Cargo.toml"), SUBMISSION).expect("written");
        symlink(elsewhere.path().join("raft"), class.path().join("stolen")).expect("linked");
        symlink(class.path().join("real"), class.path().join("twin")).expect("linked");
        let found = found(class.path());
        let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["b\\xffd", "new\\nline", "real", "stolen", "twin"]);
        let out = "is a symbolic link out of the class's folder";
        assert_eq!(found[3].1.as_deref(), Some(out));
        assert_eq!(found[4].1, None);
    }

    #[test]
    fn a_list_names_its_submissions_and_whose_they_are() {
        let class = class(&[
            ("a/Cargo.toml", SUBMISSION),
            ("list.csv", "name,path,email\n\"Ann, A.\",a,ann@x\nBob,b,bob@x\n"),
            ("twice.csv", "path\na\na\n"),
            ("none.csv", "folder\na\n"),
        ]);
        let list = |file: &str| of_list(&class.path().join(file), class.path());
        let entries = list("list.csv").expect("a list");
        assert_eq!(entries[0].name.as_deref(), Some("Ann, A."));
        assert_eq!(entries[0].columns["email"], "ann@x");
        assert!(entries[0].package.is_ok() && entries[1].package.is_err());
        assert!(
            list("twice.csv").expect_err("twice").message.ends_with("two submissions are called a")
        );
        assert!(list("none.csv").expect_err("none").message.contains("no column `path`"));
    }

    #[test]
    fn a_folder_that_is_no_class_is_refused() {
        let one = class(&[("Cargo.toml", SUBMISSION)]);
        assert!(of_folder(one.path()).expect_err("one").message.contains("is a submission itself"));
        let empty = class(&[]);
        assert!(
            of_folder(empty.path()).expect_err("empty").message.contains("there is nothing in")
        );
        let gone = empty.path().join("gone");
        assert!(of_folder(&gone).expect_err("gone").message.contains("cannot read the class"));
    }
}
