//! One call of `cargo build`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::package::HarnessPackage;
use crate::exit::{BUILD_FAILED, Outcome, SETUP, Stop};
use crate::plan::submission::Package;
use crate::plan::toolkit::Toolkit;
use crate::process::{self, End, Line};
use crate::signals::Interrupt;
use crate::terminal::{self, Activity};

/// What cargo says, as far as it matters here.
#[derive(Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-artifact")]
    Artifact { target: Target, executable: Option<PathBuf> },
    #[serde(rename = "compiler-message")]
    Diagnosis { target: Target, message: Diagnostic },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    message: String,
    rendered: Option<String>,
}

/// What was heard of one build.
#[derive(Default)]
struct Heard {
    executable: Option<PathBuf>,
    /// Rendered errors of the compiler, and the first one in short.
    errors: Vec<String>,
    first_error: Option<String>,
    /// Whether the harness's own `main` did not compile: the library lacks something.
    main_failed: bool,
    /// What cargo itself said.
    cargo: Vec<String>,
}

/// Builds `package`; the executable.
pub(super) fn build(
    package: &HarnessPackage,
    submission: &Package,
    target: &Path,
    interrupt: &Interrupt,
) -> Outcome<PathBuf> {
    let order = Order {
        what: &submission.name,
        manifest: package.manifest(),
        executable: &package.name,
        target,
    };
    order.carry_out(interrupt)?.map_err(|heard| heard.failure(submission))
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
        executable: name,
        target: &toolkit.target(),
    };
    order.carry_out(interrupt)?.map_err(|heard| {
        let why = heard.show();
        Stop::new(SETUP, format!("the toolkit's `{name}` does not build: {why}"))
    })
}

/// What cargo is to build.
struct Order<'a> {
    /// What people call it.
    what: &'a str,
    manifest: PathBuf,
    executable: &'a str,
    target: &'a Path,
}

impl Order<'_> {
    /// Runs cargo; the executable, or what was heard when there is none.
    fn carry_out(self, interrupt: &Interrupt) -> Outcome<Result<PathBuf, Heard>> {
        let mut activity = Activity::new(format!("building `{}`", self.what));
        let mut heard = Heard::default();
        let end = process::run(&mut self.command(), interrupt, None, |line| match line {
            Line::Out(line) => heard.message(&line, self.executable),
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
            Ok(End::Exited(status)) => Ok(match heard.executable.take() {
                Some(executable) if status.success() => Ok(executable),
                _ => Err(heard),
            }),
        }
    }

    /// The cargo that started us, else the one in the path.
    fn command(&self) -> Command {
        let mut command =
            Command::new(std::env::var_os("CARGO").unwrap_or(OsString::from("cargo")));
        let format =
            if terminal::stderr_has_colors() { "json-diagnostic-rendered-ansi" } else { "json" };
        command
            .args(["build", "--release", "--message-format", format, "--manifest-path"])
            .arg(&self.manifest)
            .arg("--target-dir")
            .arg(self.target);
        command
    }
}

impl Heard {
    fn message(&mut self, line: &str, name: &str) {
        match serde_json::from_str(line) {
            Ok(Message::Artifact { target, executable }) if target.name == name => {
                // A library of that name has none.
                self.executable = executable.or(self.executable.take());
            }
            Ok(Message::Diagnosis { target, message }) if message.level == "error" => {
                self.main_failed |= target.name == name;
                self.first_error.get_or_insert(message.message);
                self.errors.extend(message.rendered);
            }
            _ => {}
        }
    }

    /// Shows what the compiler said, or else what cargo said, and names the submission and the first error.
    fn failure(self, submission: &Package) -> Stop {
        let hint = if self.main_failed {
            "; its lib.rs needs `pub fn submission() -> contracts::Submission`"
        } else {
            ""
        };
        let first = self.show();
        let (name, path) = (&submission.name, submission.path.display());
        Stop::new(BUILD_FAILED, format!("`{name}` in {path} does not build: {first}{hint}"))
    }

    /// Shows what the compiler said, or else what cargo said; the first error in short.
    fn show(mut self) -> String {
        if self.errors.is_empty() {
            self.errors = self.cargo.iter().map(|line| format!("{line}\n")).collect();
        }
        terminal::tell(&self.errors.concat());
        let first = self.first_error.or_else(|| {
            let own = self.cargo.iter().find_map(|line| line.strip_prefix("error: "));
            own.map(str::to_owned)
        });
        first.unwrap_or_else(|| "cargo failed without a word".to_owned())
    }
}
