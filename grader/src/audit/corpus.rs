//! The entries, as they stand in their folders.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::about::About;
use super::patch::{self, Files};
use super::reference::Reference;
use crate::build::manifest::Manifest;
use crate::scaffold::lab::{Lab, Labs};

/// The file with what makes an entry of the reference.
const PATCH: &str = "change.patch";
/// The folder with files that take the place of the reference's.
const SOURCES: &str = "src";

/// An entry of the corpus.
#[derive(Debug)]
pub(crate) struct Entry<A> {
    /// Its lab.
    pub(crate) lab: &'static Lab,
    /// What its file says.
    pub(crate) about: A,
    /// Its folder.
    pub(crate) folder: PathBuf,
}

/// The entries of the labs below `root`, lab by lab, by name; and what is wrong with others, a line each.
pub(crate) fn read<A: About>(root: &Path, labs: Labs) -> (Vec<Entry<A>>, Vec<String>) {
    let (mut entries, mut wrong) = (Vec::new(), Vec::new());
    for lab in labs.each() {
        let folder = root.join(A::FOLDER).join(lab.name);
        match names(&folder) {
            Ok(names) => {
                for name in names {
                    match Entry::read(lab, &name, folder.join(&name)) {
                        Ok(entry) => entries.push(entry),
                        Err(why) => wrong.push(why),
                    }
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => wrong.push(format!("cannot read {}: {error}", folder.display())),
        }
    }
    (entries, wrong)
}

/// The names in `folder`, sorted.
pub(crate) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

impl<A: About> Entry<A> {
    fn read(lab: &'static Lab, name: &str, folder: PathBuf) -> Result<Self, String> {
        let wrong = |why: &str| format!("{}: {why}", folder.display());
        if !is_name(name) {
            return Err(wrong(
                "a name has small letters, digits and hyphens, and begins with a letter, as `counts-stale-ballots`",
            ));
        }
        for file in names(&folder).map_err(|error| wrong(&format!("cannot be read: {error}")))? {
            let known = [A::FILE, PATCH, SOURCES].contains(&file.as_str())
                || (A::MAY_BE_PACKAGE && file == Manifest::FILE);
            if !known {
                return Err(wrong(&format!(
                    "`{file}` does not belong there; {}, {PATCH} and {SOURCES} do",
                    A::FILE
                )));
            }
        }
        let file = folder.join(A::FILE);
        let text = fs::read_to_string(&file)
            .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        let about = A::read(lab, name, &text).map_err(|why| format!("{}{why}", file.display()))?;
        let has = |file: &str| folder.join(file).exists();
        match (has(Manifest::FILE), has(PATCH), has(SOURCES)) {
            (true, true, _) => {
                Err(wrong("a whole package has no change.patch; remove one of the two"))
            }
            (true, false, false) => Err(wrong("a whole package has a folder src")),
            (false, false, false) => {
                Err(wrong("neither change.patch nor src says what makes it of the reference"))
            }
            _ => Ok(Self { lab, about, folder }),
        }
    }

    /// `LAB/NAME`.
    pub(crate) fn name(&self) -> String {
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy();
        format!("{}/{name}", self.lab.name)
    }

    /// Whether it is a package as it stands.
    pub(crate) fn is_package(&self) -> bool {
        A::MAY_BE_PACKAGE && self.folder.join(Manifest::FILE).is_file()
    }

    /// The sources that it makes of the reference's.
    ///
    /// # Errors
    /// What is wrong, naming the entry's file.
    pub(crate) fn sources(&self, reference: &Reference) -> Result<Files, String> {
        let mut files = reference.sources.clone();
        let file = self.folder.join(PATCH);
        if file.exists() {
            let text = read_text(&file)?;
            patch::apply(&text, &mut files).map_err(|why| format!("{} {why}", file.display()))?;
        }
        if self.folder.join(SOURCES).is_dir() {
            lay_over(&self.folder, Path::new(SOURCES), &mut files)?;
        }
        files.sort();
        if files == reference.sources {
            return Err(format!("{}: it is the reference, unchanged", self.folder.display()));
        }
        Ok(files)
    }
}

/// Lays the files below `folder` in `root` over those of the same path.
fn lay_over(root: &Path, folder: &Path, files: &mut Files) -> Result<(), String> {
    let shown = root.join(folder);
    let found =
        names(&shown).map_err(|error| format!("cannot read {}: {error}", shown.display()))?;
    for name in found {
        let path = folder.join(name);
        if root.join(&path).is_dir() {
            lay_over(root, &path, files)?;
        } else {
            let text = read_text(&root.join(&path))?;
            files.retain(|(file, _)| *file != path);
            files.push((path, text));
        }
    }
    Ok(())
}

fn read_text(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))
}

