//! The libraries that submissions are linked to: the harness, and all that a submission may depend on.
//!
//! Cargo builds them once, from the toolkit's own lock file, in the toolkit's target folder, and says where each of
//! them is. A submission is then compiled against these files. So the suites are not rebuilt for a submission, and
//! nothing of a submission is seen by cargo.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use semver::{Version, VersionReq};
use serde::Deserialize;

use super::cargo::{Built, Order};
use super::manifest::{Dependency, Manifest, Refusal};
use super::more;
use crate::exit::{Outcome, SETUP, Stop};
use crate::plan::toolkit::Toolkit;
use crate::settings::BuildSettings;
use crate::signals::Interrupt;

/// The package whose dependencies are the list of what a submission may depend on.
pub(super) const SHELF: &str = "shelf";
/// The library with the process that runs a test.
pub(super) const HARNESS: &str = "harness";
/// The reference solutions of all labs.
pub(super) const REFERENCE: &str = "reference";

/// Packages that are the toolkit's own, wherever a submission says that it has them from.
const OWN: &[&str] = &["contracts", "labrpc", "labrt"];

/// The libraries, built.
#[derive(Clone, Debug)]
pub(crate) struct Shelf {
    /// The compiler that built them, and must build what is linked to them.
    pub(crate) compiler: Compiler,
    /// The harness.
    pub(crate) harness: PathBuf,
    /// The reference solutions; none in a toolkit without them.
    pub(crate) reference: Option<PathBuf>,
    /// What a submission may depend on, by package.
    libraries: BTreeMap<String, Library>,
    /// The folder with the files of all of them, and of what they depend on.
    pub(crate) folder: PathBuf,
}

/// The toolchain, without the proxy in front of it, which obeys files in the current folder.
#[derive(Clone, Debug)]
pub(crate) struct Compiler {
    /// Its folder.
    pub(crate) sysroot: PathBuf,
}

impl Compiler {
    /// One of its commands.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.sysroot.join("bin").join(name)
    }
}

/// One of the libraries.
#[derive(Clone, Debug)]
pub(crate) struct Library {
    /// Its file.
    pub(crate) file: PathBuf,
    version: Version,
    /// Features that it was built with.
    features: Vec<String>,
}

impl Shelf {
    /// Builds what is not built yet.
    pub(crate) fn build(
        toolkit: &Toolkit,
        settings: &BuildSettings,
        interrupt: &Interrupt,
    ) -> Outcome<Self> {
        let compiler = compiler(toolkit)?;
        let more = if settings.dependencies.is_empty() {
            None
        } else {
            Some(more::write(toolkit, settings)?)
        };
        let manifest = more.clone().unwrap_or_else(|| toolkit.root().join(Manifest::FILE));
        let reference = toolkit.reference();
        let mut packages = vec![SHELF, HARNESS];
        packages.extend(reference.is_some().then_some(REFERENCE));
        packages.extend(more.is_some().then_some(more::NAME));
        let order = Order {
            what: "the suites",
            manifest: manifest.clone(),
            packages: packages.iter().map(|&name| name.to_owned()).collect(),
            target: toolkit.target(),
        };
        let built = order.carry_out(interrupt)?.map_err(|heard| {
            let (why, details) = heard.told();
            let stop = match more {
                None => Stop::new(SETUP, format!("the toolkit does not build: {why}")),
                Some(_) => Stop::usage(format!(
                    "what grader.toml adds in [build.dependencies] does not build: {why}"
                )),
            };
            stop.with_details(details)
        })?;
        let file = |package: &str| built.find(package, None).map(|library| library.file.clone());
        let missing = || Stop::new(SETUP, "cargo built no `harness` in the toolkit");
        let harness = file(HARNESS).ok_or_else(missing)?;
        let lock = Lock::read(&manifest.with_file_name("Cargo.lock"))?;
        let mut libraries = lock.dependencies_of(SHELF, &built);
        libraries.extend(lock.dependencies_of(more::NAME, &built));
        libraries.retain(|package, _| ![SHELF, HARNESS, REFERENCE].contains(&package.as_str()));
        let folder = toolkit.target().join("release/deps");
        Ok(Self { compiler, harness, reference: file(REFERENCE), libraries, folder })
    }

