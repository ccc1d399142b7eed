//! A property that did not hold.

use contracts::raft::{LogIndex, ServerId, Term};

use super::property::Property;

/// A property that did not hold, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::raft) struct Violation {
    pub(super) property: Property,
    /// One line: who did what, and what would have been right.
    pub(in crate::raft) message: String,
    /// The servers that took part.
    pub(super) servers: Vec<ServerId>,
    /// The terms that it is about.
    pub(super) terms: Vec<Term>,
    /// The log index that it is about; none for elections.
    pub(super) index: Option<LogIndex>,
}

impl Violation {
    pub(in crate::raft) fn new(property: Property, message: String) -> Self {
        Self { property, message, servers: Vec::new(), terms: Vec::new(), index: None }
    }

    pub(in crate::raft) fn servers(self, servers: impl IntoIterator<Item = ServerId>) -> Self {
        Self { servers: servers.into_iter().collect(), ..self }
    }

    pub(super) fn terms(self, terms: impl IntoIterator<Item = Term>) -> Self {
        Self { terms: terms.into_iter().collect(), ..self }
    }

    pub(in crate::raft) fn index(self, index: LogIndex) -> Self {
        Self { index: Some(index), ..self }
    }
}

/// Whether something is as it must be.
pub(in crate::raft) type Verdict<T = ()> = Result<T, Violation>;
