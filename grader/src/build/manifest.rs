//! What a submission's `Cargo.toml` asks for.
//!
//! Cargo never reads it: it is other people's, and what it may say (scripts to run, wrappers, other sources of
//! packages) would run outside of every limit. What is taken is the package's name, version and edition, where
//! its library is, its features, and which libraries it uses; those come from the [`Shelf`](super::shelf::Shelf). What
//! would change how the submission is built is refused, by line; what has no effect here (other targets,
//! profiles, lints) is passed over.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A `Cargo.toml`, as far as it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// The package's name.
    pub(crate) name: String,
    /// Its version, `0.0.0` where it has none.
    pub(crate) version: String,
    /// Its edition: `2024`.
    pub(crate) edition: String,
    /// The name of its library in Rust code.
    pub(crate) crate_name: String,
    /// The library's root file, relative to the package: `src/lib.rs`.
    pub(crate) library: PathBuf,
    /// Its features that are on, which are those that its default feature turns on.
    pub(crate) features: Vec<String>,
    /// Libraries that it uses.
    pub(crate) dependencies: Vec<Dependency>,
}

/// A library that a submission uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dependency {
    /// The line that names it, from 1.
    pub(crate) line: usize,
    /// Its name in the submission's code.
    pub(crate) name: String,
    /// The package.
    pub(crate) package: String,
    /// Which versions will do; none for any.
    pub(crate) versions: Option<String>,
    /// Features that it is wanted with.
    pub(crate) features: Vec<String>,
    /// What it says about where the package comes from: `git`, `path`.
    pub(crate) origin: Option<&'static str>,
}

/// What is refused, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The file, relative to the package.
    pub(crate) file: PathBuf,
    /// The line, from 1; none where the file as a whole is meant.
    pub(crate) line: Option<usize>,
    /// What is wrong and what would be right.
    pub(crate) why: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A name may have been chosen to spoil what is shown.
        write!(f, "{}", self.file.display().to_string().escape_default())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.why)
    }
}

impl Manifest {
    /// Name of the file.
    pub(crate) const FILE: &str = "Cargo.toml";

    /// Reads `text`. Where the edition is that of a workspace, `inherited` knows it.
    ///
    /// # Errors
    /// All that is refused.
    pub(crate) fn parse(text: &str, inherited: Option<String>) -> Result<Self, Vec<Refusal>> {
        let mut reader = Reader { text, refusals: Vec::new() };
        let table = match DeTable::parse(text) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                reader.refuse(error.span().as_ref(), error.message().to_owned());
                return Err(reader.refusals);
            }
        };
        let manifest = reader.manifest(&table, inherited);
        if reader.refusals.is_empty() { Ok(manifest) } else { Err(reader.refusals) }
    }
}

/// Names of tables and keys at the top that are passed over.
const NO_EFFECT: &[&str] = &[
    "badges",
    "bench",
    "bin",
    "dev-dependencies",
    "example",
    "lints",
    "profile",
    "test",
    "workspace",
];

/// What is wrong with the ones that are refused.
const REFUSED: &[(&str, &str)] = &[
    ("build-dependencies", "build scripts are not run, so there is nothing to build them with"),
    ("cargo-features", "a submission is built without unstable features of cargo"),
    ("patch", "a submission does not replace packages; remove it"),
    ("replace", "a submission does not replace packages; remove it"),
    ("target", "a submission has the same dependencies everywhere; put them in [dependencies]"),
];

const EDITIONS: &[&str] = &["2015", "2018", "2021", "2024"];

type Table<'a> = DeTable<'a>;
type Value<'a> = Spanned<DeValue<'a>>;

struct Reader<'a> {
    text: &'a str,
    refusals: Vec<Refusal>,
}

