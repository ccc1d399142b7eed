//! What packages of the toolkit and of its corpus depend on, as their `Cargo.toml` says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use toml::{Table, Value};

use crate::build::manifest::Manifest;
use crate::plan::toolkit::Toolkit;

/// What submissions may commonly depend on, and with which features.
pub(super) fn on_shelf(toolkit: &Toolkit) -> Result<BTreeMap<String, Vec<String>>, String> {
    Ok(needed(&table(&toolkit.root().join("shelf").join(Manifest::FILE))?))
}

/// The dependencies that are always there, with their features.
pub(super) fn needed(manifest: &Table) -> BTreeMap<String, Vec<String>> {
    let features = |value: &Value| strings(value.get("features"));
    always(manifest).map(|(name, value)| (name.clone(), features(value))).collect()
}

/// The same, as they stand there.
fn always(manifest: &Table) -> impl Iterator<Item = (&String, &Value)> {
    let all = manifest.get("dependencies").and_then(Value::as_table);
    let is_optional = |value: &Value| value.get("optional").and_then(Value::as_bool) == Some(true);
    all.into_iter().flatten().filter(move |(_, value)| !is_optional(value))
}

/// What the whole package in `folder` depends on and submissions commonly do not, as `grader.toml` would have it in
/// `[build.dependencies]`.
///
/// # Errors
/// What is wrong with one of them, naming the file.
pub(super) fn brought(folder: &Path, toolkit: &Toolkit) -> Result<Table, String> {
    let file = folder.join(Manifest::FILE);
    let (manifest, common) = (table(&file)?, on_shelf(toolkit)?);
    let package = |name: &str, value: &Value| {
        value.get("package").and_then(Value::as_str).unwrap_or(name).to_owned()
    };
    let mut brought = Table::new();
    for (name, value) in always(&manifest) {
        if common.contains_key(&package(name, value)) {
            continue;
        }
        // Where it comes from is the same for everybody who runs the audit, and its version is known.
        let wrong = |why: &str| Err(format!("{}: `{name}` {why}", file.display()));
        let origins = ["git", "path", "registry", "registry-index", "workspace"];
        if let Some(origin) = origins.iter().find(|origin| value.get(**origin).is_some()) {
            return wrong(&format!("is not the one that everybody knows; remove `{origin}`"));
        }
        if value.get("version").unwrap_or(value).as_str().is_none_or(|version| version == "*") {
            return wrong("has no version; only what is on the shelf needs none");
        }
        brought.insert(name.clone(), value.clone());
    }
    Ok(brought)
}

/// Adds to `all` what `entry` has `brought`.
///
/// # Errors
/// When something else has that name already.
pub(crate) fn add(all: &mut Table, entry: &str, brought: &Table) -> Result<(), String> {
    for (name, wanted) in brought {
        match all.insert(name.clone(), wanted.clone()) {
            Some(other) if other != *wanted => {
                return Err(format!(
                    "{entry} depends on `{name} = {wanted}`, and something else in this audit on \
                     `{name} = {other}`; --only audits them apart"
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The texts of a list.
pub(super) fn strings(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What stands in a TOML file.
pub(super) fn table(file: &Path) -> Result<Table, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    text.parse()
        .map_err(|error: toml::de::Error| format!("{}: {}", file.display(), error.message()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHELF: &str = "[dependencies]\nserde = '1'\nlabrt = { path = '../labrt' }\n";

    /// What a package with these dependencies brings along, where serde and labrt are on the shelf.
    fn brought_by(dependencies: &str) -> Result<Table, String> {
        let root = tempfile::tempdir().expect("a folder");
        let write = |package: &str, text: &str| {
            fs::create_dir(root.path().join(package)).expect("made");
            fs::write(root.path().join(package).join(Manifest::FILE), text).expect("written");
        };
        write("shelf", SHELF);
        write("mine", &format!("[package]\nname = 'mine'\n[dependencies]\n{dependencies}"));
        let toolkit = Toolkit::at(root.path().to_owned(), root.path().join("target"));
        brought(&root.path().join("mine"), &toolkit)
            .map_err(|why| why.replace(&format!("{}/", root.path().display()), ""))
    }

    #[test]
    fn a_package_brings_along_what_is_not_on_the_shelf() {
        let text = "serde = '*'\nlabrt = { path = '../x' }\nbig = '2'\n\
                    json = { package = 'serde', version = '1' }\n\
                    other = { package = 'raft', version = '0.7', default-features = false, features = ['f'] }\n\
                    not-now = { version = '1', optional = true }";
        let expected = "big = '2'\n[other]\npackage = 'raft'\nversion = '0.7'\n\
                        default-features = false\nfeatures = ['f']";
        assert_eq!(brought_by(text), Ok(expected.parse().expect("a table")));
    }

    #[test]
    fn what_is_brought_along_is_a_version_that_everybody_can_get() {
        let wrong = |text: &str| brought_by(text).expect_err("wrong");
        assert_eq!(
            wrong("big = { git = 'x', version = '1' }"),
            "mine/Cargo.toml: `big` is not the one that everybody knows; remove `git`"
        );
        let without = "mine/Cargo.toml: `big` has no version; only what is on the shelf needs none";
        assert_eq!(wrong("big = '*'"), without);
        assert_eq!(wrong("big = { features = ['f'] }"), without);
    }

    #[test]
    fn two_entries_may_not_want_one_name_for_different_things() {
        let mut all: Table = "big = '1'".parse().expect("a table");
        let same = all.clone();
        assert_eq!(add(&mut all, "raft/a", &same), Ok(()));
        let other = "big = '2'".parse().expect("a table");
        assert_eq!(
            add(&mut all, "raft/b", &other).expect_err("two versions"),
            "raft/b depends on `big = \"2\"`, and something else in this audit on `big = \"1\"`; --only audits \
             them apart"
        );
    }
}
