//! What the map and reduce functions of a job have done, in a file that all its processes write.
//!
//! Each line is appended in one piece when its event happens, so the order of the lines is the order of
//! the events, whichever processes they are of.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One of a job's two phases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::mapreduce) enum Phase {
    Map,
    Reduce,
}

/// What a call has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::mapreduce) enum What {
    /// It began.
    Begin,
    /// It has waited in vain for another process to begin a call of its phase.
    Alone,
    /// It is about to return.
    End,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::mapreduce) struct Entry {
    pub(in crate::mapreduce) phase: Phase,
    pub(in crate::mapreduce) what: What,
    /// The process.
    pub(in crate::mapreduce) pid: u32,
    /// The input file's name without its folder, or the key.
    pub(in crate::mapreduce) name: String,
}

/// The file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::mapreduce) struct Journal(PathBuf);

impl Journal {
    pub(in crate::mapreduce) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Adds an event of this process.
    pub(super) fn note(&self, phase: Phase, what: What, name: &str) -> io::Result<()> {
        let entry = Entry { phase, what, pid: std::process::id(), name: name.to_owned() };
        let mut line = serde_json::to_vec(&entry)?;
        line.push(b'\n');
        OpenOptions::new().create(true).append(true).open(&self.0)?.write_all(&line)
    }

    /// All events so far; none before the first.
    pub(in crate::mapreduce) fn read(&self) -> io::Result<Vec<Entry>> {
        let text = match fs::read_to_string(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            text => text?,
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }
}

/// The calls of `phase` that have begun, in order.
pub(in crate::mapreduce) fn begun(
    entries: &[Entry],
    phase: Phase,
) -> impl Iterator<Item = &Entry> + Clone {
    entries.iter().filter(move |entry| entry.phase == phase && entry.what == What::Begin)
}

/// The processes that have begun calls of `phase`.
pub(in crate::mapreduce) fn workers(entries: &[Entry], phase: Phase) -> BTreeSet<u32> {
    begun(entries, phase).map(|entry| entry.pid).collect()
}

/// Whether a call of `phase` for `name` has ended.
pub(in crate::mapreduce) fn has_ended(entries: &[Entry], phase: Phase, name: &str) -> bool {
    let is = |entry: &Entry| entry.phase == phase && entry.what == What::End && entry.name == name;
    entries.iter().any(is)
}

/// The calls that have begun and not ended, in words: each name once.
pub(in crate::mapreduce) fn open_calls(entries: &[Entry]) -> impl Iterator<Item = String> {
    let begun = entries.iter().filter(|entry| entry.what == What::Begin);
    let mut counts: Vec<(Phase, &str, usize)> = Vec::new();
    for Entry { phase, name, .. } in begun.filter(|e| !has_ended(entries, e.phase, &e.name)) {
        match counts.iter_mut().find(|(p, n, _)| (*p, *n) == (*phase, name)) {
            Some((_, _, count)) => *count += 1,
            None => counts.push((*phase, name, 1)),
        }
    }
    counts.into_iter().map(|(phase, name, count)| {
        let phase = match phase {
            Phase::Map => "map",
            Phase::Reduce => "reduce",
        };
        let times = if count == 1 { "once".into() } else { format!("{count} times") };
        format!("the {phase} of {name} has begun {times} and never ended")
    })
}

/// How many calls of `phase` went on at the same time as one in another process.
pub(in crate::mapreduce) fn in_company(entries: &[Entry], phase: Phase) -> usize {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut count = 0;
    for entry in entries.iter().filter(|entry| entry.phase == phase) {
        match entry.what {
            What::Begin => {
                open.push(Open { entry, company: false });
                let company = open.iter().any(|call| call.entry.pid != entry.pid);
                for call in open.iter_mut().filter(|call| company && !call.company) {
                    call.company = true;
                    count += 1;
                }
            }
            What::End => {
                let same = |call: &Open<'_>| {
                    (call.entry.pid, &call.entry.name) == (entry.pid, &entry.name)
                };
                if let Some(place) = open.iter().position(same) {
                    open.remove(place);
                }
            }
            What::Alone => {}
        }
    }
    count
}

/// A call that goes on.
struct Open<'a> {
    entry: &'a Entry,
    /// Whether it has had company.
    company: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `B` begins, `E` ends; each with a process and a name.
    fn entries(story: &[(char, u32, &str)]) -> Vec<Entry> {
        let entry = |&(what, pid, name): &(char, u32, &str)| Entry {
            phase: Phase::Map,
            what: if what == 'B' { What::Begin } else { What::End },
            pid,
            name: name.into(),
        };
        story.iter().map(entry).collect()
    }

    #[test]
    fn calls_in_turn_have_no_company() {
        let story = [('B', 1, "a"), ('E', 1, "a"), ('B', 2, "b"), ('E', 2, "b")];
        assert_eq!(in_company(&entries(&story), Phase::Map), 0);
    }

    #[test]
    fn calls_of_one_process_are_no_company() {
        let story = [('B', 1, "a"), ('B', 1, "b"), ('E', 1, "a"), ('E', 1, "b")];
        assert_eq!(in_company(&entries(&story), Phase::Map), 0);
    }

    #[test]
    fn each_call_with_company_counts_once() {
        let story = [('B', 1, "a"), ('B', 2, "b"), ('E', 2, "b"), ('B', 2, "c"), ('E', 1, "a")];
        assert_eq!(in_company(&entries(&story), Phase::Map), 3);
        assert_eq!(in_company(&entries(&story), Phase::Reduce), 0);
    }

    #[test]
    fn a_line_that_is_being_written_does_not_count() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = Journal::new(folder.path().join("journal"));
        assert_eq!(journal.read().expect("nothing yet"), []);
        journal.note(Phase::Map, What::Begin, "a\nb").expect("a line");
        let mut text = fs::read_to_string(&journal.0).expect("a file");
        text.push_str(r#"{"phase":"#);
        fs::write(&journal.0, text).expect("written");
        let entries = journal.read().expect("whole lines");
        assert_eq!((entries.len(), entries[0].name.as_str()), (1, "a\nb"));
    }
}
