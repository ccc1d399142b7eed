//! What survives a crash (Figure 2, "Persistent state on all servers").

use contracts::raft::{Entry, LogIndex, Persister, ServerId, Term};
use serde::{Deserialize, Serialize};

use crate::log::Log;

/// Term, vote and log as they are stored.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Saved {
    term: Term,
    voted_for: Option<ServerId>,
    log: Log,
}

/// The persistent state. It changes in memory; [`save`](Self::save) makes the changes durable, and has
/// to come before anybody hears of them.
#[derive(Debug)]
pub(crate) struct Stable {
    saved: Saved,
    changed: bool,
    persister: Persister,
}

impl Stable {
    /// What `persister` holds.
    ///
    /// # Panics
    /// When it holds something that no server has saved.
    pub(crate) fn load(persister: Persister) -> Self {
        let bytes = persister.load();
        let saved = if bytes.is_empty() {
            Saved::default()
        } else {
            postcard::from_bytes(&bytes).expect("the storage holds what a server saved")
        };
        Self { saved, changed: false, persister }
    }

    pub(crate) fn term(&self) -> Term {
        self.saved.term
    }

    pub(crate) fn voted_for(&self) -> Option<ServerId> {
        self.saved.voted_for
    }

    pub(crate) fn log(&self) -> &Log {
        &self.saved.log
    }

    /// Enters a later term, in which nobody has this server's vote yet.
    pub(crate) fn enter(&mut self, term: Term) {
        (self.saved.term, self.saved.voted_for) = (term, None);
        self.changed = true;
    }

    pub(crate) fn vote_for(&mut self, candidate: ServerId) {
        self.saved.voted_for = Some(candidate);
        self.changed = true;
    }

    pub(crate) fn append(&mut self, entry: Entry) {
        self.saved.log.push(entry);
        self.changed = true;
    }

    /// Deletes all entries after `last`.
    pub(crate) fn truncate(&mut self, last: LogIndex) {
        self.saved.log.truncate(last);
        self.changed = true;
    }

    /// Makes the changes durable.
    pub(crate) fn save(&mut self) {
        if std::mem::take(&mut self.changed) {
            let bytes = postcard::to_stdvec(&self.saved).expect("the state can be encoded");
            self.persister.save(bytes);
        }
    }
}
