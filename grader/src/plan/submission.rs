//! Which package is the submission.

use std::path::{Path, PathBuf};

use crate::exit::{Outcome, Stop};
use crate::plan::toolkit::Toolkit;

/// Where the runs' program comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A package, to be built.
    Package(Package),
    /// A harness executable that exists.
    Harness(PathBuf),
}

/// A submission's package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    /// Its name in its `Cargo.toml`.
    pub(crate) name: String,
    /// Its folder, absolute.
    pub(crate) path: PathBuf,
}

impl Source {
    /// What `given` names; else the package in `folder`, if it is a submission; else the toolkit's
    /// reference solution, where it has one.
    pub(crate) fn find(given: Option<&Path>, folder: &Path, toolkit: &Toolkit) -> Outcome<Self> {
        if let Some(path) = given {
            return Package::read(&folder.join(path)).map(Self::Package).map_err(Stop::usage);
        }
        let here = Manifest::read(folder).is_ok_and(|manifest| manifest.is_submission());
        let path = match toolkit.reference() {
            _ if here => folder.to_owned(),
            Some(reference) => reference,
            None => return Err(nothing_here(folder)),
        };
        Package::read(&path).map(Self::Package).map_err(Stop::usage)
    }

    /// The executable at `path`.
    pub(crate) fn harness(path: &Path) -> Outcome<Self> {
        match path.canonicalize() {
            Ok(file) if file.is_file() => Ok(Self::Harness(file)),
            _ => Err(Stop::usage(format!("no harness executable at {}", path.display()))),
        }
    }

    /// Its path, as a replay line and a report name it.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Package(package) => &package.path,
            Self::Harness(file) => file,
        }
    }
}

fn nothing_here(folder: &Path) -> Stop {
    Stop::usage(format!(
        "no submission here: {} has no package that depends on `contracts`; name one with -S DIR, or \
         `grader new raft my-raft` makes one",
        folder.display()
    ))
}

impl Package {
    /// The package in the folder `path`, or whose `Cargo.toml` is `path`.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let folder = match path.file_name() {
            Some(file) if file == "Cargo.toml" => path.parent().unwrap_or(path),
            _ => path,
        };
        let path = folder
            .canonicalize()
            .map_err(|error| format!("no submission in {}: {error}", folder.display()))?;
        let manifest = Manifest::read(&path)
            .map_err(|error| format!("no submission in {}: {error}", path.display()))?;
        let Some(name) = manifest.name() else {
            return Err(format!(
                "no submission in {}: its Cargo.toml has no [package]; name the package's own folder",
                path.display()
            ));
        };
        if !manifest.is_submission() {
            return Err(format!(
                "`{name}` in {} is no submission: it does not depend on `contracts`; a submission \
                 is a library with `pub fn submission() -> contracts::Submission`",
                path.display()
            ));
        }
        Ok(Self { name: name.to_owned(), path })
    }
}

/// A `Cargo.toml`, as far as it matters here.
struct Manifest(toml::Table);

impl Manifest {
    /// The one in `folder`.
    fn read(folder: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(folder.join("Cargo.toml"))
            .map_err(|error| format!("cannot read its Cargo.toml: {error}"))?;
        text.parse().map(Self).map_err(|error: toml::de::Error| {
            format!("its Cargo.toml is not valid: {}", error.message())
        })
    }

    /// The package's name.
    fn name(&self) -> Option<&str> {
        self.0.get("package")?.get("name")?.as_str()
    }

    /// Whether it depends on the contracts.
    fn is_submission(&self) -> bool {
        let Some(dependencies) = self.0.get("dependencies").and_then(toml::Value::as_table) else {
            return false;
        };
        dependencies.iter().any(|(key, dependency)| {
            let renamed = dependency.get("package").and_then(toml::Value::as_str);
            renamed.unwrap_or(key) == "contracts"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(text: &str) -> Manifest {
        Manifest(text.parse().expect("valid"))
    }

    #[test]
    fn a_submission_depends_on_the_contracts() {
        let plain = "[package]\nname = 'me'\n[dependencies]\ncontracts.workspace = true";
        assert!(manifest(plain).is_submission());
        assert_eq!(manifest(plain).name(), Some("me"));
        assert!(
            manifest("[dependencies]\nc = { package = 'contracts', path = '.' }").is_submission()
        );
        assert!(!manifest("[dependencies]\nserde = '1'").is_submission());
        assert!(!manifest("[workspace]\nmembers = []").is_submission());
        assert!(!manifest("[dependencies]\ncontracts = { package = 'other' }").is_submission());
    }
}
