//! The solutions that entries are changes of.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::dependencies::{needed, on_shelf, strings, table};
use super::patch::Files;
use crate::build::manifest::Manifest;
use crate::build::sources::Sources;
use crate::plan::toolkit::Toolkit;
use crate::scaffold::lab::Lab;

/// The reference solution of a lab.
#[derive(Debug)]
pub(crate) struct Reference {
    /// Its sources.
    pub(crate) sources: Files,
    edition: String,
    /// What it depends on, and with which features.
    dependencies: BTreeMap<String, Vec<String>>,
}

impl Reference {
    /// That of `lab`.
    ///
    /// # Errors
    /// When the toolkit has none, or it is not as it must be.
    pub(crate) fn read(toolkit: &Toolkit, lab: &Lab) -> Result<Self, String> {
        let folder = toolkit.root().join(lab.name);
        let manifest = table(&folder.join(Manifest::FILE))?;
        let sources = Sources::read(&folder)
            .map_err(|refusals| format!("{}/{}", folder.display(), refusals[0]))?;
        let is_source = |(file, _): &(PathBuf, String)| file != Path::new(Manifest::FILE);
        Ok(Self {
            edition: sources.manifest.edition.clone(),
            sources: sources.files.into_iter().filter(is_source).collect(),
            dependencies: needed(&manifest),
        })
    }

    /// The manifest of a package named `name` with its sources, or others in their place.
    pub(crate) fn manifest(&self, name: &str) -> String {
        let edition = &self.edition;
        let mut text =
            format!("[package]\nname = {name:?}\nedition = {edition:?}\n\n[dependencies]\n");
        for (name, features) in &self.dependencies {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name} = {{ version = \"*\", features = {features:?} }}");
        }
        text
    }

    /// What it depends on and submissions commonly do not, as `grader.toml` would have it in `[build.dependencies]`.
    pub(crate) fn uncommon(&self, toolkit: &Toolkit) -> Result<Table, String> {
        let common = on_shelf(toolkit)?;
        let workspace = table(&toolkit.root().join(Manifest::FILE))?;
        let versions = workspace
            .get("workspace")
            .and_then(|workspace| workspace.get("dependencies"))
            .and_then(Value::as_table);
        let mut uncommon = Table::new();
        for (name, features) in
            self.dependencies.iter().filter(|(name, _)| !common.contains_key(*name))
        {
            let mut wanted = match versions.and_then(|versions| versions.get(name)) {
                Some(Value::Table(wanted)) => wanted.clone(),
                Some(version) => Table::from_iter([("version".to_owned(), version.clone())]),
                None => return Err(format!("the toolkit's Cargo.toml has no version of `{name}`")),
            };
            let mut all: Vec<String> = strings(wanted.get("features"));
            all.extend(
                features
                    .iter()
                    .filter(|feature| !all.contains(feature))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
            wanted.insert("features".to_owned(), all.into());
            uncommon.insert(name.clone(), wanted.into());
        }
        Ok(uncommon)
    }
}

#[cfg(test)]
impl Reference {
    /// One with these sources.
    pub(crate) fn of(sources: Files) -> Self {
        Self { sources, edition: "2024".to_owned(), dependencies: BTreeMap::new() }
    }
}
