//! What a process printed, bounded, and the last panic in it.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::Path;

use confine::Job;

/// What a process printed: its first and its last bytes, and how many were cut between them.
#[derive(Clone, Debug, Default)]
pub struct Log {
    limit: usize,
    head: Vec<u8>,
    tail: VecDeque<u8>,
    cut: u64,
}

impl Log {
    /// An empty log that keeps up to `limit` bytes of the first and as many of the last.
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Appends `bytes`.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let room = self.limit - self.head.len();
        let (first, rest) = bytes.split_at(room.min(bytes.len()));
        self.head.extend_from_slice(first);
        // Of one very long piece only its end can stay.
        let skipped = rest.len().saturating_sub(self.limit);
        let rest = &rest[skipped..];
        let overflow = (self.tail.len() + rest.len()).saturating_sub(self.limit);
        self.tail.drain(..overflow);
        self.tail.extend(rest);
        self.cut += (skipped + overflow) as u64;
    }

    /// Whether nothing was printed.
    pub fn is_empty(&self) -> bool {
        self.head.is_empty() && self.tail.is_empty()
    }

    /// Bytes that were cut from the middle.
    pub fn cut(&self) -> u64 {
        self.cut
    }

    /// All that was kept, with a line that says what was cut.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.clone();
        if self.cut > 0 {
            bytes.extend(format!("\n[… {} bytes cut …]\n", self.cut).into_bytes());
        }
        let (front, back) = self.tail.as_slices();
        bytes.extend_from_slice(front);
        bytes.extend_from_slice(back);
        bytes
    }

    /// Writes all that was kept to the file at `path`, replacing it.
    ///
    /// # Errors
    /// Those of writing a file.
    pub fn write_to(&self, path: &Path) -> io::Result<()> {
        std::fs::File::create(path)?.write_all(&self.to_bytes())
    }

    /// The last `lines` lines that are not empty.
    pub fn last_lines(&self, lines: usize) -> Vec<String> {
        let text = self.to_bytes();
        let text = String::from_utf8_lossy(&text);
        let mut last: Vec<_> = (text.lines().rev())
            .filter(|line| !line.trim().is_empty())
            .take(lines)
            .map(str::to_owned)
            .collect();
        last.reverse();
        last
    }

    /// Why the program was not started, where its launcher says so.
    pub(crate) fn refusal(&self, job: &Job) -> Option<String> {
        job.refusal(&String::from_utf8_lossy(&self.to_bytes())).map(str::to_owned)
    }

    /// The allocation that failed, as std reports it before it aborts.
    pub(crate) fn failed_allocation(&self) -> Option<String> {
        let text = self.to_bytes();
        let text = String::from_utf8_lossy(&text);
        let failed = |line: &&str| line.starts_with(ALLOCATION) && line.ends_with(" failed");
        text.lines().rev().find(failed).map(str::to_owned)
    }

    /// Whether `text` is in what was kept.
    pub(crate) fn contains(&self, text: &str) -> bool {
        String::from_utf8_lossy(&self.to_bytes()).contains(text)
    }

    /// The panics that the runtime or std reported, in order, other than those that std itself raises
    /// on the way to an abort.
    pub fn panics(&self) -> Vec<Panic> {
        let text = self.to_bytes();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<_> = text.lines().collect();
        (0..lines.len())
            .filter_map(|i| Panic::parse(&lines[i..]))
            .filter(|panic| !panic.is_of_std())
            .collect()
    }

    /// The stack overflow that the runtime reported: whose stack it was, and where that thread last
    /// called the runtime.
    pub(crate) fn stack_overflow(&self) -> Option<(String, Option<String>)> {
        let text = self.to_bytes();
        let text = String::from_utf8_lossy(&text);
        let line = (text.lines().rev()).find_map(|line| line.strip_prefix(OVERFLOW))?;
        let (who, last_call) = match line.split_once("; ") {
            Some((who, last_call)) => (who, Some(last_call.to_owned())),
            None => (line, None),
        };
        Some((who.to_owned(), last_call))
    }
}

/// How std's line about a failed allocation begins.
const ALLOCATION: &str = "memory allocation of ";

/// How the runtime's line about a stack overflow begins.
const OVERFLOW: &str = "labrt: stack overflow: ";

