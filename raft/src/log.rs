//! The log (§5.3): entries at absolute indices.
//!
//! Index 1 is the first entry that was ever appended, whatever the log still holds. A log starts
//! after its *base*, the last entry before the ones it holds. Without snapshots the base is the
//! sentinel, index 0 of term 0; with them it would move on (§7), and nothing outside this file
//! would notice.

use contracts::raft::{Entry, LogIndex, Term};

/// A server's log.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    base_index: LogIndex,
    base_term: Term,
    entries: Vec<Entry>,
}

impl Log {
    /// A log whose first entry, of the given ones, comes right after the base.
    pub(crate) fn after(base_index: LogIndex, base_term: Term, entries: Vec<Entry>) -> Self {
        Self { base_index, base_term, entries }
    }

    /// The index of the last entry; the base's when there is none.
    pub(crate) fn last_index(&self) -> LogIndex {
        self.base_index + self.entries.len() as LogIndex
    }

    /// The term of the last entry; the base's when there is none.
    pub(crate) fn last_term(&self) -> Term {
        self.entries.last().map_or(self.base_term, |e| e.term)
    }

    /// The term of the entry at `index`; `None` where the log has no entry. The base has a term.
    pub(crate) fn term_at(&self, index: LogIndex) -> Option<Term> {
        if index == self.base_index {
            Some(self.base_term)
        } else {
            self.entries.get(self.slot(index)?).map(|e| e.term)
        }
    }

    /// At most `limit` entries from `first` on; none when `first` is past the end.
    pub(crate) fn entries_from(&self, first: LogIndex, limit: usize) -> &[Entry] {
        let slot = self
            .slot(first)
            .unwrap_or_else(|| panic!("entry {first} is not after the base {}", self.base_index));
        let rest = self.entries.get(slot..).unwrap_or_default();
        &rest[..rest.len().min(limit)]
    }

    /// All entries, the first of them right after the base.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Appends an entry and returns its index.
    pub(crate) fn append(&mut self, entry: Entry) -> LogIndex {
        self.entries.push(entry);
        self.last_index()
    }

    /// Deletes the entry at `first` and all that follow it.
    pub(crate) fn truncate_from(&mut self, first: LogIndex) {
        let slot = self
            .slot(first)
            .unwrap_or_else(|| panic!("entry {first} is not after the base {}", self.base_index));
        self.entries.truncate(slot);
    }

    /// Where a leader whose entry at `prev_index` has the term `prev_term` should go on, when this
    /// log does not hold that entry; `None` when it does (§5.3).
    ///
    /// A log that is too short answers with the index after its last entry. Otherwise the answer is
    /// the first index of the conflicting term: one round trip then skips the whole term.
    pub(crate) fn conflict(&self, prev_index: LogIndex, prev_term: Term) -> Option<LogIndex> {
        match self.term_at(prev_index) {
            Some(term) if term == prev_term => None,
            Some(term) => Some(self.first_index_of(term)),
            None => Some(self.last_index() + 1),
        }
    }

    /// The first index of `term`. Terms never decrease along a log.
    fn first_index_of(&self, term: Term) -> LogIndex {
        let before = self.entries.partition_point(|e| e.term < term);
        self.base_index + before as LogIndex + 1
    }

    /// Where in `entries` the entry at `index` stands or would stand; `None` up to the base.
    fn slot(&self, index: LogIndex) -> Option<usize> {
        Some(index.checked_sub(self.base_index + 1)? as usize)
    }
}

#[cfg(test)]
mod tests {
    use contracts::raft::Command;
    use proptest::prelude::*;

    use super::*;

    fn entry(term: Term) -> Entry {
        Entry { term, command: Command::Int(0) }
    }

    fn log(terms: &[Term]) -> Log {
        Log::after(0, 0, terms.iter().copied().map(entry).collect())
    }

    #[test]
    fn an_empty_log_holds_the_sentinel() {
        let log = log(&[]);
        assert_eq!((log.last_index(), log.last_term()), (0, 0));
        assert_eq!((log.term_at(0), log.term_at(1)), (Some(0), None));
        assert_eq!(log.conflict(0, 0), None);
        assert_eq!(log.conflict(5, 1), Some(1));
    }

    #[test]
    fn the_hint_is_the_first_index_of_the_conflicting_term() {
        let log = log(&[2, 2, 2, 3, 3, 4, 4, 4]);
        assert_eq!(log.conflict(8, 6), Some(6));
        assert_eq!(log.conflict(5, 5), Some(4));
        assert_eq!(log.conflict(2, 1), Some(1));
        assert_eq!(log.conflict(9, 4), Some(9));
        assert_eq!(log.conflict(3, 2), None);
    }

    /// One change of a log.
    #[derive(Clone, Debug)]
    enum Change {
        Append(Term),
        /// Keeps this fraction of the entries, in percent.
        Keep(u64),
    }

    fn changes() -> impl Strategy<Value = Vec<Change>> {
        let change = prop_oneof![
            4 => (0..3u64).prop_map(Change::Append),
            1 => (0..=100u64).prop_map(Change::Keep),
        ];
        prop::collection::vec(change, 0..60)
    }

    proptest! {
        /// The model is a map from absolute index to term: as plain as it gets.
        #[test]
        fn a_log_behaves_like_a_map_of_absolute_indices(
            base in 0..10u64, base_term in 0..3u64, changes in changes(),
        ) {
            let mut log = Log::after(base, base_term, Vec::new());
            let mut model = std::collections::BTreeMap::from([(base, base_term)]);
            for change in changes {
                let (&last, &last_term) = model.last_key_value().unwrap();
                match change {
                    Change::Append(step) => {
                        prop_assert_eq!(log.append(entry(last_term + step)), last + 1);
                        model.insert(last + 1, last_term + step);
                    }
                    Change::Keep(percent) => {
                        let first = base + 1 + (last - base) * percent / 100;
                        log.truncate_from(first);
                        model.split_off(&first);
                    }
                }
                let (&last, &last_term) = model.last_key_value().unwrap();
                prop_assert_eq!((log.last_index(), log.last_term()), (last, last_term));
                for index in 0..last + 3 {
                    prop_assert_eq!(log.term_at(index), model.get(&index).copied());
                }
                for first in base + 1..last + 3 {
                    let terms: Vec<_> = log.entries_from(first, 4).iter().map(|e| e.term).collect();
                    let expected: Vec<_> = model.range(first..).take(4).map(|(_, t)| *t).collect();
                    prop_assert_eq!(terms, expected);
                }
            }
        }

        /// The hint never skips an entry that could match, and it always makes progress.
        #[test]
        fn the_hint_is_at_most_prev_and_starts_its_term(
            steps in prop::collection::vec(0..3u64, 1..30), prev in 1..40u64, prev_term in 1..40u64,
        ) {
            let terms: Vec<Term> = steps.iter().scan(1, |t, s| { *t += s; Some(*t) }).collect();
            let log = log(&terms);
            if let Some(hint) = log.conflict(prev, prev_term) {
                prop_assert!(1 <= hint && hint <= prev);
                if let Some(term) = log.term_at(prev) {
                    prop_assert_eq!(log.term_at(hint), Some(term));
                    prop_assert_ne!(log.term_at(hint - 1), Some(term));
                }
            }
        }
    }
}
