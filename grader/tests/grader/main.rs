//! The command as people and scripts use it: what it prints, its exit codes, and that it leaves no
//! process behind. A fixture stands in for the harness.

#![allow(clippy::disallowed_methods, reason = "the tests of the grader live outside every world")]
#![allow(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod audit;
mod build;
mod class;
mod explore;
mod gradescope;
mod history;
mod new;
mod outputs;
mod progress;
mod replay;
mod run;
mod signals;
mod style;
mod toolkit;
mod usage;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use snapbox::cmd::Command;
use tempfile::TempDir;

/// A folder of its own for one test, and the grader started in it.
struct Desk(TempDir);

impl Desk {
    /// A desk with the fixture for a harness.
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().expect("a folder"));
        for file in ["fake-harness", "catalogue.json"] {
            fs::copy(fixture(file), desk.path(file)).expect("copied");
        }
        fs::create_dir(desk.path("pids")).expect("a folder");
        desk.fake("FAKE_PIDS", desk.path("pids"));
        desk
    }

    /// Sets a variable of the fixture.
    fn fake(&self, name: &str, value: impl AsRef<Path>) {
        let file = self.path("fake-harness.env");
        let mut file = File::options().create(true).append(true).open(file).expect("a file");
        writeln!(file, "{name}='{}'", value.as_ref().display()).expect("written");
    }

    /// Waits until so many runs have been started.
    fn wait_for_runs(&self, many: usize) {
        while files(&self.path("pids")).len() < many {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether no run was started.
    fn no_run_was_started(&self) -> bool {
        files(&self.path("pids")).is_empty()
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    fn write(&self, file: &str, text: &str) -> PathBuf {
        let path = self.path(file);
        fs::write(&path, text).expect("written");
        path
    }

    /// `grader WORDS`, with an environment that a developer's own settings do not reach.
    fn bare(&self, words: &str) -> Command {
        Command::new(program())
            .current_dir(self.0.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TMPDIR", self.0.path())
            .env("CARGO_TARGET_DIR", self.path("target"))
            .env("GRADER_HISTORY", self.path("history"))
            .args(words.split_whitespace())
    }

    /// The same, with the fixture for a harness. It starts programs and writes files, as no submission
    /// may.
    fn grader(&self, words: &str) -> Command {
        self.bare(words)
            .env("GRADER_HARNESS", self.path("fake-harness"))
            .env("GRADER_SANDBOX", "off")
    }

    /// Runs `grader WORDS --json FILE` and reads the report; it must end with `code`.
    fn report(&self, words: &str, code: i32) -> serde_json::Value {
        self.grader(words).args(["--json", "report.json"]).assert().code(code);
        read_json(&self.path("report.json"))
    }
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_grader"))
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn read_json(file: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(file).expect("a file")).expect("JSON")
}

/// Names of the files in `folder`; none when it does not exist.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}
