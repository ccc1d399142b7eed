//! From a submission's sources to the program that runs its tests.
//!
//! ```text
//! sources ─► refusals? ─► known already? ─► staged ─► compiled ─► linked ─► kept under its key
//! ```
//!
//! The key is a hash of all that the program is made of, so a program never changes under whoever uses it, and a
//! class does not build the same thing twice.

use std::ffi::OsString;
use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use confine::Sandbox;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::manifest::{Manifest, Refusal};
use super::rustc::{self, Call, Trouble, as_if_in, in_folder, library_file, link_to, option};
use super::shelf::Shelf;
use super::sources::Sources;
use crate::exit::{BUILD_FAILED, Outcome, SETUP, Stop};
use crate::plan::submission::Package;
use crate::plan::toolkit::Toolkit;
use crate::settings::BuildSettings;
use crate::signals::Interrupt;
use crate::terminal::Activity;

/// All that is needed to build submissions.
pub(crate) struct Workshop<'a> {
    /// The toolkit.
    pub(crate) toolkit: &'a Toolkit,
    /// The libraries to link to.
    pub(crate) shelf: &'a Shelf,
    /// How the compiler is confined.
    pub(crate) sandbox: &'a Sandbox,
    /// What the course allows.
    pub(crate) settings: &'a BuildSettings,
    /// When to stop.
    pub(crate) interrupt: &'a Interrupt,
    /// Whether to show what is being done.
    pub(crate) shows: bool,
}

/// What a program is made of.
struct Parts {
    /// What people call it, and what its folder is called.
    name: String,
    /// Sources to be compiled to the submission's library; none when it is there already.
    sources: Option<Sources>,
    /// Libraries that the sources use: name in the source, file.
    uses: Vec<(String, PathBuf)>,
    /// The submission's library, where it is there already.
    library: Option<PathBuf>,
    /// Files that a test may want to look at: their paths in the debugging information, and their texts. Paths
    /// relative to the program's folder are completed.
    shown: Vec<(PathBuf, String)>,
}

/// Name of the program in its folder, and of the folder with the sources beside it.
const PROGRAM: &str = "harness";
const SOURCE: &str = "source";

/// A change here makes every program anew.
const KEY_VERSION: u8 = 1;

/// Programs that nobody used for so long are removed.
const KEPT: Duration = Duration::from_hours(7 * 24);