    /// The file of what `dependency` asks for.
    ///
    /// # Errors
    /// When it is not on the shelf, or only in another version or without a feature.
    pub(crate) fn find(&self, dependency: &Dependency) -> Result<&Library, Refusal> {
        let Dependency { package, line, .. } = dependency;
        let refuse = |why| Refusal { file: Manifest::FILE.into(), line: Some(*line), why };
        let Some(library) = self.libraries.get(package) else {
            let names: Vec<&str> = self.libraries.keys().map(String::as_str).collect();
            return Err(refuse(format!(
                "a submission may not depend on `{package}`; it may on {}",
                names.join(", ")
            )));
        };
        if OWN.contains(&package.as_str()) {
            return Ok(library);
        }
        if let Some(origin) = dependency.origin {
            return Err(refuse(format!(
                "`{package}` is the one that everybody knows; remove `{origin}`"
            )));
        }
        let version = &library.version;
        if let Some(versions) = &dependency.versions {
            let wanted = VersionReq::parse(versions)
                .map_err(|error| refuse(format!("`{versions}` is no version: {error}")))?;
            if !wanted.matches(version) {
                return Err(refuse(format!(
                    "`{package}` is there in version {version}, which is not `{versions}`"
                )));
            }
        }
        match dependency.features.iter().find(|feature| !library.features.contains(feature)) {
            None => Ok(library),
            Some(feature) => Err(refuse(format!(
                "`{package}` is there without its feature `{feature}`; with {}",
                if library.features.is_empty() {
                    "none".into()
                } else {
                    library.features.join(", ")
                }
            ))),
        }
    }
}

/// Asks for the toolchain that cargo uses in the toolkit.
fn compiler(toolkit: &Toolkit) -> Outcome<Compiler> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let failed = |why: String| Stop::new(SETUP, format!("cannot run rustc: {why}"));
    let answer = Command::new(&rustc)
        .args(["--print", "sysroot"])
        .current_dir(toolkit.root())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    let sysroot = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    if !answer.status.success() || sysroot.is_empty() {
        return Err(failed(String::from_utf8_lossy(&answer.stderr).trim().to_owned()));
    }
    Ok(Compiler { sysroot: PathBuf::from(sysroot) })
}

/// A `Cargo.lock`: which version each package uses of another.
#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Lock {
    fn read(file: &Path) -> Outcome<Self> {
        let failed =
            |why: String| Stop::new(SETUP, format!("cannot read {}: {why}", file.display()));
        let text = std::fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
        toml::from_str(&text).map_err(|error| failed(error.message().to_owned()))
    }

    /// What `package` depends on, as far as it was built.
    fn dependencies_of(&self, package: &str, built: &Built) -> BTreeMap<String, Library> {
        let locked = self.package.iter().find(|locked| locked.name == package);
        let dependencies = locked.into_iter().flat_map(|locked| &locked.dependencies);
        let library = |dependency: &String| {
            // The version stands there only where there are several.
            let mut words = dependency.split(' ');
            let (name, version) = (words.next()?, words.next());
            let is_it = |one: &&Locked| {
                one.name == name && version.is_none_or(|version| one.version == version)
            };
            let version = &self.package.iter().find(is_it)?.version;
            let artifact = built.find(name, Some(version))?;
            let library = Library {
                file: artifact.file.clone(),
                version: Version::parse(version).ok()?,
                features: artifact.features.clone(),
            };
            Some((name.to_owned(), library))
        };
        dependencies.filter_map(library).collect()
    }
}
