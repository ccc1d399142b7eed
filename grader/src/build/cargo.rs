//! One call of `cargo build`, for packages of the toolkit.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

use super::diagnosis::{Diagnosis, Diagnostic};
use crate::exit::{Outcome, SETUP, Stop};
use crate::plan::toolkit::Toolkit;
use crate::process::{self, End, Line};
use crate::signals::Interrupt;
use crate::terminal::{self, Activity};

/// What cargo says, as far as it matters here.
#[derive(Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-artifact")]
    Artifact {
        package_id: String,
        target: Target,
        profile: Profile,
        features: Vec<String>,
        filenames: Vec<PathBuf>,
        executable: Option<PathBuf>,
    },
    #[serde(rename = "compiler-message")]
    Diagnosis { message: Diagnostic },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Profile {
    opt_level: String,
}

/// What cargo built.
#[derive(Debug, Default)]
pub(super) struct Built {
    libraries: Vec<Artifact>,
    /// The executables, by name.
    executables: Vec<(String, PathBuf)>,
}

/// A library that cargo built.
#[derive(Debug)]
pub(super) struct Artifact {
    package: String,
    version: String,
    /// Its file.
    pub(super) file: PathBuf,
    /// Features that it was built with.
    pub(super) features: Vec<String>,
    /// Whether it was optimized, as all that programs are linked to.
    optimized: bool,
}

impl Built {
    /// The library of a package; in this version where there are several.
    ///
    /// What build scripts and macros use of a package is built apart, with features of its own and not optimized. It is
    /// taken only where there is no other.
    pub(super) fn find(&self, package: &str, version: Option<&str>) -> Option<&Artifact> {
        let is_it = |library: &&Artifact| {
            library.package == package && version.is_none_or(|version| library.version == version)
        };
        self.libraries.iter().filter(is_it).max_by_key(|library| library.optimized)
    }
}

/// What was heard of one build.
#[derive(Default)]
pub(super) struct Heard {
    built: Built,
    /// What the compiler said.
    diagnosis: Diagnosis,
    /// What cargo itself said.
    cargo: Vec<String>,
}

/// Builds a command of the toolkit: the executable of the package of that name.
pub(super) fn build_command(
    name: &str,
    toolkit: &Toolkit,
    interrupt: &Interrupt,
) -> Outcome<PathBuf> {
    let order = Order {
        what: name,
        manifest: toolkit.root().join(name).join("Cargo.toml"),
        packages: vec![name.to_owned()],
        target: toolkit.target(),
    };
    let failed = |why| Stop::new(SETUP, format!("the toolkit's `{name}` does not build: {why}"));
    let built = order.carry_out(interrupt)?.map_err(|heard| {
        let (why, details) = heard.told();
        failed(why).with_details(details)
    })?;
    let executable = built.executables.into_iter().find(|(executable, _)| executable == name);
    executable.map(|(_, file)| file).ok_or_else(|| failed("cargo built none".to_owned()))
}

/// What cargo is to build.
pub(super) struct Order<'a> {
    /// What people call it.
    pub(super) what: &'a str,
    /// The `Cargo.toml` of the package or workspace.
    pub(super) manifest: PathBuf,
    /// The packages.
    pub(super) packages: Vec<String>,
    /// Where to.
    pub(super) target: PathBuf,
}

impl Order<'_> {
    /// Runs cargo; what it built, or what was heard when it did not.
    pub(super) fn carry_out(self, interrupt: &Interrupt) -> Outcome<Result<Built, Heard>> {
        let mut activity = Activity::new(format!("building {}", self.what));
        let mut heard = Heard::default();
        let end = process::run(&mut self.command(), interrupt, None, |line| match line {
            Line::Out(line) => heard.message(&line),
            Line::Err(line) => {
                let line = line.trim();
                if line.starts_with("Compiling") || line.starts_with("Blocking") {
                    activity.at(line);
                }
                heard.cargo.push(line.to_owned());
            }
        });
        drop(activity);
        match end {
            Err(error) => Err(Stop::new(SETUP, format!("cannot run cargo: {error}"))),
            Ok(End::Interrupted | End::TimedOut) => Err(interrupt.stop()),
            Ok(End::Exited(status)) => {
                Ok(if status.success() { Ok(heard.built) } else { Err(heard) })
            }
        }
    }

    fn command(&self) -> Command {
        let format =
            if terminal::stderr_has_colors() { "json-diagnostic-rendered-ansi" } else { "json" };
        let mut command = Command::new(program());
        command.args(["build", "--release", "--message-format", format, "--manifest-path"]);
        command.arg(&self.manifest).arg("--target-dir").arg(&self.target);
        for package in &self.packages {
            command.args(["-p", package]);
        }
        command
    }
}

