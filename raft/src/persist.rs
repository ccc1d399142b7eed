//! What survives a crash: term, vote and log (Figure 2, "Persistent state on all servers").

use contracts::raft::{Entry, LogIndex, Persister, ServerId, Term};

use crate::image::{Header, Image};
use crate::log::Log;

/// The persistent state. Each change goes through a method here, which patches the encoded image
/// and marks it; [`save`](Self::save) writes what is marked.
#[derive(Debug)]
pub(crate) struct Persistent {
    current_term: Term,
    voted_for: Option<ServerId>,
    log: Log,
    image: Image,
    changed: bool,
    storage: Persister,
}

impl Persistent {
    /// What `storage` holds; the state of a first start when it is empty.
    ///
    /// # Panics
    /// When the storage holds something that this server cannot have written.
    pub(crate) fn restore(storage: Persister) -> Self {
        let saved = storage.load();
        let (image, header, entries) = if saved.is_empty() {
            (Image::new(), Header::default(), Vec::new())
        } else {
            Image::decode(&saved).unwrap_or_else(|error| panic!("cannot restart: {error}"))
        };
        Self {
            current_term: header.current_term(),
            voted_for: header.voted_for(),
            log: Log::after(0, 0, entries),
            image,
            changed: false,
            storage,
        }
    }

    /// The latest term this server has seen.
    pub(crate) fn current_term(&self) -> Term {
        self.current_term
    }

    /// The candidate that received this server's vote in the current term.
    pub(crate) fn voted_for(&self) -> Option<ServerId> {
        self.voted_for
    }

    /// The log, to be read.
    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// Enters a later term, in which this server has not voted yet (§5.1).
    pub(crate) fn enter_term(&mut self, term: Term) {
        assert!(term > self.current_term, "terms only increase (§5.1)");
        self.current_term = term;
        self.voted_for = None;
        self.changed = true;
    }

    /// Gives the one vote of this term (§5.2).
    pub(crate) fn vote_for(&mut self, candidate: ServerId) {
        match self.voted_for {
            None => {
                self.voted_for = Some(candidate);
                self.changed = true;
            }
            Some(earlier) => assert_eq!(earlier, candidate, "at most one vote a term (§5.2)"),
        }
    }

    /// Appends an entry and returns its index.
    pub(crate) fn append(&mut self, entry: Entry) -> LogIndex {
        self.image.push(&entry);
        self.changed = true;
        self.log.append(entry)
    }

    /// Deletes the entry at `first` and all that follow it.
    pub(crate) fn truncate_from(&mut self, first: LogIndex) {
        self.log.truncate_from(first);
        self.image.truncate(self.log.entries().len());
        self.changed = true;
    }

    /// Makes what changed since the last save durable.
    pub(crate) fn save(&mut self) {
        if std::mem::take(&mut self.changed) {
            let header = Header::new(self.current_term, self.voted_for);
            self.image.set_header(header);
            self.storage.save(self.image.bytes());
        }
    }

    /// Whether the image has as many entries as the log; for the invariants.
    pub(crate) fn image_follows_log(&self) -> bool {
        self.image.entries() == self.log.entries().len()
    }
}

#[cfg(test)]
mod tests {
    use contracts::raft::Command;

    use super::*;

    fn entry(term: Term, value: i64) -> Entry {
        Entry { term, command: Command::Int(value) }
    }

    #[test]
    fn an_empty_storage_is_a_first_start() {
        let state = Persistent::restore(Persister::new());
        assert_eq!((state.current_term(), state.voted_for()), (0, None));
        assert_eq!(state.log().last_index(), 0);
    }

    #[test]
    fn a_restart_finds_what_was_saved_and_nothing_later() {
        let storage = Persister::new();
        let mut state = Persistent::restore(storage.clone());
        state.enter_term(7);
        state.vote_for(2);
        for value in 1..=3 {
            state.append(entry(7, value));
        }
        state.truncate_from(3);
        state.append(entry(7, 4));
        state.save();
        state.enter_term(8);

        let restored = Persistent::restore(storage.copy());
        assert_eq!((restored.current_term(), restored.voted_for()), (7, Some(2)));
        assert_eq!(restored.log().entries(), [entry(7, 1), entry(7, 2), entry(7, 4)]);
        assert!(restored.image_follows_log());
    }

    #[test]
    fn nothing_is_written_when_nothing_changed() {
        let storage = Persister::new();
        let mut state = Persistent::restore(storage.clone());
        state.save();
        assert_eq!(storage.size(), 0);
    }

    #[test]
    #[should_panic(expected = "cannot restart: the saved state is corrupt at byte 0 of 3")]
    fn foreign_bytes_are_refused() {
        let storage = Persister::new();
        storage.save([1, 2, 3]);
        Persistent::restore(storage);
    }

    #[test]
    #[should_panic(expected = "at most one vote a term")]
    fn a_second_vote_in_a_term_is_a_bug() {
        let mut state = Persistent::restore(Persister::new());
        state.enter_term(1);
        state.vote_for(1);
        state.vote_for(2);
    }
}
