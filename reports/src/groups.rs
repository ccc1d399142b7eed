//! Failures that are the same failure.
//!
//! A failed run belongs to the group of those with its kind (and the property that was violated), its
//! source location and its message, where messages that differ only in numbers are the same: "server 2 committed 105 at index 7" and
//! "server 0 committed 101 at index 3" are one finding. The run of the least iteration tells the
//! group, so that the report does not depend on which process happened to end first.

use std::collections::BTreeMap;
use std::path::Path;

use protocol::{Failure, FailureKind};

use crate::model::{FailureGroup, Seed};
use crate::outcome::{Noted, RunOutcome};

/// Most distinct failures of a test that are kept. Which ones, when there are more, is a matter of
/// arrival.
pub const GROUP_CAP: usize = 50;

/// Most seeds that are kept of a failure.
pub const SEED_CAP: usize = 10;

/// Most characters of a line, and most lines of details, that are kept: a submission may panic with
/// ten megabytes.
const LINE_CAP: usize = 2_000;
const DETAILS_CAP: usize = 200;

/// What makes two failures the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    kind: FailureKind,
    property: Option<String>,
    location: Option<String>,
    shape: String,
}

impl Key {
    /// That of `failure`.
    pub fn of(failure: &Failure) -> Self {
        Self {
            kind: failure.kind,
            property: failure.property.as_deref().map(clip),
            location: failure.location.clone(),
            shape: shape(&clip(&failure.message)),
        }
    }
}

/// One group: how many runs, the earliest seeds, and the run that tells it.
#[derive(Clone, Debug)]
struct Group {
    key: Key,
    runs: u64,
    /// By iteration, at most [`SEED_CAP`].
    seeds: BTreeMap<u64, Seed>,
    /// Iteration of the run that `told` is about.
    iteration: u64,
    told: FailureGroup,
}

/// The distinct failures of a test.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// Index in `arrived` by key.
    index: BTreeMap<Key, usize>,
    /// In the order of arrival.
    arrived: Vec<Group>,
    unlisted: u64,
}

impl Groups {
    /// Takes in a failed run; returns the arrival number of its group, where it has one.
    pub fn add(&mut self, outcome: &RunOutcome, failure: &Failure) -> (Option<usize>, Noted) {
        let key = Key::of(failure);
        if let Some(&at) = self.index.get(&key) {
            let told = self.arrived[at].add(outcome, failure);
            return (Some(at), Noted::failed(false, told));
        }
        if self.arrived.len() == GROUP_CAP {
            self.unlisted += 1;
            return (None, Noted::failed(false, false));
        }
        let at = self.arrived.len();
        self.index.insert(key.clone(), at);
        self.arrived.push(Group::new(key, outcome, failure));
        (Some(at), Noted::failed(true, true))
    }

    /// Runs whose failures have no group because there were too many.
    pub fn unlisted(&self) -> u64 {
        self.unlisted
    }

    /// The groups as a report lists them, the most frequent first; and, by arrival number, the place
    /// of each in that list.
    pub fn listed(&self) -> (Vec<FailureGroup>, Vec<usize>) {
        let mut order: Vec<usize> = (0..self.arrived.len()).collect();
        order.sort_by(|&a, &b| {
            let (a, b) = (&self.arrived[a], &self.arrived[b]);
            b.runs.cmp(&a.runs).then_with(|| (a.iteration, &a.key).cmp(&(b.iteration, &b.key)))
        });
        let mut places = vec![0; order.len()];
        for (place, &at) in order.iter().enumerate() {
            places[at] = place;
        }
        (order.iter().map(|&at| self.arrived[at].listed()).collect(), places)
    }
}

impl Group {
    fn new(key: Key, outcome: &RunOutcome, failure: &Failure) -> Self {
        Self {
            key,
            runs: 1,
            seeds: BTreeMap::from([(outcome.iteration, Seed(outcome.seed))]),
            iteration: outcome.iteration,
            told: tell(outcome, failure),
        }
    }

    /// Takes in one more run; whether it now tells the group.
    fn add(&mut self, outcome: &RunOutcome, failure: &Failure) -> bool {
        self.runs += 1;
        self.seeds.insert(outcome.iteration, Seed(outcome.seed));
        if self.seeds.len() > SEED_CAP {
            self.seeds.pop_last();
        }
        let earlier = outcome.iteration < self.iteration;
        if earlier {
            self.iteration = outcome.iteration;
            self.told = tell(outcome, failure);
        }
        earlier
    }

    fn listed(&self) -> FailureGroup {
        FailureGroup {
            runs: self.runs,
            seeds: self.seeds.values().copied().collect(),
            ..self.told.clone()
        }
    }
}

/// The failure as this run tells it; how often it was seen is added by [`Group::listed`].
fn tell(outcome: &RunOutcome, failure: &Failure) -> FailureGroup {
    let hash = outcome.record.as_ref().map(|record| record.trace_hash.clone());
    FailureGroup {
        kind: failure.kind,
        property: failure.property.as_deref().map(clip),
        message: clip(&failure.message),
        location: failure.location.clone(),
        step: failure.step.as_deref().map(clip),
        details: failure.details.iter().take(DETAILS_CAP).map(|line| clip(line)).collect(),
        runs: 0,
        seeds: Vec::new(),
        replay: outcome.replay.clone(),
        log: outcome.log.as_deref().map(Path::to_string_lossy).map(Into::into),
        trace_hash: hash.filter(|hash| !hash.is_empty()),
        timeline: None,
    }
}

/// `line`, cut where it is too long to keep.
pub(crate) fn clip(line: &str) -> String {
    match line.char_indices().nth(LINE_CAP) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// `message` with each number replaced by `#`, and each list of numbers, too: what is left when
/// indices, terms, servers and times differ from run to run.
pub(crate) fn shape(message: &str) -> String {
    let mut shape = String::with_capacity(message.len());
    let mut rest = message.chars().peekable();
    while let Some(c) = rest.next() {
        if !c.is_ascii_digit() {
            shape.push(c);
            continue;
        }
        while rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '.').is_some() {}
        // "#, #" is a list of numbers, and lists differ in length.
        if shape.ends_with("#, ") {
            shape.truncate(shape.len() - 2);
        } else {
            shape.push('#');
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lists_of_numbers_do_not_tell_messages_apart() {
        assert_eq!(shape("server 2 committed 105 at index 7"), "server # committed # at index #");
        assert_eq!(shape("servers [0, 1, 2] agree"), shape("servers [3, 4] agree"));
        assert_eq!(shape("after 1.25s"), shape("after 350ms"));
        assert_eq!(shape("hash 0x1f2e"), shape("hash 0x9"));
    }

    #[test]
    fn words_do() {
        assert_ne!(shape("two leaders in term 3"), shape("no leader in term 3"));
        assert_eq!(shape("no number"), "no number");
        assert_eq!(shape("größer als 3"), "größer als #");
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let line = "ä".repeat(LINE_CAP + 1);
        assert_eq!(clip(&line), format!("{}…", "ä".repeat(LINE_CAP)));
        assert_eq!(clip("short"), "short");
    }
}
