//! What survives a crash: the term, the vote and the log (Figure 2, "Persistent state").

use contracts::raft::{Entry, Persister, ServerId, Term};
use serde::{Deserialize, Serialize};

use super::State;

/// What is saved.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Saved {
    /// See [`State::current_term`].
    pub(super) current_term: Term,
    /// See [`State::voted_for`].
    pub(super) voted_for: Option<ServerId>,
    /// See [`State::log`].
    pub(super) log: Vec<Entry>,
}

impl State {
    /// Saves the three, as one.
    ///
    /// To be called wherever one of them changes, while the lock is still held, and in any case before
    /// anybody outside can know of the change: before an answer is returned, before a ballot or an
    /// entry is sent. `postcard::to_stdvec` makes bytes of anything that is `Serialize`;
    /// `self.persister.save` takes them.
    pub(super) fn persist(&self) {
        todo!("save the term, the vote and the log")
    }
}

/// What was last saved in `persister`; the default, which is what a new server begins with, when nothing
/// was (`postcard::from_bytes` reads what `to_stdvec` wrote).
pub(super) fn restore(persister: &Persister) -> Saved {
    todo!("restore what was saved")
}