impl Reader<'_> {
    fn line(&self, span: &Range<usize>) -> usize {
        self.text[..span.start.min(self.text.len())].matches('\n').count() + 1
    }

    fn refuse(&mut self, at: Option<&Range<usize>>, why: impl Into<String>) {
        let line = at.map(|span| self.line(span));
        self.refusals.push(Refusal { file: Manifest::FILE.into(), line, why: why.into() });
    }

    fn manifest(&mut self, table: &Table<'_>, inherited: Option<String>) -> Manifest {
        for (key, _) in table {
            let name = key.get_ref().as_ref();
            if let Some((_, why)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
                self.refuse(Some(&key.span()), format!("[{name}] is refused: {why}"));
            } else if !["package", "lib", "dependencies", "features"].contains(&name)
                && !NO_EFFECT.contains(&name)
            {
                self.refuse(Some(&key.span()), format!("`{name}` is not known here; remove it"));
            }
        }
        let (name, version, edition) = self.package(table, inherited);
        let (crate_name, library) = self.library(table, &name);
        let (dependencies, optional) = self.dependencies(table);
        let features = self.features(table, &optional);
        let on =
            |dependency: &(Dependency, bool)| !dependency.1 || features.uses(&dependency.0.name);
        let dependencies = dependencies
            .into_iter()
            .filter(on)
            .map(|(dependency, _)| features.asked_of(dependency))
            .collect();
        Manifest {
            name,
            version,
            edition,
            crate_name,
            library,
            features: features.on.into_iter().collect(),
            dependencies,
        }
    }

    fn package(
        &mut self,
        table: &Table<'_>,
        inherited: Option<String>,
    ) -> (String, String, String) {
        let Some(package) = table.get("package") else {
            self.refuse(None, "there is no [package]");
            return Default::default();
        };
        let span = package.span();
        let Some(package) = package.get_ref().as_table() else {
            self.refuse(Some(&span), "`package` is not a table");
            return Default::default();
        };
        if let Some(script) = package.get("build")
            && script.get_ref().as_bool() != Some(false)
        {
            self.refuse(Some(&script.span()), "build scripts are refused; remove `build`");
        }
        if let Some(links) = package.get("links") {
            self.refuse(Some(&links.span()), "native libraries are refused; remove `links`");
        }
        let name = self.text_of(package, "name").unwrap_or_default();
        let named = package.get("name").map(Spanned::span);
        let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty()
            || name.starts_with(|c: char| c.is_ascii_digit())
            || !name.chars().all(good)
        {
            let why = "a package's name has letters, digits, `-` and `_`, and begins with no digit";
            self.refuse(Some(&named.unwrap_or(span)), why);
        }
        let version = self.text_of(package, "version").unwrap_or_else(|| "0.0.0".to_owned());
        (name, version, self.edition(package, inherited))
    }

    fn edition(&mut self, package: &Table<'_>, inherited: Option<String>) -> String {
        let Some(value) = package.get("edition") else { return "2015".to_owned() };
        let of_workspace = value.get_ref().as_table().is_some();
        let edition = match value.get_ref() {
            DeValue::String(edition) => Some(edition.clone().into_owned()),
            DeValue::Table(_) => inherited,
            _ => None,
        };
        match edition {
            Some(edition) if EDITIONS.contains(&edition.as_str()) => edition,
            _ => {
                let why = if of_workspace {
                    "the edition is that of a workspace which is not here; write `edition = \"2024\"`"
                } else {
                    "expected an edition: 2015, 2018, 2021 or 2024"
                };
                self.refuse(Some(&value.span()), why);
                String::new()
            }
        }
    }

    fn library(&mut self, table: &Table<'_>, package: &str) -> (String, PathBuf) {
        let default = (package.replace('-', "_"), PathBuf::from("src/lib.rs"));
        let Some(library) = table.get("lib").and_then(|library| library.get_ref().as_table())
        else {
            return default;
        };
        let is_true =
            |key: &str| library.get(key).is_some_and(|on| on.get_ref().as_bool() != Some(false));
        if let Some(key) =
            ["proc-macro", "proc_macro", "plugin"].into_iter().find(|key| is_true(key))
        {
            let span = library.get(key).map(Spanned::span);
            self.refuse(span.as_ref(), "a submission is a plain library, not one of macros");
        }
        for key in ["crate-type", "crate_type"] {
            let Some(kinds) = library.get(key) else { continue };
            let plain = |kind: &Value<'_>| matches!(kind.get_ref().as_str(), Some("lib" | "rlib"));
            if !kinds.get_ref().as_array().is_some_and(|kinds| kinds.iter().all(plain)) {
                self.refuse(
                    Some(&kinds.span()),
                    "a submission is a plain library: `crate-type = [\"lib\"]`",
                );
            }
        }
        let name = self.text_of(library, "name").unwrap_or(default.0);
        let path = self.text_of(library, "path").map_or(default.1, PathBuf::from);
        let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || path.components().count() < 2 {
            let span = library.get("path").map(Spanned::span);
            self.refuse(
                span.as_ref(),
                "the library's root file is in a folder of the package: `src/lib.rs`",
            );
        }
        (name, path)
    }

    /// The dependencies, each with whether it is optional; and the names of the optional ones.
    fn dependencies(&mut self, table: &Table<'_>) -> (Vec<(Dependency, bool)>, BTreeSet<String>) {
        let (mut all, mut optional) = (Vec::new(), BTreeSet::new());
        let Some(dependencies) =
            table.get("dependencies").and_then(|list| list.get_ref().as_table())
        else {
            return (all, optional);
        };
        for (key, value) in dependencies {
            let (dependency, is_optional) = self.dependency(key, value);
            if is_optional {
                optional.insert(dependency.name.clone());
            }
            all.push((dependency, is_optional));
        }
        // As they stand in the file: what is refused first is what a reader meets first.
        all.sort_by_key(|(dependency, _)| dependency.line);
        (all, optional)
    }

    fn dependency(
        &mut self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Value<'_>,
    ) -> (Dependency, bool) {
        let name = key.get_ref().clone().into_owned();
        let line = self.line(&key.span());
        let mut dependency = Dependency {
            line,
            name: name.replace('-', "_"),
            package: name,
            versions: None,
            features: Vec::new(),
            origin: None,
        };
        let table = match value.get_ref() {
            DeValue::String(versions) => {
                dependency.versions = Some(versions.clone().into_owned());
                return (dependency, false);
            }
            DeValue::Table(table) => table,
            _ => {
                self.refuse(Some(&value.span()), "expected a version or a table");
                return (dependency, false);
            }
        };
        dependency.versions = self.text_of(table, "version");
        if let Some(package) = self.text_of(table, "package") {
            dependency.package = package;
        }
        let origins = ["git", "path", "registry", "registry-index", "artifact"];
        dependency.origin = origins.into_iter().find(|key| table.contains_key(*key));
        let features = table.get("features").and_then(|features| features.get_ref().as_array());
        let features = features.into_iter().flat_map(|features| features.iter());
        dependency.features =
            features.filter_map(|feature| Some(feature.get_ref().as_str()?.to_owned())).collect();
        let optional = table.get("optional").is_some_and(|on| on.get_ref().as_bool() == Some(true));
        (dependency, optional)
    }

    /// What the default feature turns on.
    fn features(&mut self, table: &Table<'_>, optional: &BTreeSet<String>) -> Features {
        let mut features = Features::default();
        let Some(declared) = table.get("features").and_then(|all| all.get_ref().as_table()) else {
            return features;
        };
        let mut open = vec!["default".to_owned()];
        while let Some(name) = open.pop() {
            if let Some(dependency) = name.strip_prefix("dep:") {
                features.dependencies.insert(dependency.replace('-', "_"));
            } else if let Some((dependency, feature)) = name.split_once('/') {
                let weak = dependency.ends_with('?');
                let dependency = dependency.trim_end_matches('?').replace('-', "_");
                features.of_dependencies.push((dependency.clone(), feature.to_owned()));
                if !weak {
                    features.dependencies.insert(dependency);
                }
            } else if let Some(value) = declared.get(name.as_str()) {
                let list = value.get_ref().as_array().into_iter().flat_map(|list| list.iter());
                let list: Vec<String> = list
                    .filter_map(|feature| Some(feature.get_ref().as_str()?.to_owned()))
                    .collect();
                if features.on.insert(name) {
                    open.extend(list);
                }
            } else if optional.contains(&name.replace('-', "_")) {
                features.dependencies.insert(name.replace('-', "_"));
                features.on.insert(name);
            } else if name != "default" {
                let span = table.get("features").map(Spanned::span);
                self.refuse(span.as_ref(), format!("the feature `{name}` is not declared"));
            }
        }
        features
    }

    /// The text under `key`, which is refused when it is something else.
    fn text_of(&mut self, table: &Table<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(text.clone().into_owned()),
            // Inherited from a workspace, which has no say here.
            DeValue::Table(_) => None,
            _ => {
                self.refuse(Some(&value.span()), format!("`{key}` is a text"));
                None
            }
        }
    }
}

