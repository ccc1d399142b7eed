//! What is done: a line of JSON for each submission, appended as it is graded.
//!
//! The first line says what the class was graded with; grading goes on only with the same. A line counts when it
//! ends: what a machine that died left of one is cut off.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use reports::class::Row;
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use crate::exit::{Outcome, Stop, WRITE_FAILED};

/// The schema of the file.
const SCHEMA: &str = "lab-class-journal/1";

/// The file's name in the folder of the class's reports.
pub(crate) const FILE: &str = "journal.jsonl";

/// What a class is graded with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Terms {
    /// [`SCHEMA`].
    pub(crate) schema: String,
    /// Base seed.
    pub(crate) seed: u64,
    /// All else that a row depends on, by the name of the flag or the key.
    pub(crate) settings: BTreeMap<String, String>,
}

/// A submission that is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Done {
    /// A hash of what was graded: another one, and it is graded again.
    pub(crate) digest: String,
    /// What became of it.
    pub(crate) row: Row,
}

/// The file, open and ours alone.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    /// Where the next line goes.
    end: u64,
    /// What was done before, by id.
    done: BTreeMap<String, Done>,
}

impl Terms {
    /// Those of these settings.
    pub(crate) fn new(seed: u64, settings: BTreeMap<String, String>) -> Self {
        Self { schema: SCHEMA.to_owned(), seed, settings }
    }
}

