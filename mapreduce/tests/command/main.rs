//! The command as people use it: real processes, what they leave, what they say and how they exit.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "MapReduce lives outside every world"
)]
#![allow(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod faults;
mod processes;
mod results;
mod usage;

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use snapbox::cmd::Command;
use tempfile::TempDir;

/// A folder of its own for one test, and the command started in it. Output goes to the folder `out`.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().expect("a folder"));
        fs::create_dir(desk.path("out")).expect("made");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path(name), contents).expect("written");
    }

    /// `number` books of at least `bytes` bytes each, as words of a command line. Long ones repeat
    /// themselves, because it takes longer to write than to count.
    fn books(&self, number: u64, bytes: usize) -> String {
        const NEW: usize = 50_000;
        let mut names = Vec::new();
        for seed in 0..number {
            let name = format!("book-{seed}.txt");
            let text = inputs::book(seed, bytes.min(NEW));
            self.write(&name, text.repeat(bytes.div_ceil(NEW)));
            names.push(name);
        }
        names.join(" ")
    }

    /// `mapreduce WORDS`.
    fn mapreduce(&self, words: &str) -> Command {
        Command::new(program()).current_dir(self.0.path()).args(words.split_whitespace())
    }

    /// Starts `mapreduce WORDS`, and goes on.
    fn start(&self, words: &str) -> std::process::Child {
        std::process::Command::new(program())
            .current_dir(self.0.path())
            .args(words.split_whitespace())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("started")
    }

    /// The names of what is in the folder `out`, sorted.
    fn files(&self) -> Vec<String> {
        names(&self.path("out"))
    }

    /// The lines of all output, sorted.
    fn output(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for name in self.files() {
            assert!(name.starts_with("mr-out-"), "{name} is left");
            let text = fs::read_to_string(self.path("out").join(name)).expect("text");
            lines.extend(text.lines().map(str::to_owned));
        }
        lines.sort();
        lines
    }
}

/// A text with a word of its own for each of these numbers: their digits, as letters.
fn words(numbers: Range<u32>) -> String {
    let letter = |digit: char| char::from(digit as u8 - b'0' + b'a');
    numbers
        .flat_map(|n| n.to_string().chars().map(letter).chain([' ']).collect::<Vec<_>>())
        .collect()
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_mapreduce"))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
