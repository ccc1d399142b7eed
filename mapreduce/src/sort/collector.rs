//! Pairs that may not fit in memory.

use std::path::{Path, PathBuf};

use super::groups::Groups;
use super::merge::{FAN_IN, Merge};
use super::run::RunWriter;
use crate::error::Result;
use crate::files::{Output, Segment};

/// Collects pairs, for each reduce task its own, and spills them to files when they take too much
/// memory.
#[derive(Debug)]
pub(crate) struct Collector<'a> {
    reduces: u32,
    /// Bytes.
    memory: usize,
    /// Where spills go.
    scratch: &'a Path,
    groups: &'a mut Groups,
    spills: Vec<Spill>,
    /// How many spills there ever were.
    spilled: usize,
}

/// A file with one run for each reduce task, one after the other.
#[derive(Debug)]
struct Spill {
    path: PathBuf,
    /// Where each run ends.
    ends: Vec<u64>,
}

impl<'a> Collector<'a> {
    /// A collector for `reduces` reduce tasks that uses about `memory` bytes, and the folder `scratch`
    /// for what is more. What is in `groups` is forgotten, its memory is used again.
    pub(crate) fn new(
        reduces: u32,
        memory: usize,
        scratch: &'a Path,
        groups: &'a mut Groups,
    ) -> Self {
        groups.clear();
        Self { reduces, memory, scratch, groups, spills: Vec::new(), spilled: 0 }
    }

    /// Takes in a pair.
    pub(crate) fn push(&mut self, key: &str, value: &str) -> Result<()> {
        let grown = self.groups.push(key.as_bytes(), value.as_bytes());
        // A block of memory that is full doubles, so half of the memory may be full.
        if grown && self.groups.bytes() > self.memory / 2 { self.spill() } else { Ok(()) }
    }

    /// Writes what is in memory to a file.
    fn spill(&mut self) -> Result<()> {
        let sorted = self.groups.sorted(self.reduces);
        let mut file = self.new_spill()?;
        let mut ends = Vec::new();
        for reduce in 0..self.reduces {
            sorted.write(reduce, &mut RunWriter(&mut file))?;
            ends.push(file.written());
        }
        drop(sorted);
        self.groups.clear();
        self.spilled += 1;
        self.spills.push(Spill { path: file.finish()?, ends });
        if self.spills.len() == FAN_IN { self.join() } else { Ok(()) }
    }

    /// Makes one spill of all, so that they can always be merged at once.
    fn join(&mut self) -> Result<()> {
        let mut file = self.new_spill()?;
        let mut ends = Vec::new();
        for reduce in 0..self.reduces {
            Merge::open(self.spilled_runs(reduce), self.scratch)?.write(&mut file)?;
            ends.push(file.written());
        }
        self.spilled += 1;
        let joined = Spill { path: file.finish()?, ends };
        for old in self.spills.drain(..) {
            // At worst it goes with its folder.
            let _ = std::fs::remove_file(old.path);
        }
        self.spills.push(joined);
        Ok(())
    }

    fn new_spill(&self) -> Result<Output> {
        Output::create(self.scratch.join(format!("spill-{}", self.spilled)))
    }

    /// What was spilled for a reduce task.
    fn spilled_runs(&self, reduce: u32) -> Vec<Segment> {
        let reduce = reduce as usize;
        let run = |spill: &Spill| {
            let start = if reduce == 0 { 0 } else { spill.ends[reduce - 1] };
            Segment { path: spill.path.clone(), start, length: spill.ends[reduce] - start }
        };
        self.spills.iter().map(run).collect()
    }

    /// All that was collected, if it was for one reduce task.
    pub(crate) fn into_runs(mut self) -> Result<Vec<Segment>> {
        assert_eq!(self.reduces, 1, "one reduce task has all the runs");
        self.spill()?;
        Ok(self.spilled_runs(0))
    }

    /// All that was collected: one file for each reduce task, at `path(task)`, which holds one run.
    pub(crate) fn write_files(mut self, path: impl Fn(u32) -> PathBuf) -> Result<()> {
        if self.spills.is_empty() {
            let sorted = self.groups.sorted(self.reduces);
            for reduce in 0..self.reduces {
                let mut file = Output::create(path(reduce))?;
                sorted.write(reduce, &mut RunWriter(&mut file))?;
                file.finish()?;
            }
            return Ok(());
        }
        if !self.groups.is_empty() {
            self.spill()?;
        }
        for reduce in 0..self.reduces {
            let mut file = Output::create(path(reduce))?;
            Merge::open(self.spilled_runs(reduce), self.scratch)?.write(&mut file)?;
            file.finish()?;
        }
        Ok(())
    }
}