impl Journal {
    /// Opens the journal in `folder`, or begins it with `terms`. The seed of a journal that was begun before
    /// stands, unless `seed_given`; all else must be the same.
    ///
    /// # Errors
    /// When it cannot be read or written, somebody else writes it, it is damaged, or was begun on other terms.
    pub(crate) fn open(folder: &Path, terms: &mut Terms, seed_given: bool) -> Outcome<Self> {
        let path = folder.join(FILE);
        let cannot = |what: &str, error: io::Error| {
            Stop::new(
                WRITE_FAILED,
                format!("cannot {what} the journal {}: {error}", path.display()),
            )
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| cannot("write", error))?;
        flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|_| {
            Stop::usage(format!(
                "another grader grades into {}; name another --out",
                folder.display()
            ))
        })?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| cannot("read", error))?;
        let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
        bytes.truncate(whole);
        file.set_len(whole as u64).map_err(|error| cannot("mend", error))?;
        let mut journal =
            Self { path: path.clone(), file, end: whole as u64, done: BTreeMap::new() };
        let damaged = |line: usize, why: String| {
            Stop::usage(format!("the journal {} is damaged in line {line}: {why}", path.display()))
        };
        let mut lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        match lines.next() {
            None => {
                journal.append(terms)?;
                // Its name, too, is on the disk from now on.
                let folder = File::open(folder).and_then(|folder| folder.sync_all());
                folder.map_err(|error| cannot("write", error))?;
            }
            Some(first) => {
                let before: Terms =
                    serde_json::from_slice(first).map_err(|error| damaged(1, error.to_string()))?;
                journal.agree(&before, terms, seed_given)?;
            }
        }
        for (number, line) in lines.enumerate() {
            let done: Done = serde_json::from_slice(line)
                .map_err(|error| damaged(number + 2, error.to_string()))?;
            journal.done.insert(done.row.id.clone(), done);
        }
        Ok(journal)
    }

    /// Whether what was begun `before` may go on.
    fn agree(&self, before: &Terms, terms: &mut Terms, seed_given: bool) -> Outcome<()> {
        if !seed_given {
            terms.seed = before.seed;
        }
        let show = |of: &Terms, key: &str| of.settings.get(key).cloned().unwrap_or_default();
        let keys = before.settings.keys().chain(terms.settings.keys());
        let other = keys.into_iter().find(|key| show(before, key) != show(terms, key));
        let why = match other {
            Some(key) => {
                format!("{key} was {:?} and is {:?}", show(before, key), show(terms, key))
            }
            None if before.seed != terms.seed => {
                format!("the seed was {} and is {}", before.seed, terms.seed)
            }
            None if before.schema != terms.schema => {
                format!("its schema is {}, not {}", before.schema, terms.schema)
            }
            None => return Ok(()),
        };
        let folder = self.path.parent().unwrap_or(Path::new("."));
        Err(Stop::usage(format!(
            "a class was graded into {} on other terms: {why}; name another --out",
            folder.display()
        )))
    }

    /// What became of the submission `id`, if it was graded as it is now.
    pub(crate) fn find(&self, id: &str, digest: &str) -> Option<&Done> {
        self.done.get(id).filter(|done| done.digest == digest)
    }

    /// Adds a submission that is done. When this returns, it is on the disk.
    pub(crate) fn add(&mut self, done: Done) -> Outcome<()> {
        self.append(&done)?;
        self.done.insert(done.row.id.clone(), done);
        Ok(())
    }

    fn append(&mut self, line: &impl Serialize) -> Outcome<()> {
        let mut bytes = serde_json::to_vec(line).expect("a line is always JSON");
        bytes.push(b'\n');
        // From the end of the last whole line, since what a full disk left of one must not stay.
        let written = self.file.seek(SeekFrom::Start(self.end)).and_then(|_| {
            self.file.write_all(&bytes)?;
            self.file.sync_data()
        });
        match written {
            Ok(()) => self.end += bytes.len() as u64,
            Err(error) => {
                let _ = self.file.set_len(self.end);
                let path = self.path.display();
                return Err(Stop::new(
                    WRITE_FAILED,
                    format!("cannot write the journal {path}: {error}"),
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use reports::class::{Status, TestCounts};
    use reports::score::Score;

    use super::*;

    fn done(id: &str, digest: &str) -> Done {
        let row = Row {
            id: id.into(),
            name: None,
            columns: BTreeMap::new(),
            path: String::new(),
            status: Status::Graded,
            reason: None,
            score: Score::default(),
            suites: Vec::new(),
            tests: TestCounts::default(),
            runs: 0,
            failed_runs: 0,
            flaky: Vec::new(),
            wall_s: 0.0,
            reports: String::new(),
        };
        Done { digest: digest.into(), row }
    }

    fn terms(seed: u64, count: &str) -> Terms {
        Terms::new(seed, [("count".to_owned(), count.to_owned())].into())
    }

    fn open(folder: &Path) -> Journal {
        Journal::open(folder, &mut terms(1, "20"), true).expect("open")
    }

    #[test]
    fn what_is_done_is_found_again_unless_it_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        open(folder.path()).add(done("ann", "1")).expect("written");
        open(folder.path()).add(done("bob", "1")).expect("written");
        open(folder.path()).add(done("ann", "2")).expect("written");
        let journal = open(folder.path());
        assert!(journal.find("ann", "2").is_some() && journal.find("bob", "1").is_some());
        assert!(journal.find("ann", "1").is_none() && journal.find("cy", "1").is_none());
    }

    #[test]
    fn half_a_line_is_cut_off_wherever_the_machine_died() {
        let folder = tempfile::tempdir().expect("a folder");
        open(folder.path()).add(done("ann", "1")).expect("written");
        let path = folder.path().join(FILE);
        let whole = std::fs::read(&path).expect("read");
        open(folder.path()).add(done("bob", "1")).expect("written");
        let longer = std::fs::read(&path).expect("read");
        for cut in whole.len()..longer.len() {
            std::fs::write(&path, &longer[..cut]).expect("written");
            let mut journal = open(folder.path());
            assert!(journal.find("ann", "1").is_some() && journal.find("bob", "1").is_none());
            journal.add(done("bob", "1")).expect("written");
            drop(journal);
            assert_eq!(std::fs::read(&path).expect("read"), longer);
        }
        // Also where it died before the first line was whole.
        std::fs::write(&path, &longer[..10]).expect("written");
        assert!(open(folder.path()).find("ann", "1").is_none());
    }

    #[test]
    fn other_terms_and_damage_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        open(folder.path()).add(done("ann", "1")).expect("written");
        let refused = |terms: &mut Terms, seed_given| {
            Journal::open(folder.path(), terms, seed_given).expect_err("refused").message
        };
        let count = refused(&mut terms(1, "50"), true);
        assert!(count.contains("count was \"20\" and is \"50\"; name another --out"), "{count}");
        assert!(refused(&mut terms(2, "20"), true).contains("the seed was 1 and is 2"));
        let mut fresh = terms(2, "20");
        Journal::open(folder.path(), &mut fresh, false).expect("the old seed stands");
        assert_eq!(fresh.seed, 1);
        let path = folder.path().join(FILE);
        let text = std::fs::read_to_string(&path).expect("read");
        std::fs::write(&path, text + "{}\n").expect("written");
        assert!(refused(&mut terms(1, "20"), true).contains("is damaged in line 3"));
    }

    #[test]
    fn two_graders_do_not_write_one_journal() {
        let folder = tempfile::tempdir().expect("a folder");
        let _first = open(folder.path());
        let second = Journal::open(folder.path(), &mut terms(1, "20"), true);
        assert!(second.expect_err("locked").message.starts_with("another grader grades into"));
    }
}