impl Workshop<'_> {
    /// The program of the submission in `package`.
    pub(crate) fn program(&self, package: &Package) -> Outcome<PathBuf> {
        let refused = |refusals: Vec<Refusal>| refused(package, &refusals);
        let sources = Sources::read(&package.path).map_err(refused)?;
        let uses = self.uses(&sources).map_err(refused)?;
        let shown =
            sources.files.iter().map(|(file, text)| (Path::new(SOURCE).join(file), text.clone()));
        let parts = Parts {
            name: sources.manifest.name.clone(),
            shown: shown.collect(),
            sources: Some(sources),
            uses,
            library: None,
        };
        self.make(&parts)?.map_err(|trouble| does_not_build(package, trouble))
    }

    /// The program of a submission that implements nothing: it knows the suites.
    pub(crate) fn blank(&self) -> Outcome<PathBuf> {
        let text = "[package]\nname = \"nothing\"\nedition = \"2024\"\n[dependencies]\ncontracts = \"*\"\n";
        let library = "pub fn submission() -> contracts::Submission {\n    \
                       contracts::Submission::new(\"nothing\")\n}\n";
        let manifest = Manifest::parse(text, None).expect("a plain manifest");
        let files = vec![
            (Manifest::FILE.into(), text.to_owned()),
            (manifest.library.clone(), library.to_owned()),
        ];
        let sources = Sources { manifest, files, rustfmt: None };
        let broken =
            |why: String| Stop::new(SETUP, format!("the toolkit's suites do not link: {why}"));
        let uses = self.uses(&sources).map_err(|refusals| broken(refusals[0].to_string()))?;
        let parts = Parts {
            name: "nothing".into(),
            sources: Some(sources),
            uses,
            library: None,
            shown: Vec::new(),
        };
        self.make(&parts)?.map_err(|trouble| {
            let (why, details) = trouble.told();
            broken(why).with_details(details)
        })
    }

    /// The program of the toolkit's own solutions.
    pub(crate) fn reference(&self) -> Outcome<PathBuf> {
        let missing = || Stop::new(SETUP, "this toolkit has no reference solutions");
        let library = self.shelf.reference.clone().ok_or_else(missing)?;
        // The only sources that a test looks at.
        let folder = self.toolkit.root().join("weather");
        let sources = Sources::read(&folder).map(|sources| sources.files).unwrap_or_default();
        let parts = Parts {
            name: "reference".into(),
            sources: None,
            uses: Vec::new(),
            library: Some(library),
            shown: sources.into_iter().map(|(file, text)| (folder.join(file), text)).collect(),
        };
        self.make(&parts)?.map_err(|trouble| {
            let (why, details) = trouble.told();
            Stop::new(SETUP, format!("the toolkit's reference does not link: {why}"))
                .with_details(details)
        })
    }

    /// Where the libraries are that `sources` uses.
    pub(super) fn uses(&self, sources: &Sources) -> Result<Vec<(String, PathBuf)>, Vec<Refusal>> {
        let (mut uses, mut refusals) = (Vec::new(), Vec::new());
        for dependency in &sources.manifest.dependencies {
            match self.shelf.find(dependency) {
                Ok(library) => uses.push((dependency.name.clone(), library.file.clone())),
                Err(refusal) => refusals.push(refusal),
            }
        }
        if refusals.is_empty() { Ok(uses) } else { Err(refusals) }
    }

    /// The program, made unless it is there.
    fn make(&self, parts: &Parts) -> Outcome<Result<PathBuf, Trouble>> {
        let failed = |error: io::Error| {
            let folder = self.toolkit.target();
            Stop::new(SETUP, format!("cannot build in {}: {error}", folder.display()))
        };
        let all = self.toolkit.target().join("grader/programs");
        std::fs::create_dir_all(&all).map_err(failed)?;
        let folder = all.join(format!("{}-{}", parts.name, self.key(parts).map_err(failed)?));
        let program = folder.join(PROGRAM);
        if program.is_file() {
            touch(&folder);
            return Ok(Ok(program));
        }
        prune(&all);
        let stage =
            tempfile::Builder::new().prefix("building-").tempdir_in(&all).map_err(failed)?;
        let staged = Stage { workshop: self, parts, here: stage.path(), folder: &folder };
        if let Err(trouble) = staged.build()? {
            return Ok(Err(trouble));
        }
        keep(stage, &folder).map_err(failed)?;
        Ok(Ok(program))
    }

    /// A hash of everything that the program is made of.
    fn key(&self, parts: &Parts) -> io::Result<String> {
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        add(&[KEY_VERSION, u8::from(self.settings.allow_unsafe)]);
        // What a compiler that is not confined has read, a confined one might not have.
        add(self.sandbox.mode().to_string().as_bytes());
        add(self.shelf.compiler.sysroot.as_os_str().as_encoded_bytes());
        let libraries = parts.uses.iter().map(|(_, file)| file).chain(&parts.library);
        for file in libraries.chain([&self.shelf.harness]) {
            let found = file.metadata()?;
            let changed =
                found.modified()?.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            add(file.as_os_str().as_encoded_bytes());
            add(&found.len().to_le_bytes());
            add(&changed.as_nanos().to_le_bytes());
        }
        for (name, _) in &parts.uses {
            add(name.as_bytes());
        }
        for (file, text) in &parts.shown {
            add(file.as_os_str().as_encoded_bytes());
            add(text.as_bytes());
        }
        let mut key = String::new();
        for byte in &hash.finalize()[..8] {
            let _ = write!(key, "{byte:02x}");
        }
        Ok(key)
    }
}

