//! The log, and how its indices become those that clients see.
//!
//! Clients see a command's *number*: how many commands stand in the log up to it.

use contracts::raft::{ApplyMsg, LogIndex, Term};

use crate::message::Entry;

/// A server's log; its first entry has index 1.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: Vec<Entry>,
    /// How many commands there are up to and including each entry.
    commands: Vec<LogIndex>,
}

impl Log {
    pub(crate) fn new(entries: Vec<Entry>) -> Self {
        let mut log = Self::default();
        entries.into_iter().for_each(|entry| log.push(entry));
        log
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(crate) fn last_index(&self) -> LogIndex {
        self.entries.len() as LogIndex
    }

    pub(crate) fn last_term(&self) -> Term {
        self.entries.last().map_or(0, |entry| entry.term)
    }

    /// How many commands there are.
    pub(crate) fn last_number(&self) -> LogIndex {
        self.commands.last().copied().unwrap_or(0)
    }

    /// The term at `index`; `None` past the end. The sentinel at 0 has term 0.
    pub(crate) fn term_at(&self, index: LogIndex) -> Option<Term> {
        if index == 0 { Some(0) } else { self.slice(index, 1).first().map(|entry| entry.term) }
    }

    /// At most `limit` entries from `first` on.
    pub(crate) fn slice(&self, first: LogIndex, limit: usize) -> &[Entry] {
        let start = self.entries.len().min(first as usize - 1);
        let end = self.entries.len().min(start + limit);
        &self.entries[start..end]
    }

    /// The commands among the entries `first..=last`, by their numbers.
    pub(crate) fn messages(&self, first: LogIndex, last: LogIndex) -> Vec<ApplyMsg> {
        let range = first as usize - 1..last as usize;
        let entries = self.entries[range.clone()].iter().zip(&self.commands[range]);
        let message = |(entry, number): (&Entry, &LogIndex)| {
            Some(ApplyMsg { index: *number, command: entry.command.clone()? })
        };
        entries.filter_map(message).collect()
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        let number = self.last_number() + LogIndex::from(entry.command.is_some());
        self.commands.push(number);
        self.entries.push(entry);
    }

    /// Deletes all entries after `last`.
    pub(crate) fn truncate(&mut self, last: LogIndex) {
        self.entries.truncate(last as usize);
        self.commands.truncate(last as usize);
    }

    /// Where a leader should go on that took the entry at `index` to be of `term`; `None` when it is
    /// (§5.3).
    pub(crate) fn conflict(&self, index: LogIndex, term: Term) -> Option<LogIndex> {
        let Some(own) = self.term_at(index) else { return Some(self.last_index() + 1) };
        let earlier = || self.entries.partition_point(|entry| entry.term < own);
        (own != term).then(|| earlier() as LogIndex + 1)
    }
}
