//! One call of a tool of the toolchain: the compiler, its linter, its formatter.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use confine::{Job, Limits, Rules, Sandbox};

use super::diagnosis::{Diagnosis, Diagnostic};
use super::shelf::Compiler;
use crate::exit::{Outcome, SETUP, Stop};
use crate::process::{self, End, Line};
use crate::signals::Interrupt;
use crate::terminal;

/// Wall time for one call; the reference Raft takes three seconds. Some programs keep a compiler busy for ever.
const PATIENCE: Duration = Duration::from_mins(2);

/// What is to be done.
pub(super) struct Call<'a> {
    /// The tool: `rustc`, `clippy-driver`, `rustfmt`.
    pub(super) tool: &'a str,
    /// The toolchain.
    pub(super) compiler: &'a Compiler,
    /// How it is confined: the source may name any file, and may be written to keep a compiler busy.
    pub(super) sandbox: &'a Sandbox,
    /// The folder that it works in.
    pub(super) folder: &'a Path,
    /// The only folder that it may write to.
    pub(super) output: &'a Path,
    /// Where the libraries are.
    pub(super) libraries: &'a Path,
    /// Further files that it reads.
    pub(super) reads: Vec<PathBuf>,
    /// Its arguments.
    pub(super) arguments: Vec<OsString>,
    /// Variables that the source may read.
    pub(super) variables: &'a [(&'static str, String)],
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

/// How a tool ended that was neither interrupted nor refused.
pub(super) enum Ended {
    /// By itself.
    Exited(ExitStatus),
    /// It was not done within its time.
    TimedOut,
}

impl Call<'_> {
    /// Runs the compiler.
    pub(super) fn carry_out(&self, interrupt: &Interrupt) -> Outcome<Result<(), Trouble>> {
        let (mut diagnosis, mut words) = (Diagnosis::default(), Vec::new());
        let ended = self.run(Stdio::null(), interrupt, |line| match line {
            Line::Out(_) => {}
            Line::Err(line) => match serde_json::from_str::<Diagnostic>(&line) {
                Ok(diagnostic) => diagnosis.hear(diagnostic),
                Err(_) => words.push(line),
            },
        })?;
        let trouble = match ended {
            Ended::Exited(status) if status.success() => return Ok(Ok(())),
            Ended::Exited(_) if !diagnosis.is_empty() => Trouble::Errors(diagnosis),
            Ended::Exited(status) => {
                let said = words.iter().rev().find(|line| !line.trim().is_empty());
                let said = said.map_or_else(String::new, |line| format!(": {}", line.trim()));
                Trouble::Other(format!("the compiler ended with {status}{said}"))
            }
            Ended::TimedOut => {
                Trouble::Other(format!("the compiler was not done after {} s", PATIENCE.as_secs()))
            }
        };
        Ok(Err(trouble))
    }

    /// Runs the tool, and hands over what it prints, line by line.
    pub(super) fn run(
        &self,
        stdin: Stdio,
        interrupt: &Interrupt,
        mut on_line: impl FnMut(Line),
    ) -> Outcome<Ended> {
        let failed = |why: String| Stop::new(SETUP, format!("cannot run {}: {why}", self.tool));
        let job = self.job().map_err(|error| failed(error.to_string()))?;
        let mut first_word = None;
        let end =
            process::run_with(&mut self.command(&job), stdin, interrupt, Some(PATIENCE), |line| {
                if let Line::Err(line) = &line {
                    first_word.get_or_insert_with(|| line.clone());
                }
                on_line(line);
            });
        match end.map_err(|error| failed(error.to_string()))? {
            End::Interrupted => Err(interrupt.stop()),
            End::TimedOut => Ok(Ended::TimedOut),
            End::Exited(status) => match first_word.as_deref().and_then(|word| job.refusal(word)) {
                Some(why) if !status.success() => Err(failed(why.to_owned())),
                _ => Ok(Ended::Exited(status)),
            },
        }
    }

    /// Under a user id of its own, if that one reaches the compiler and all that it needs.
    fn job(&self) -> io::Result<Job> {
        let needs: [&Path; 3] = [&self.compiler.sysroot, self.libraries, self.output];
        let reached = needs.iter().copied().chain(self.reads.iter().map(PathBuf::as_path));
        if !reached.into_iter().all(|path| self.sandbox.is_open(path)) {
            return self.sandbox.own_job();
        }
        let job = self.sandbox.job()?;
        job.give(self.output)?;
        Ok(job)
    }

    fn command(&self, job: &Job) -> Command {
        let mut rules = Rules::of_system();
        rules.read.push(self.libraries.to_owned());
        rules.read.extend(self.reads.iter().cloned());
        rules.execute.push(self.compiler.sysroot.clone());
        rules.write.push(self.output.to_owned());
        // The linker is another process, and makes its file a program.
        rules.processes = true;
        rules.modes = true;
        rules.limits = LIMITS;
        let path = std::env::var_os("PATH").map(|path| ("PATH".into(), path));
        rules.environment.extend(path);
        rules.environment.push(("TMPDIR".into(), self.output.into()));
        let variables = self.variables.iter();
        rules.environment.extend(variables.map(|(name, value)| (name.into(), value.into())));
        rules.folder = Some(self.folder.to_owned());

        let mut command = job.command(&self.compiler.tool(self.tool), &rules);
        command.args(&self.arguments);
        command
    }
}

/// What one call may use; the reference Raft takes a tenth of it.
const LIMITS: Limits = Limits {
    address_bytes: Some(8 << 30),
    processes: Some(256),
    file_bytes: Some(1 << 30),
    open_files: Some(1024),
    cpu_s: Some(240),
};

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

/// What the compiler says is wanted as JSON, coloured where people see colours.
pub(super) fn messages() -> Vec<OsString> {
    let mut words = vec!["--error-format".into(), "json".into()];
    if terminal::stderr_has_colors() {
        words.extend(["--json".into(), "diagnostic-rendered-ansi".into()]);
    }
    words
}

/// How everything that stands on the shelf is compiled. Two units are compiled side by side; with more, what
/// is generic is compiled in each of them. A submission is compiled once and runs for seconds: what the third level, and
/// optimising across units, take longer is more than the runs win.
pub(super) fn flags(edition: &str) -> Vec<OsString> {
    let flags = [
        ["-C", "opt-level=2"],
        ["-C", "lto=off"],
        ["-C", "codegen-units=2"],
        ["-C", "debuginfo=line-tables-only"],
    ];
    let edition = format!("--edition={edition}");
    flags.into_iter().flatten().map(OsString::from).chain([edition.into()]).collect()
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
