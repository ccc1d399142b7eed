//! The log: entries from index 1 on (§5.3).

use contracts::raft::{Entry, LogIndex, Term};
use serde::{Deserialize, Serialize};

/// A server's log.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Log {
    entries: Vec<Entry>,
}

impl Log {
    /// The index of the last entry; 0 when there is none.
    pub(crate) fn last_index(&self) -> LogIndex {
        self.entries.len() as LogIndex
    }

    /// The term of the last entry; 0 when there is none.
    pub(crate) fn last_term(&self) -> Term {
        self.entries.last().map_or(0, |entry| entry.term)
    }

    /// The term at `index`; `None` past the end. The sentinel at 0 has term 0.
    pub(crate) fn term_at(&self, index: LogIndex) -> Option<Term> {
        match index.checked_sub(1) {
            None => Some(0),
            Some(slot) => self.entries.get(slot as usize).map(|entry| entry.term),
        }
    }

    /// At most `limit` entries from `first` on.
    pub(crate) fn from(&self, first: LogIndex, limit: usize) -> &[Entry] {
        let rest = &self.entries[first as usize - 1..];
        &rest[..rest.len().min(limit)]
    }

    /// Appends an entry.
    pub(crate) fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Keeps the entries up to `last`.
    pub(crate) fn truncate(&mut self, last: LogIndex) {
        self.entries.truncate(last as usize);
    }

    /// Where a leader should go on that believed this log to have `term` at `index`; `None` when it has
    /// (§5.3).
    pub(crate) fn conflict(&self, index: LogIndex, term: Term) -> Option<LogIndex> {
        match self.term_at(index) {
            None => Some(self.last_index() + 1),
            Some(own) if own == term => None,
            // Terms never fall along a log, so those before the first of `own` are smaller.
            Some(own) => Some(self.entries.partition_point(|e| e.term < own) as LogIndex + 1),
        }
    }
}
