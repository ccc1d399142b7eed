//! Many runs read as one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::path::Path;

use contracts::mapreduce::Values;

use super::run::{RunReader, RunWriter};
use crate::error::{About, Error, Result};
use crate::files::{Output, Segment};

/// Runs that are open at once. Each takes a file and a buffer.
pub(crate) const FAN_IN: usize = 64;

/// Runs that are read as one, key by key.
#[derive(Debug, Default)]
pub(crate) struct Merge {
    /// Runs, by the key that they come to next. Boxed, because a heap moves them a lot.
    waiting: BinaryHeap<Reverse<Box<RunReader>>>,
    /// The runs that have the key at which the merge is.
    #[expect(clippy::vec_box, reason = "they go back and forth between here and the heap")]
    current: Vec<Box<RunReader>>,
}

impl Merge {
    /// Opens `runs`, however many: if more than [`FAN_IN`], some are merged in the folder `scratch` first.
    pub(crate) fn open(runs: Vec<Segment>, scratch: &Path) -> Result<Self> {
        let mut merge = Self::default();
        for run in narrowed(runs, scratch)? {
            merge.wait(Box::new(RunReader::open(run)?))?;
        }
        Ok(merge)
    }

    /// Puts a run in line for its next key.
    fn wait(&mut self, mut run: Box<RunReader>) -> Result<()> {
        if run.next_key()? {
            self.waiting.push(Reverse(run));
        }
        Ok(())
    }

    /// Goes to the next key, which is then in `key`; false at the end.
    pub(crate) fn next_key(&mut self, key: &mut String) -> Result<bool> {
        while let Some(run) = self.current.pop() {
            self.wait(run)?;
        }
        let Some(Reverse(first)) = self.waiting.pop() else { return Ok(false) };
        key.clear();
        key.push_str(first.key());
        self.current.push(first);
        while let Some(next) = self.waiting.peek_mut() {
            if next.0.key() != key {
                break;
            }
            self.current.push(PeekMut::pop(next).0);
        }
        Ok(true)
    }

    /// The values of the key at which it is.
    pub(crate) fn values(&mut self) -> MergedValues<'_> {
        MergedValues { runs: &mut self.current, at: 0, left: 0, error: None }
    }

    /// Appends all that follows to `output`, as one run.
    pub(crate) fn write(mut self, output: &mut Output) -> Result<()> {
        let mut run = RunWriter(output);
        let mut key = String::new();
        while self.next_key(&mut key)? {
            run.key(key.as_bytes())?;
            for reader in &mut self.current {
                while let Some(count) = reader.next_value()? {
                    run.value(reader.value().as_bytes(), count)?;
                }
            }
            run.end_key()?;
        }
        Ok(())
    }
}

/// At most [`FAN_IN`] runs that hold what `runs` hold.
fn narrowed(mut runs: Vec<Segment>, scratch: &Path) -> Result<Vec<Segment>> {
    while runs.len() > FAN_IN {
        let some = runs.split_off(runs.len() - FAN_IN);
        let mut output = new_file(scratch)?;
        Merge::open(some, scratch)?.write(&mut output)?;
        runs.insert(0, Segment::whole(output.finish()?));
    }
    Ok(runs)
}

/// A new file in `scratch`, with which it goes.
fn new_file(scratch: &Path) -> Result<Output> {
    let file = tempfile::Builder::new().prefix("merge-").tempfile_in(scratch);
    let path = file.and_then(|file| Ok(file.into_temp_path().keep()?));
    Output::create(path.about("write to", scratch)?)
}

/// The values of one key. A run that cannot be read ends them; [`error`](Self::error) tells.
#[derive(Debug)]
pub(crate) struct MergedValues<'a> {
    runs: &'a mut [Box<RunReader>],
    /// The run that is being read.
    at: usize,
    /// How often its value comes yet.
    left: u64,
    error: Option<Error>,
}

impl MergedValues<'_> {
    /// Why they ended, if it was too early.
    pub(crate) fn error(self) -> Option<Error> {
        self.error
    }

    /// Goes to the next value that is different; false at the end.
    fn advance(&mut self) -> bool {
        while let Some(run) = self.runs.get_mut(self.at).filter(|_| self.error.is_none()) {
            match run.next_value() {
                Ok(Some(count)) => {
                    self.left = count;
                    return true;
                }
                Ok(None) => self.at += 1,
                Err(error) => self.error = Some(error),
            }
        }
        false
    }
}

impl Values for MergedValues<'_> {
    fn next(&mut self) -> Option<&str> {
        if self.left == 0 && !self.advance() {
            return None;
        }
        self.left -= 1;
        Some(self.runs[self.at].value())
    }
}