/// The cargo that started us, else the one in the path.
fn program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"))
}

impl Heard {
    fn message(&mut self, line: &str) {
        match serde_json::from_str(line) {
            Ok(Message::Artifact {
                package_id,
                target,
                profile,
                features,
                filenames,
                executable,
            }) => {
                let Built { libraries, executables } = &mut self.built;
                executables.extend(executable.map(|file| (target.name, file)));
                if let (Some(file), Some((package, version))) =
                    (library(&filenames), name_and_version(&package_id))
                {
                    let optimized = profile.opt_level != "0";
                    libraries.push(Artifact { package, version, file, features, optimized });
                }
            }
            Ok(Message::Diagnosis { message }) => self.diagnosis.hear(message),
            _ => {}
        }
    }

    /// The first error in short, and all that the compiler said, or else cargo.
    pub(super) fn told(self) -> (String, String) {
        let details = if self.diagnosis.is_empty() {
            self.cargo.join("\n") + "\n"
        } else {
            self.diagnosis.rendered()
        };
        let first = self.diagnosis.first().map(str::to_owned).or_else(|| {
            let own = self.cargo.iter().find_map(|line| line.strip_prefix("error: "));
            own.map(str::to_owned)
        });
        (first.unwrap_or_else(|| "cargo failed without a word".to_owned()), details)
    }
}

/// The library among an artifact's files.
///
/// What cargo puts beside its executables has no hash in its name: another build, with other features, puts its own in
/// that place, and programs of a session that has begun would be linked to that. The one with a hash stays.
fn library(files: &[PathBuf]) -> Option<PathBuf> {
    let is = |file: &&PathBuf, kinds: &[&str]| {
        file.extension().is_some_and(|extension| kinds.iter().any(|kind| extension == *kind))
    };
    let hashed =
        files.iter().find(|file| is(file, &["rmeta"])).map(|file| file.with_extension("rlib"));
    let listed = files.iter().find(|file| is(file, &["rlib", "so"])).cloned();
    hashed.filter(|file| file.exists()).or(listed)
}

/// A package's name and version from its id: `…#serde@1.0.2`, or `…/harness#0.1.0`.
fn name_and_version(id: &str) -> Option<(String, String)> {
    let (place, fragment) = id.rsplit_once('#')?;
    let (name, version) = match fragment.split_once('@') {
        Some(both) => both,
        None => (place.rsplit('/').next()?, fragment),
    };
    Some((name.to_owned(), version.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_build_script_uses_is_not_what_a_program_is_linked_to() {
        let artifact = |file: &str, opt_level: &str, features: &str| {
            format!(
                r#"{{"reason":"compiler-artifact","package_id":"registry+x#big@1.0.0","target":{{"name":"big"}},
                "profile":{{"opt_level":"{opt_level}"}},"features":[{features}],"filenames":["{file}"],"executable":null}}"#
            )
        };
        let (script, program) =
            (artifact("a.rlib", "0", ""), artifact("b.rlib", "3", r#""with-bytes""#));
        for order in [[&script, &program], [&program, &script]] {
            let mut heard = Heard::default();
            for line in order {
                heard.message(line);
            }
            let found = heard.built.find("big", Some("1.0.0")).expect("built");
            assert_eq!((found.file.to_str(), found.features.len()), (Some("b.rlib"), 1));
        }
    }

    #[test]
    fn a_library_is_the_file_that_no_other_build_replaces() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name);
        let (shown, meta) = (file("libharness.rlib"), file("libharness-0a1b.rmeta"));
        let files = [shown.clone(), meta];
        assert_eq!(library(&files), Some(shown));
        let hashed = file("libharness-0a1b.rlib");
        std::fs::write(&hashed, "").expect("written");
        assert_eq!(library(&files), Some(hashed));
        assert_eq!(library(&[file("libderive-2c.so")]), Some(file("libderive-2c.so")));
        assert_eq!(library(&[file("harness")]), None);
    }

    #[test]
    fn a_package_id_has_a_name_and_a_version() {
        let read = |id| name_and_version(id).expect("an id");
        let pair = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        assert_eq!(read("registry+https://example.org/index#serde@1.0.2"), pair("serde", "1.0.2"));
        assert_eq!(read("path+file:///a/harness#0.1.0"), pair("harness", "0.1.0"));
        assert_eq!(read("path+file:///a/b#harness@0.1.0"), pair("harness", "0.1.0"));
    }
}
