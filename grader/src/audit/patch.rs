//! A unified diff, applied to sources.
//!
//! The lines around a change must be there as they are; that they have moved does not matter.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use diffy::patch_set::{FileOperation, ParseOptions, PatchSet};

/// Files below one folder: their paths relative to it, and their texts.
pub(crate) type Files = Vec<(PathBuf, String)>;

/// Applies the diff `text` to `files`. Its paths have `a/` and `b/` before them, as git writes them.
///
/// # Errors
/// What is wrong with it, or which hunk of which file finds no place.
pub(crate) fn apply(text: &str, files: &mut Files) -> Result<(), String> {
    let mut changes = 0;
    for patch in PatchSet::parse(text, ParseOptions::gitdiff()) {
        let patch = patch.map_err(|error| format!("is no diff as git makes it: {error}"))?;
        let operation = patch.operation().strip_prefix(1);
        let (from, to) = ends(&operation)?;
        let hunks = patch.patch().as_text().ok_or("changes a file that is no text")?;
        let old = match &from {
            None => String::new(),
            Some(from) => take(files, from)?,
        };
        let new = diffy::apply(&old, hunks).map_err(|error| {
            let file = from.as_ref().or(to.as_ref()).map_or("", |file| file.to_str().unwrap_or(""));
            let hunk = error.to_string();
            let hunk = hunk.rsplit('#').next().unwrap_or_default();
            format!(
                "does not apply to {file}: hunk {hunk} finds no place, because the reference has changed there; make \
                 the patch anew"
            )
        })?;
        if let Some(to) = to {
            if files.iter().any(|(file, _)| *file == to) {
                return Err(format!("adds {}, which is there already", to.display()));
            }
            files.push((to, new));
        }
        changes += 1;
    }
    if changes == 0 { Err("changes nothing".to_owned()) } else { Ok(()) }
}

/// The file that is changed, and the one that is made of it.
fn ends(operation: &FileOperation<'_, str>) -> Result<(Option<PathBuf>, Option<PathBuf>), String> {
    let path = |path: &Cow<'_, str>| source(path).map(Some);
    Ok(match operation {
        FileOperation::Create(to) => (None, path(to)?),
        FileOperation::Delete(from) => (path(from)?, None),
        FileOperation::Modify { original: from, modified: to }
        | FileOperation::Rename { from, to } => (path(from)?, path(to)?),
        FileOperation::Copy { to, .. } => {
            return Err(format!("copies a file to {to}; add the file itself"));
        }
    })
}

/// `path`, if it is one of a source.
fn source(path: &str) -> Result<PathBuf, String> {
    let file = Path::new(path);
    let plain = file.components().all(|part| matches!(part, Component::Normal(_)));
    if plain && file.starts_with("src") && file.extension().is_some_and(|end| end == "rs") {
        Ok(file.to_owned())
    } else {
        Err(format!(
            "changes {path:?}; only Rust sources below src can be changed, as a/src/vote.rs"
        ))
    }
}

fn take(files: &mut Files, wanted: &Path) -> Result<String, String> {
    let at = files.iter().position(|(file, _)| file == wanted);
    let at =
        at.ok_or_else(|| format!("changes {}, which the reference has not", wanted.display()))?;
    Ok(files.swap_remove(at).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "one\ntwo\nthree\nfour\nfive\n";

    fn files() -> Files {
        vec![("src/a.rs".into(), OLD.into()), ("src/b.rs".into(), "b\n".into())]
    }

    fn applied(text: &str) -> Result<Files, String> {
        let mut files = files();
        apply(text, &mut files)?;
        files.sort();
        Ok(files)
    }

    const CHANGE: &str = "diff --git a/src/a.rs b/src/a.rs\n--- a/src/a.rs\n+++ b/src/a.rs\n\
                          @@ -2,3 +2,3 @@\n two\n-three\n+3\n four\n";

    #[test]
    fn a_change_finds_its_place_although_it_moved() {
        let files = applied(CHANGE).expect("applies");
        assert_eq!(files[0].1, "one\ntwo\n3\nfour\nfive\n");
        let files = applied(&CHANGE.replace("@@ -2,3 +2,3 @@", "@@ -40,3 +40,3 @@"));
        assert_eq!(files.expect("applies")[0].1, "one\ntwo\n3\nfour\nfive\n");
    }

    #[test]
    fn files_come_and_go() {
        let text = "diff --git a/src/b.rs b/src/b.rs\ndeleted file mode 100644\n--- a/src/b.rs\n+++ /dev/null\n\
                    @@ -1 +0,0 @@\n-b\ndiff --git a/src/c.rs b/src/c.rs\nnew file mode 100644\n--- /dev/null\n\
                    +++ b/src/c.rs\n@@ -0,0 +1 @@\n+c\n";
        let files = applied(text).expect("applies");
        let names: Vec<_> = files.iter().map(|(file, _)| file.to_str().expect("text")).collect();
        assert_eq!(names, ["src/a.rs", "src/c.rs"]);
        assert_eq!(files[1].1, "c\n");
    }

    #[test]
    fn what_does_not_apply_is_named() {
        let wrong = |text: &str| applied(text).expect_err("wrong");
        assert_eq!(
            wrong(&CHANGE.replace("four", "vier")),
            "does not apply to src/a.rs: hunk 1 finds no place, because the reference has changed there; make the \
             patch anew"
        );
        assert_eq!(
            wrong(&CHANGE.replace("src/a.rs", "src/z.rs")),
            "changes src/z.rs, which the reference has not"
        );
        assert!(
            wrong(&CHANGE.replace("src/a.rs", "src/../../etc/a.rs"))
                .contains("only Rust sources below src")
        );
        assert!(
            wrong(&CHANGE.replace("src/a.rs", "Cargo.toml"))
                .contains("only Rust sources below src")
        );
        let none = "is no diff as git makes it: ";
        assert!(wrong("").starts_with(none), "{}", wrong(""));
    }
}