/// Whether `name` can be that of an entry, and of a package.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use reports::audit::{AboutBug, AboutVariant};
    use tempfile::TempDir;

    use super::*;
    use crate::plan::toolkit::Toolkit;

    fn toolkit() -> Toolkit {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("a folder");
        let target = root.join("target");
        Toolkit::at(root, target)
    }

    /// Everything that is wrong with the entries of one kind of the corpus as it is, and how many there are.
    fn of_kind<A: About>() -> (usize, Vec<String>) {
        let toolkit = toolkit();
        let read_one =
            |lab: &'static Lab| (lab.name, Reference::read(&toolkit, lab).expect("a reference"));
        let references: BTreeMap<_, _> = Labs::ALL.each().map(read_one).collect();
        let (entries, mut wrong) = read::<A>(toolkit.root(), Labs::ALL);
        for entry in entries.iter().filter(|entry| !entry.is_package()) {
            wrong.extend(entry.sources(&references[entry.lab.name]).err());
        }
        (entries.len(), wrong)
    }

    #[test]
    fn every_bug_applies_to_the_reference_as_it_is() {
        let (bugs, wrong) = of_kind::<AboutBug>();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(bugs > 0, "there are no bugs in the clone");
    }

    #[test]
    fn every_variant_applies_to_the_reference_as_it_is() {
        let (_, wrong) = of_kind::<AboutVariant>();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    const BUG: &str =
        "title = 'T'\nbreaks = 'B'\nsuites = ['bank']\ntests = ['bank/t']\norigin = 'O'";

    /// A corpus with one bug of these files.
    fn corpus(name: &str, files: &[(&str, &str)]) -> TempDir {
        let root = tempfile::tempdir().expect("a folder");
        for (file, text) in files {
            let file = root.path().join("bugs/bank").join(name).join(file);
            fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            fs::write(file, text).expect("written");
        }
        root
    }

    /// What is wrong with that bug, without the folder of the test.
    fn wrong(name: &str, files: &[(&str, &str)]) -> String {
        let root = corpus(name, files);
        let (entries, wrong) = read::<AboutBug>(root.path(), Labs::ALL);
        assert!(entries.is_empty(), "{entries:?}");
        wrong.join("\n").replace(&format!("{}/", root.path().display()), "")
    }

    #[test]
    fn what_is_wrong_with_an_entry_is_said_in_a_line_that_names_its_file() {
        let patch = ("change.patch", "");
        assert_eq!(
            wrong("Bad_Name", &[("bug.toml", BUG), patch]),
            "bugs/bank/Bad_Name: a name has small letters, digits and hyphens, and begins with a letter, as \
             `counts-stale-ballots`"
        );
        assert_eq!(
            wrong("x", &[("bug.toml", BUG)]),
            "bugs/bank/x: neither change.patch nor src says what makes it of the reference"
        );
        assert_eq!(
            wrong("x", &[("bug.toml", BUG), patch, ("notes.md", "")]),
            "bugs/bank/x: `notes.md` does not belong there; bug.toml, change.patch and src do"
        );
        assert!(wrong("x", &[patch]).starts_with("cannot read bugs/bank/x/bug.toml: "));
        let typo = BUG.replace("title", "titel");
        assert!(
            wrong("x", &[("bug.toml", &typo), patch])
                .starts_with("bugs/bank/x/bug.toml:1: unknown field `titel`")
        );
    }

    #[test]
    fn files_are_laid_over_what_the_patch_made() {
        let change = "diff --git a/src/a.rs b/src/a.rs\n--- a/src/a.rs\n+++ b/src/a.rs\n@@ -1 +1 @@\n-a\n+b\n";
        let root =
            corpus("x", &[("bug.toml", BUG), ("change.patch", change), ("src/m/n.rs", "n\n")]);
        let (entries, wrong) = read::<AboutBug>(root.path(), Labs::ALL);
        assert!(wrong.is_empty(), "{wrong:?}");
        let files = vec![("src/a.rs".into(), "a\n".into()), ("src/m/n.rs".into(), "m\n".into())];
        let reference = Reference::of(files);
        let made = entries[0].sources(&reference).expect("made");
        let expected: Files =
            vec![("src/a.rs".into(), "b\n".into()), ("src/m/n.rs".into(), "n\n".into())];
        assert_eq!(made, expected);
        let other = Reference::of(expected);
        let why = entries[0].sources(&other).expect_err("another");
        assert!(
            why.contains("bugs/bank/x/change.patch does not apply to src/a.rs: hunk 1"),
            "{why}"
        );
    }
}
