//! What must survive a crash: term, vote and log (Figure 2).

use contracts::raft::{Entry, LogIndex, ServerId, Term};
use serde::{Deserialize, Serialize};

/// The persistent state. It only notes that it has changed; see [`take_change`](Self::take_change).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Durable {
    term: Term,
    voted_for: Option<ServerId>,
    log: Vec<Entry>,
    #[serde(skip)]
    changed: bool,
}

impl Durable {
    /// Exactly this state.
    pub(crate) fn new(term: Term, voted_for: Option<ServerId>, log: Vec<Entry>) -> Self {
        Self { term, voted_for, log, changed: true }
    }

    /// What was stored; a new server's state when nothing was.
    ///
    /// # Panics
    /// When something else was stored.
    pub(crate) fn decode(bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            return Self::default();
        }
        postcard::from_bytes(bytes).expect("the storage holds what a server saved")
    }

    /// What to store, if it has changed since this was last asked.
    pub(crate) fn take_change(&mut self) -> Option<Vec<u8>> {
        std::mem::take(&mut self.changed)
            .then(|| postcard::to_stdvec(self).expect("the state can be encoded"))
    }

    pub(crate) fn term(&self) -> Term {
        self.term
    }

    pub(crate) fn voted_for(&self) -> Option<ServerId> {
        self.voted_for
    }

    /// The log; the entry at log index 1 comes first.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.log
    }

    /// All entries from log index `first` on.
    pub(crate) fn entries_from(&self, first: LogIndex) -> &[Entry] {
        &self.log[first as usize - 1..]
    }

    pub(crate) fn last_index(&self) -> LogIndex {
        self.log.len() as LogIndex
    }

    pub(crate) fn last_term(&self) -> Term {
        self.log.last().map_or(0, |entry| entry.term)
    }

    /// The term at `index`; `None` past the end. The sentinel at 0 has term 0.
    pub(crate) fn term_at(&self, index: LogIndex) -> Option<Term> {
        if index == 0 {
            return Some(0);
        }
        self.log.get(index as usize - 1).map(|entry| entry.term)
    }

    /// The first index of the term that `index` has.
    pub(crate) fn start_of_term_at(&self, index: LogIndex) -> LogIndex {
        let term = self.term_at(index);
        (1..=index).rev().take_while(|i| self.term_at(*i) == term).last().unwrap_or(index)
    }

    /// Enters a later term, with a new vote.
    pub(crate) fn enter(&mut self, term: Term) {
        self.term = term;
        self.voted_for = None;
        self.changed = true;
    }

    pub(crate) fn vote_for(&mut self, candidate: ServerId) {
        self.voted_for = Some(candidate);
        self.changed = true;
    }

    pub(crate) fn append(&mut self, entry: Entry) {
        self.log.push(entry);
        self.changed = true;
    }

    /// Lets `entries` take the place of whatever stands after `prev`.
    pub(crate) fn replace_after(&mut self, prev: LogIndex, entries: &[Entry]) {
        self.log.truncate(prev as usize);
        self.log.extend_from_slice(entries);
        self.changed = true;
    }
}
