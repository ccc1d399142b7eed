//! What survives a crash (Figure 2, "Persistent state on all servers").

use contracts::raft::{LogIndex, Persister, ServerId, Term};

use crate::log::Log;
use crate::message::Entry;

/// Term, vote and log. Whoever changes them and lets go of the lock saves them first.
#[derive(Debug)]
pub(crate) struct Stable {
    term: Term,
    voted_for: Option<ServerId>,
    log: Log,
    changed: bool,
    persister: Persister,
}

impl Stable {
    /// What `persister` holds.
    ///
    /// # Panics
    /// When no server has saved that.
    pub(crate) fn load(persister: Persister) -> Self {
        let bytes = persister.load();
        let (term, voted_for, entries) = if bytes.is_empty() {
            (0, None, Vec::new())
        } else {
            postcard::from_bytes(&bytes).expect("the storage holds what a server saved")
        };
        Self { term, voted_for, log: Log::new(entries), changed: false, persister }
    }

    /// Makes what has changed durable.
    pub(crate) fn save(&mut self) {
        if std::mem::take(&mut self.changed) {
            let state = (self.term, self.voted_for, self.log.entries());
            self.persister.save(postcard::to_stdvec(&state).expect("the state can be encoded"));
        }
    }

    pub(crate) fn term(&self) -> Term {
        self.term
    }

    pub(crate) fn voted_for(&self) -> Option<ServerId> {
        self.voted_for
    }

    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    /// Enters a later term, with a new vote.
    pub(crate) fn enter(&mut self, term: Term) {
        (self.term, self.voted_for) = (term, None);
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

    /// Deletes all entries after `last`.
    pub(crate) fn truncate(&mut self, last: LogIndex) {
        self.log.truncate(last);
        self.changed = true;
    }
}
