//! A submission's manifest beside the harness package, with the toolkit's crates taken from the toolkit.
//!
//! A submission names them by any path, for instance through its link. To cargo a crate at another path is
//! another crate, and its types are other types.

use std::path::Path;

use toml::{Table, Value};

use crate::plan::toolkit::Toolkit;

/// Sections that only the submission's own tests need.
const TESTING: [&str; 5] = ["dev-dependencies", "test", "bench", "example", "workspace"];

/// The manifest of the package in `folder`, to stand anywhere. None where it inherits from a workspace: such
/// a one stays where it is.
pub(super) fn of(folder: &Path, toolkit: &Toolkit) -> Option<String> {
    let text = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let mut manifest: Table = text.parse().ok()?;
    let contracts = manifest.get("dependencies")?.get("contracts")?;
    contracts.get("path")?;
    TESTING.iter().for_each(|section| drop(manifest.remove(*section)));
    for section in ["dependencies", "build-dependencies"] {
        if let Some(dependencies) = manifest.get_mut(section).and_then(Value::as_table_mut) {
            dependencies.iter_mut().for_each(|(name, to)| redirect(name, to, folder, toolkit));
        }
    }
    let library = manifest.entry("lib").or_insert_with(|| Table::new().into()).as_table_mut()?;
    let source = library.get("path").and_then(Value::as_str).unwrap_or("src/lib.rs");
    let source = text_of(&folder.join(source));
    library.insert("path".to_owned(), source.into());
    Some(manifest.to_string())
}

/// Makes a relative path absolute, and leads to the toolkit what is the toolkit's.
fn redirect(name: &str, dependency: &mut Value, folder: &Path, toolkit: &Toolkit) {
    let Some(path) = dependency.get("path").and_then(Value::as_str) else { return };
    let own = toolkit.root().join(name);
    let target = if own.join("Cargo.toml").is_file() { own } else { folder.join(path) };
    dependency["path"] = text_of(&target).into();
}

fn text_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mirrored manifest of a package with this one, and the package's folder.
    fn mirrored(manifest: &str) -> Option<(Table, String)> {
        let desk = tempfile::tempdir().expect("a folder");
        let (package, toolkit) = (desk.path().join("mine"), desk.path().join("toolkit"));
        for folder in [&package, &toolkit.join("contracts")] {
            std::fs::create_dir_all(folder).expect("a folder");
            std::fs::write(folder.join("Cargo.toml"), manifest).expect("written");
        }
        let toolkit = Toolkit::at(toolkit, desk.path().join("target"));
        let mirrored = of(&package, &toolkit)?;
        let mirrored = mirrored.replace(&text_of(desk.path()), "DESK");
        Some((mirrored.parse().expect("a manifest"), mirrored))
    }

    #[test]
    fn the_toolkits_crates_are_the_toolkits_and_others_stay_where_they_are() {
        let manifest = "[package]\nname = 'mine'\n[dependencies]\nother = { path = '../other' }\n\
                        contracts = { path = 'toolkit/contracts' }\nserde = '1'\n[workspace]\n";
        let (table, text) = mirrored(manifest).expect("a mirror");
        let path = |name: &str| table["dependencies"][name]["path"].as_str().expect("a path");
        assert_eq!(path("contracts"), "DESK/toolkit/contracts");
        assert_eq!(path("other"), "DESK/mine/../other");
        assert_eq!(table["dependencies"]["serde"].as_str(), Some("1"));
        assert_eq!(table["lib"]["path"].as_str(), Some("DESK/mine/src/lib.rs"));
        assert!(!text.contains("workspace"), "{text}");
    }

    #[test]
    fn what_inherits_from_a_workspace_stays_where_it_is() {
        assert_eq!(mirrored("[dependencies]\ncontracts.workspace = true\n"), None);
    }
}
