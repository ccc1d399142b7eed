//! Coordinator and workers through the library, as a submission's harness uses them. Here they are
//! threads, which can be held up exactly where a test wants them.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "MapReduce lives outside every world"
)]

mod duplicates;
mod gates;
mod results;
mod sockets;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use contracts::mapreduce::{Application, Job, Workplace};
use mapreduce::{Coordinator, Error};
use tempfile::TempDir;

/// Longer than any test takes on any machine.
const LONG: Duration = Duration::from_mins(10);

/// A folder with a job's inputs and, in `shared`, what its processes share.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().expect("a folder"));
        fs::create_dir(desk.shared()).expect("made");
        desk
    }

    fn shared(&self) -> PathBuf {
        self.0.path().join("shared")
    }

    fn socket(&self) -> PathBuf {
        self.0.path().join("mr.sock")
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).expect("written");
        path
    }

    /// A job with one reduce task that hands nothing out twice.
    fn job(&self, files: Vec<PathBuf>) -> Job {
        Job { files, reduces: 1, folder: self.shared(), socket: self.socket(), reissue_after: LONG }
    }

    fn worker(&self, app: Arc<dyn Application>) -> JoinHandle<Result<(), String>> {
        let workplace = Workplace { folder: self.shared(), socket: self.socket() };
        thread::spawn(move || mapreduce::worker(app, workplace).map_err(|error| error.to_string()))
    }

    /// The names of all files that the processes share, and that they talk by.
    fn files(&self) -> Vec<String> {
        let mut files = names(&self.shared());
        files.extend(names(self.0.path()).into_iter().filter(|name| name.contains("sock")));
        files
    }

    /// The lines of all output, sorted.
    fn output(&self) -> Vec<String> {
        output(&self.shared())
    }
}

/// The lines of all output in `folder`, sorted.
fn output(folder: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    for name in names(folder) {
        let text = fs::read_to_string(folder.join(name)).expect("text");
        lines.extend(text.lines().map(str::to_owned));
    }
    lines.sort();
    lines
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Waits until the job has ended.
fn ended(coordinator: &Coordinator) -> Result<(), Error> {
    assert!(coordinator.wait(LONG)?, "the job hangs");
    Ok(())
}