/// What the default feature turns on.
#[derive(Default)]
struct Features {
    /// Features of the package.
    on: BTreeSet<String>,
    /// Optional dependencies.
    dependencies: BTreeSet<String>,
    /// Features of dependencies.
    of_dependencies: Vec<(String, String)>,
}

impl Features {
    fn uses(&self, optional: &str) -> bool {
        self.dependencies.contains(optional)
    }

    /// `dependency`, with the features that are asked of it by features of the package.
    fn asked_of(&self, mut dependency: Dependency) -> Dependency {
        let asked = self.of_dependencies.iter().filter(|(of, _)| *of == dependency.name);
        dependency.features.extend(asked.map(|(_, feature)| feature.clone()));
        dependency
    }
}

/// The edition that the workspace around `folder` gives its members, where there is one.
pub(crate) fn inherited_edition(folder: &Path) -> Option<String> {
    folder.ancestors().skip(1).find_map(|up| {
        let text = std::fs::read_to_string(up.join(Manifest::FILE)).ok()?;
        let table: toml::Table = text.parse().ok()?;
        Some(table.get("workspace")?.get("package")?.get("edition")?.as_str()?.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Vec<String> {
        let refusals = Manifest::parse(text, None).expect_err("refused");
        refusals.iter().map(Refusal::to_string).collect()
    }

    #[test]
    fn a_plain_package_is_taken() {
        let text = "[package]\nname = 'my-raft'\nversion = '1.2.3'\nedition = '2024'\n\
                    [dependencies]\nserde = { version = '1', features = ['derive'] }\n\
                    json = { package = 'serde_json', version = '1.0' }\n\
                    contracts = { path = '../contracts' }\n[dev-dependencies]\nproptest = '1'\n\
                    [[test]]\nname = 'suites'\nharness = false\n[profile.dev]\nopt-level = 1\n";
        let manifest = Manifest::parse(text, None).expect("taken");
        assert_eq!(manifest.crate_name, "my_raft");
        assert_eq!(manifest.library, Path::new("src/lib.rs"));
        let short: Vec<_> = manifest
            .dependencies
            .iter()
            .map(|one| (one.line, one.name.as_str(), one.package.as_str(), one.origin))
            .collect();
        assert_eq!(
            short,
            [
                (6, "serde", "serde", None),
                (7, "json", "serde_json", None),
                (8, "contracts", "contracts", Some("path"))
            ]
        );
        assert_eq!(manifest.dependencies[0].features, ["derive"]);
    }

    #[test]
    fn what_would_run_or_replace_something_is_refused_by_line() {
        let package = "[package]\nname = 'me'\nedition = '2021'\n";
        let one = |more: &str| refused(&format!("{package}{more}")).join("\n");
        assert_eq!(
            one("build = 'evil.rs'"),
            "Cargo.toml:4: build scripts are refused; remove `build`"
        );
        assert!(one("links = 'z'").starts_with("Cargo.toml:4: native libraries"));
        assert!(
            one("[lib]\nproc-macro = true").starts_with("Cargo.toml:5: a submission is a plain")
        );
        assert!(
            one("[lib]\ncrate-type = ['cdylib']").starts_with("Cargo.toml:5: a submission is a")
        );
        assert!(one("[lib]\npath = '../x/lib.rs'").starts_with("Cargo.toml:5: the library's root"));
        assert!(one("[lib]\npath = '/x/lib.rs'").starts_with("Cargo.toml:5: the library's root"));
        let patch = one("\n[patch.crates-io]\nserde = { path = '.' }");
        assert!(patch.starts_with("Cargo.toml:5: [patch] is refused"), "{patch}");
        assert!(one("[target.'cfg(unix)'.dependencies]").contains(":4: [target] is refused"));
        assert!(
            one("[build-dependencies]\ncc = '1'").contains(":4: [build-dependencies] is refused")
        );
        assert!(one("[wat]").contains(":4: `wat` is not known here"));
        assert!(
            refused("[package]\nname = 'me'\nedition = '1999'")[0].starts_with("Cargo.toml:3: exp")
        );
        assert!(
            refused("[package]\nname = 'a b'")[0].starts_with("Cargo.toml:2: a package's name")
        );
        assert!(refused("[package\n")[0].starts_with("Cargo.toml:1: "));
    }

    #[test]
    fn everything_that_is_refused_is_told_at_once() {
        let text = "[package]\nname = 'me'\nbuild = 'b.rs'\n[patch.x]\n[lib]\nproc-macro = true\n";
        assert_eq!(refused(text).len(), 3);
    }

    #[test]
    fn default_features_turn_on_what_they_say() {
        let text = "[package]\nname = 'me'\n[features]\ndefault = ['fast', 'rand']\n\
                    fast = ['dep:smallvec', 'serde/rc', 'idle?/x']\nslow = ['dep:csv']\n\
                    [dependencies]\nserde = '1'\nsmallvec = { version = '1', optional = true }\n\
                    csv = { version = '1', optional = true }\nrand = { version = '0.10', optional = true }\n";
        let manifest = Manifest::parse(text, None).expect("taken");
        assert_eq!(manifest.features, ["default", "fast", "rand"]);
        let names: Vec<&str> = manifest.dependencies.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["serde", "smallvec", "rand"]);
        assert_eq!(manifest.dependencies[0].features, ["rc"]);
        assert_eq!(refused("[package]\nname = 'me'\n[features]\ndefault = ['x']").len(), 1);
    }

    #[test]
    fn an_inherited_edition_needs_its_workspace() {
        let text = "[package]\nname = 'me'\nedition.workspace = true\n";
        assert_eq!(Manifest::parse(text, Some("2024".into())).expect("taken").edition, "2024");
        assert!(refused(text)[0].starts_with("Cargo.toml:3: the edition is that of a workspace"));
    }
}