/// A panic, as it stands in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panic {
    /// Label of the thread: `server 2/ticker`.
    pub thread: String,
    /// Source location: `src/raft.rs:120:9`.
    pub location: String,
    /// First line of what it said.
    pub message: String,
}

impl Panic {
    /// Whether it was raised inside the standard library and is about no line of the program's.
    fn is_of_std(&self) -> bool {
        self.location.starts_with("/rustc/") || self.location.starts_with("library/")
    }

    /// Reads a panic from its first line: `thread 'NAME' panicked at LOCATION: MESSAGE`, or as std
    /// writes it, with the message on the next line.
    fn parse(lines: &[&str]) -> Option<Self> {
        let (_, rest) = lines.first()?.split_once("thread '")?;
        let (thread, rest) = rest.split_once('\'')?;
        let (_, rest) = rest.split_once("panicked at ")?;
        let (location, message) = match rest.split_once(": ") {
            Some((location, message)) => (location, message),
            None => {
                (rest.trim_end().trim_end_matches(':'), lines.get(1).copied().unwrap_or_default())
            }
        };
        Some(Self {
            thread: thread.to_owned(),
            location: location.to_owned(),
            message: message.trim().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_first_and_the_last_bytes() {
        let mut log = Log::new(4);
        for piece in ["ab", "cdef", "g", "hijklmnop", "q"] {
            log.push(piece.as_bytes());
        }
        assert_eq!(log.cut(), 9);
        let text = String::from_utf8(log.to_bytes()).unwrap();
        assert_eq!(text, "abcd\n[… 9 bytes cut …]\nnopq");
    }

    #[test]
    fn keeps_all_of_what_fits() {
        let mut log = Log::new(3);
        log.push(b"abcdef");
        assert_eq!((log.to_bytes(), log.cut()), (b"abcdef".to_vec(), 0));
    }

    #[test]
    fn finds_the_last_panic_in_either_form() {
        let mut log = Log::new(1000);
        log.push(b"noise\nlabrt: thread 'server 2/ticker' panicked at src/x.rs:1:2: no: log\nmore");
        let panic = log.panics().pop().unwrap();
        assert_eq!(panic.thread, "server 2/ticker");
        assert_eq!(panic.location, "src/x.rs:1:2");
        assert_eq!(panic.message, "no: log");

        log.push(b"\nthread 'main' (77) panicked at src/y.rs:3:4:\nboom\nnote: run with\n");
        let panic = log.panics().pop().unwrap();
        assert_eq!(panic.location, "src/y.rs:3:4");
        assert_eq!(panic.message, "boom");
    }

    #[test]
    fn a_panic_during_a_panic_is_told_by_the_one_in_the_destructor() {
        let mut log = Log::new(1000);
        log.push(b"labrt: thread 'a' panicked at src/x.rs:1:2: first\n");
        log.push(b"labrt: thread 'a' panicked at src/x.rs:3:4: second\n");
        log.push(b"labrt: thread 'a' panicked at /rustc/1/core/src/panicking.rs:5:6: ");
        log.push(b"panic in a destructor during cleanup\n");
        assert_eq!(log.panics().pop().unwrap().message, "second");
    }

    #[test]
    fn finds_whose_stack_overflowed() {
        let mut log = Log::new(1000);
        assert_eq!(log.stack_overflow(), None);
        log.push(b"labrt: stack overflow: a used up its 256 KiB of stack; it last called b\nmore");
        let who = "a used up its 256 KiB of stack".to_owned();
        assert_eq!(log.stack_overflow(), Some((who, Some("it last called b".into()))));
    }

    #[test]
    fn finds_the_allocation_that_failed() {
        let mut log = Log::new(1000);
        log.push(b"memory allocation of things has not failed yet\n");
        assert_eq!(log.failed_allocation(), None);
        log.push(b"memory allocation of 7 bytes failed\nmore\n");
        assert_eq!(log.failed_allocation().unwrap(), "memory allocation of 7 bytes failed");
    }

    #[test]
    fn the_last_lines_are_in_order() {
        let mut log = Log::new(1000);
        log.push(b"one\n\ntwo\nthree\n\n");
        assert_eq!(log.last_lines(2), ["two", "three"]);
    }
}