/// A program in the making.
struct Stage<'a> {
    workshop: &'a Workshop<'a>,
    parts: &'a Parts,
    /// Where it is made.
    here: &'a Path,
    /// Where it will be.
    folder: &'a Path,
}

impl Stage<'_> {
    fn build(&self) -> Outcome<Result<(), Trouble>> {
        let mut activity = if self.workshop.shows {
            Activity::new(format!("building `{}`", self.parts.name))
        } else {
            Activity::unseen()
        };
        self.write().map_err(|error| {
            let here = self.here.display();
            Stop::new(SETUP, format!("cannot write the sources to {here}: {error}"))
        })?;
        let library = match (&self.parts.sources, &self.parts.library) {
            (Some(sources), _) => {
                activity.at("compiling");
                if let Err(trouble) = self.compile(sources)? {
                    return Ok(Err(trouble));
                }
                library_file(self.here, &sources.manifest.crate_name)
            }
            (None, Some(library)) => library.clone(),
            (None, None) => unreachable!("a program has sources or a library"),
        };
        activity.at("linking");
        self.link(&library)
    }

    /// Writes the submission's sources and the program's `main`.
    fn write(&self) -> io::Result<()> {
        let source = self.here.join(SOURCE);
        std::fs::create_dir(&source)?;
        if let Some(sources) = &self.parts.sources {
            sources.write(&source)?;
        }
        std::fs::write(self.here.join("main.rs"), self.main_rs())
    }

    fn main_rs(&self) -> String {
        let mut text = String::from(
            "fn main() -> std::process::ExitCode {\n    \
             harness::graded(submission::submission, SOURCES)\n}\n\n\
             const SOURCES: &[(&str, &str)] = &[\n",
        );
        for (file, source) in &self.parts.shown {
            // An absolute path stays what it is.
            let file = self.folder.join(file);
            let _ = writeln!(text, "    ({:?}, {source:?}),", file.to_string_lossy());
        }
        text + "];\n"
    }

    /// Compiles the submission's library.
    fn compile(&self, sources: &Sources) -> Outcome<Result<(), Trouble>> {
        let Parts { uses, .. } = self.parts;
        let mut arguments = rustc::messages();
        arguments.extend(library_arguments(sources, uses, self.workshop));
        arguments.extend(option("--emit", "link"));
        arguments.extend(option("--out-dir", self.here));
        arguments.extend(as_if_in(self.here, self.folder));
        self.call(&self.here.join(SOURCE), arguments, &variables(&sources.manifest))
    }

    fn link(&self, library: &Path) -> Outcome<Result<(), Trouble>> {
        let shelf = self.workshop.shelf;
        let mut arguments = rustc::messages();
        arguments.extend(rustc::flags("2024"));
        arguments.extend(option("--crate-name", PROGRAM));
        arguments.extend(option("--crate-type", "bin"));
        arguments.extend(option("-o", self.here.join(PROGRAM)));
        arguments.extend(option("-L", in_folder("dependency", &shelf.folder)));
        arguments.extend(link_to("harness", &shelf.harness));
        arguments.extend(link_to("submission", library));
        arguments.push("main.rs".into());
        self.call(self.here, arguments, &[])
    }

    fn call(
        &self,
        folder: &Path,
        arguments: Vec<OsString>,
        variables: &[(&'static str, String)],
    ) -> Outcome<Result<(), Trouble>> {
        let Workshop { shelf, sandbox, interrupt, .. } = self.workshop;
        let libraries = self.parts.uses.iter().map(|(_, file)| file).chain(&self.parts.library);
        let call = Call {
            tool: "rustc",
            compiler: &shelf.compiler,
            sandbox,
            folder,
            output: self.here,
            libraries: &shelf.folder,
            reads: libraries.chain([&shelf.harness]).cloned().collect(),
            arguments,
            variables,
        };
        call.carry_out(interrupt)
    }
}

/// With what the library of a submission is compiled, by whatever looks at it.
pub(super) fn library_arguments(
    sources: &Sources,
    uses: &[(String, PathBuf)],
    workshop: &Workshop<'_>,
) -> Vec<OsString> {
    let manifest = &sources.manifest;
    let mut arguments = rustc::flags(&manifest.edition);
    arguments.extend(option("--crate-name", &manifest.crate_name));
    arguments.extend(option("--crate-type", "lib"));
    arguments.extend(option("-C", "metadata=submission"));
    arguments.extend(option("-L", in_folder("dependency", &workshop.shelf.folder)));
    if !workshop.settings.allow_unsafe {
        arguments.extend(option("-F", UNSAFE));
    }
    for feature in &manifest.features {
        arguments.extend(option("--cfg", format!("feature={feature:?}")));
    }
    for (name, file) in uses {
        arguments.extend(link_to(name, file));
    }
    arguments.push(manifest.library.clone().into());
    arguments
}

/// The lint that finds unsafe code.
const UNSAFE: &str = "unsafe_code";
/// What the compiler calls a name that it does not find.
const NOT_FOUND: &[&str] = &["E0425", "E0603"];

/// The variables that cargo sets for a package that it builds, as far as they say something of it.
pub(super) fn variables(manifest: &Manifest) -> Vec<(&'static str, String)> {
    let version: Vec<&str> = manifest.version.split(['.', '-', '+']).collect();
    let part = |index: usize| version.get(index).copied().unwrap_or("0").to_owned();
    vec![
        ("CARGO_PKG_NAME", manifest.name.clone()),
        ("CARGO_PKG_VERSION", manifest.version.clone()),
        ("CARGO_PKG_VERSION_MAJOR", part(0)),
        ("CARGO_PKG_VERSION_MINOR", part(1)),
        ("CARGO_PKG_VERSION_PATCH", part(2)),
        ("CARGO_CRATE_NAME", manifest.crate_name.clone()),
    ]
}

/// The end of a command whose submission asks for what it may not have.
pub(super) fn refused(package: &Package, refusals: &[Refusal]) -> Stop {
    let Package { name, path } = package;
    let (why, details) = match refusals {
        [one] => (one.to_string(), String::new()),
        many => {
            let all: Vec<String> = many.iter().map(Refusal::to_string).collect();
            (format!("{} things are refused", many.len()), all.join("\n") + "\n")
        }
    };
    let message = format!("`{name}` in {} is not built: {why}", path.display());
    Stop::new(BUILD_FAILED, message).with_details(details)
}

/// The end of a command whose submission does not compile.
fn does_not_build(package: &Package, trouble: Trouble) -> Stop {
    let Package { name, path } = package;
    let (mut why, details) = trouble.told();
    let is = |code: &&str| matches!(&trouble, Trouble::Errors(diagnosis) if diagnosis.has(code));
    if is(&UNSAFE) {
        why += "; this course takes no unsafe code";
    } else if NOT_FOUND.iter().any(is) && why.contains("submission") {
        why += "; its lib.rs needs `pub fn submission() -> contracts::Submission`";
    }
    let message = format!("`{name}` in {} does not build: {why}", path.display());
    Stop::new(BUILD_FAILED, message).with_details(details)
}

/// Moves what was made to its place; somebody else may have made the same meanwhile.
fn keep(stage: TempDir, folder: &Path) -> io::Result<()> {
    let path = stage.keep();
    match std::fs::rename(&path, folder) {
        Err(_) if folder.join(PROGRAM).is_file() => std::fs::remove_dir_all(&path),
        moved => moved,
    }
}

/// Marks a program as used just now. Where that fails it is made again sooner than need be.
fn touch(folder: &Path) {
    let _ = std::fs::File::open(folder).and_then(|folder| folder.set_modified(SystemTime::now()));
}

/// Removes programs that nobody used for long, and what was left in the making. What cannot be removed stays.
fn prune(all: &Path) {
    for entry in std::fs::read_dir(all).into_iter().flatten().flatten() {
        let used = entry.metadata().and_then(|found| found.modified());
        let old = used.is_ok_and(|used| used.elapsed().is_ok_and(|since| since > KEPT));
        if old {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
