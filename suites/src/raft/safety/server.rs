//! What was seen of one server.

use std::collections::{BTreeMap, BTreeSet};

use contracts::raft::{LogIndex, ServerId, Term};

use crate::raft::traffic::{Append, Position};

/// What was seen of one server, over all its lives.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The number of its last life.
    pub(super) life: u32,
    /// Whether that life goes on.
    pub(super) alive: bool,
    /// The highest term that it has shown: its current term is at least this.
    pub(super) term: Term,
    /// [`term`](Self::term) when its life began.
    pub(super) term_at_start: Term,
    /// Whom it has voted for in each term.
    pub(super) votes: BTreeMap<Term, Vote>,
    /// What it certainly holds.
    pub(super) held: Held,
    /// What may have come into its log at all.
    pub(super) delivered: Delivered,
    /// Whose votes have come back to it, by the term in which it asked for them.
    pub(super) votes_heard: BTreeMap<Term, BTreeSet<ServerId>>,
    /// The last index that it may know to be committed: a leader has told it so, or it has heard it itself,
    /// as leader, from a majority.
    pub(super) commit_heard: LogIndex,
    /// AppendEntries that it is handling now.
    pub(super) handling: Vec<Handling>,
    /// Its state from inside, as it was last looked at; none when it is closed.
    pub(super) inside: Option<Inside>,
}

/// A vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vote {
    pub(super) candidate: ServerId,
    /// The life in which it was given.
    pub(super) life: u32,
}

/// A log that a server has acknowledged and that nothing has come for since which could have cut it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// The end of that log; the sentinel when nothing is known.
    pub(super) end: Position,
    /// The term of the leader to whom it was acknowledged last.
    pub(super) acknowledged_in: Term,
    /// How often something came that could have cut a log.
    pub(super) disturbances: u32,
}

/// An AppendEntries that is being handled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handling {
    pub(super) ticket: u64,
    /// The term of its leader.
    pub(super) leader_term: Term,
    /// The server's highest term seen when it came.
    pub(super) term: Term,
    /// What the server held when it came.
    pub(super) held: Position,
    /// Whether something else came meanwhile that could have cut the log.
    pub(super) disturbed: bool,
}

/// How an open server is looked into.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Inside {
    /// Messages handled since the last look.
    pub(super) messages: usize,
    /// Entries in its log at the last look.
    pub(super) entries: usize,
}

/// The places in logs that a server was sent or has made itself.
#[derive(Debug, Default)]
pub(super) struct Delivered {
    /// The term that came last, by index; the first has index 1.
    recent: Vec<Term>,
    others: BTreeSet<Position>,
}

impl Delivered {
    pub(super) fn add(&mut self, place: Position) {
        let Some(slot) = place.index.checked_sub(1) else { return };
        let (slot, end) = (slot as usize, self.recent.len());
        match self.recent.get_mut(slot) {
            Some(recent) if *recent == place.term => {}
            Some(recent) => {
                self.others.insert(Position { index: place.index, term: *recent });
                *recent = place.term;
            }
            None if slot == end => self.recent.push(place.term),
            None => {
                self.others.insert(place);
            }
        }
    }

    /// Adds everything that `append` brings, or has been made of.
    pub(super) fn extend(&mut self, append: &Append) {
        for (index, entry) in (append.prev.index + 1..).zip(&append.entries) {
            self.add(Position { index, term: entry.term });
        }
    }

    /// The terms of the entries that the server may hold at `index`.
    pub(super) fn terms_at(&self, index: LogIndex) -> impl Iterator<Item = Term> {
        let slot = (index as usize).checked_sub(1);
        let recent = slot.and_then(|slot| self.recent.get(slot)).copied();
        let place = |term| Position { index, term };
        let others = self.others.range(place(0)..=place(Term::MAX)).map(|place| place.term);
        recent.into_iter().chain(others)
    }

    /// Whether the server may hold an entry there.
    pub(super) fn may_hold(&self, place: Position) -> bool {
        place.index == 0
            || self.recent.get(place.index as usize - 1) == Some(&place.term)
            || self.others.contains(&place)
    }
}

impl Seen {
    /// It has shown `term`.
    pub(super) fn shows(&mut self, term: Term) {
        self.term = self.term.max(term);
    }

    /// Something has come that may cut its log back to `left`.
    pub(super) fn disturb(&mut self, left: Position) {
        if left.index < self.held.end.index {
            self.held.end = left;
        }
        self.held.disturbances += 1;
        for handling in &mut self.handling {
            handling.disturbed = true;
        }
    }

    /// The last index that it certainly holds because of what it acknowledged before `term`.
    pub(super) fn held_before(&self, term: Term) -> Option<Position> {
        (self.held.end.index > 0 && self.held.acknowledged_in < term).then_some(self.held.end)
    }
}

/// A leader, by its term.
#[derive(Debug)]
pub(super) struct Leader {
    pub(super) server: ServerId,
    /// The end of its log when it asked for votes, if that was seen.
    pub(super) elected_with: Option<Position>,
    /// The longest log that it has shown.
    pub(super) log: Position,
    /// The last index that each server has acknowledged to it.
    pub(super) acknowledged: Vec<LogIndex>,
    /// The same as far as the answers have come back.
    pub(super) heard: Vec<LogIndex>,
    /// The index up to which it is known to have what was committed before its term.
    pub(super) complete_to: LogIndex,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_delivered_may_be_held() {
        let mut delivered = Delivered::default();
        let at = |index, term| Position { index, term };
        for place in [at(1, 1), at(2, 1), at(2, 3), at(7, 3)] {
            delivered.add(place);
        }
        for place in [at(0, 0), at(1, 1), at(2, 1), at(2, 3), at(7, 3)] {
            assert!(delivered.may_hold(place), "{place}");
        }
        assert_eq!(delivered.terms_at(2).collect::<Vec<_>>(), [3, 1]);
        assert_eq!(delivered.terms_at(7).collect::<Vec<_>>(), [3]);
        assert_eq!(delivered.terms_at(0).count() + delivered.terms_at(3).count(), 0);
        for place in [at(1, 2), at(3, 3), at(7, 1)] {
            assert!(!delivered.may_hold(place), "{place}");
        }
    }
}
