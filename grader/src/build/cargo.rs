//! One call of `cargo build`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::package::HarnessPackage;
use crate::exit::{BUILD_FAILED, Outcome, SETUP, Stop};
use crate::plan::submission::Package;
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
    let mut activity = Activity::new(format!("building `{}`", submission.name));
    let mut heard = Heard::default();
    let end = process::run(&mut command(package, target), interrupt, None, |line| match line {
        Line::Out(line) => heard.message(&line, &package.name),
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
        Ok(End::Exited(status)) => match heard.executable.take() {
            Some(executable) if status.success() => Ok(executable),
            _ => Err(heard.failure(submission)),
        },
    }
}

/// The cargo that started us, else the one in the path.
fn command(package: &HarnessPackage, target: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or(OsString::from("cargo")));
    let format =
        if terminal::stderr_has_colors() { "json-diagnostic-rendered-ansi" } else { "json" };
    command
        .args(["build", "--release", "--message-format", format, "--manifest-path"])
        .arg(package.manifest())
        .arg("--target-dir")
        .arg(target);
    command
}

impl Heard {
    fn message(&mut self, line: &str, name: &str) {
        match serde_json::from_str(line) {
            Ok(Message::Artifact { target, executable }) if target.name == name => {
                self.executable = executable;
            }
            Ok(Message::Diagnosis { target, message }) if message.level == "error" => {
                self.main_failed |= target.name == name;
                self.first_error.get_or_insert(message.message);
                self.errors.extend(message.rendered);
            }
            _ => {}
        }
    }

    /// Shows what the compiler said, or else what cargo said, and names the first error.
    fn failure(mut self, submission: &Package) -> Stop {
        if self.errors.is_empty() {
            self.errors = self.cargo.iter().map(|line| format!("{line}\n")).collect();
        }
        terminal::tell(&self.errors.concat());
        let first = self.first_error.or_else(|| {
            let own = self.cargo.iter().find_map(|line| line.strip_prefix("error: "));
            own.map(str::to_owned)
        });
        let first = first.unwrap_or_else(|| "cargo failed without a word".to_owned());
        let hint = if self.main_failed {
            "; its lib.rs needs `pub fn submission() -> contracts::Submission`"
        } else {
            ""
        };
        let (name, path) = (&submission.name, submission.path.display());
        Stop::new(BUILD_FAILED, format!("`{name}` in {path} does not build: {first}{hint}"))
    }
}
