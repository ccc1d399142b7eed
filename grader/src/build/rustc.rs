//! One call of the compiler.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::diagnosis::{Diagnosis, Diagnostic};
use super::shelf::Compiler;
use crate::exit::{Outcome, SETUP, Stop};
use crate::process::{self, End, Line};
use crate::signals::Interrupt;
use crate::terminal;

/// Wall time for one call; the reference Raft takes three seconds. Some programs keep a compiler busy for ever.
const PATIENCE: Duration = Duration::from_mins(2);

/// What is to be compiled.
pub(super) struct Call<'a> {
    /// The toolchain.
    pub(super) compiler: &'a Compiler,
    /// The folder that it works in, which is the only one that it may write to.
    pub(super) folder: &'a Path,
    /// Where the libraries are.
    pub(super) libraries: &'a Path,
    /// Its arguments.
    pub(super) arguments: Vec<OsString>,
    /// Variables that the source may read.
    pub(super) variables: Vec<(&'static str, String)>,
}

/// Why there is nothing to run.
pub(super) enum Trouble {
    /// What the compiler said of the source.
    Errors(Diagnosis),
    /// What it said of other things, or how it ended.
    Other(String),
}

impl Trouble {
    /// The first error in short, and all of them as the compiler shows them.
    pub(super) fn told(&self) -> (String, String) {
        match self {
            Self::Other(why) => (why.clone(), String::new()),
            Self::Errors(diagnosis) => {
                let first = diagnosis.first().unwrap_or_default();
                let short = match diagnosis.count() {
                    0 | 1 => first.to_owned(),
                    many => format!("{first} (and {} more)", many - 1),
                };
                (short, diagnosis.rendered())
            }
        }
    }
}

impl Call<'_> {
    /// Runs the compiler.
    pub(super) fn carry_out(self, interrupt: &Interrupt) -> Outcome<Result<(), Trouble>> {
        let (mut diagnosis, mut words) = (Diagnosis::default(), Vec::new());
        let mut command = self.command();
        let end = process::run(&mut command, interrupt, Some(PATIENCE), |line| match line {
            Line::Out(_) => {}
            Line::Err(line) => match serde_json::from_str::<Diagnostic>(&line) {
                Ok(diagnostic) => diagnosis.hear(diagnostic),
                Err(_) => words.push(line),
            },
        });
        let trouble = match end {
            Err(error) => {
                return Err(Stop::new(SETUP, format!("cannot run the compiler: {error}")));
            }
            Ok(End::Interrupted) => return Err(interrupt.stop()),
            Ok(End::Exited(status)) if status.success() => return Ok(Ok(())),
            Ok(End::TimedOut) => {
                Trouble::Other(format!("the compiler was not done after {} s", PATIENCE.as_secs()))
            }
            Ok(End::Exited(_)) if !diagnosis.is_empty() => Trouble::Errors(diagnosis),
            Ok(End::Exited(status)) => {
                let said = words.iter().rev().find(|line| !line.trim().is_empty());
                let said = said.map_or_else(String::new, |line| format!(": {}", line.trim()));
                Trouble::Other(format!("the compiler ended with {status}{said}"))
            }
        };
        Ok(Err(trouble))
    }

    /// With nothing of our environment but what a linker needs.
    fn command(&self) -> Command {
        let colors: &[&str] = if terminal::stderr_has_colors() {
            &["--json", "diagnostic-rendered-ansi"]
        } else {
            &[]
        };
        let mut command = Command::new(self.compiler.tool("rustc"));
        command.env_clear();
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("TMPDIR", self.folder);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.folder);
        command.args(["--error-format", "json"]).args(colors);
        command.args(&self.arguments).arg("-L").arg(in_folder("dependency", self.libraries));
        command
    }
}

/// `kind=path`, as the compiler wants it.
pub(super) fn in_folder(kind: &str, path: &Path) -> OsString {
    let mut word = OsString::from(kind);
    word.push("=");
    word.push(path);
    word
}

/// `--extern name=file`.
pub(super) fn link_to(name: &str, file: &Path) -> [OsString; 2] {
    ["--extern".into(), in_folder(name, file)]
}

/// How everything that stands on the shelf is compiled. Two units are compiled side by side; with more, what
/// is generic is compiled in each of them.
pub(super) fn flags(edition: &str) -> Vec<OsString> {
    let flags = ["-C", "opt-level=3", "-C", "codegen-units=2", "-C", "debuginfo=line-tables-only"];
    let edition = format!("--edition={edition}");
    flags.into_iter().map(OsString::from).chain([edition.into()]).collect()
}

/// A flag and what it is set to.
pub(super) fn option(flag: &str, value: impl Into<OsString>) -> [OsString; 2] {
    [flag.into(), value.into()]
}

/// Where the debugging information says that the files of `folder` are.
pub(super) fn as_if_in(folder: &Path, place: &Path) -> [OsString; 2] {
    let mut word = folder.as_os_str().to_owned();
    word.push("=");
    word.push(place);
    option("--remap-path-prefix", word)
}

/// The file of a library of that name in `folder`.
pub(super) fn library_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("lib{name}.rlib"))
}
