//! Every entry that was ever seen, with the one before it.
//!
//! Log Matching (Figure 3) says that an index and a term name an entry *and everything before it*. So
//! the entries of all logs form one tree, in which each entry knows the term of its predecessor, and a
//! [`Position`] stands for a whole log.

use std::collections::BTreeMap;

use contracts::raft::{LogIndex, Term};

use super::property::Property::LogMatching;
use super::violation::{Verdict, Violation};
use crate::raft::traffic::{EntrySeen, Position};

/// An entry, by its index and term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    term: Term,
    /// Term of the entry before it; 0 for the sentinel.
    before: Term,
    command: u64,
    /// The lowest index down to which, as far as is known, all entries before it are of its term, too.
    /// A log may be thousands of entries long, but has seen few terms.
    since: LogIndex,
}

/// The tree of all entries.
#[derive(Debug, Default)]
pub(super) struct Chain {
    /// The entry at position `i` has index `i + 1`: the one of its index that was seen last. Most
    /// indices ever have only one.
    recent: Vec<Known>,
    /// The other entries of an index.
    others: BTreeMap<(LogIndex, Term), Known>,
}

impl Chain {
    /// Takes in that some log holds `entries` right after `prev`. Calls `on_new` for each entry that
    /// was not known.
    pub(super) fn learn(
        &mut self,
        prev: Position,
        entries: &[EntrySeen],
        mut on_new: impl FnMut(Position, u64) -> Verdict,
    ) -> Verdict {
        let mut before = prev;
        for entry in entries {
            let place = Position { index: before.index + 1, term: entry.term };
            match self.find(place) {
                Some(known) if known.before != before.term || known.command != entry.command => {
                    return Err(differs(place, *known, before.term));
                }
                Some(_) => {}
                None => {
                    self.append(before, *entry);
                    on_new(place, entry.command)?;
                }
            }
            before = place;
        }
        Ok(())
    }

    fn find(&self, place: Position) -> Option<&Known> {
        match self.recent.get(place.index.checked_sub(1)? as usize) {
            Some(recent) if recent.term == place.term => Some(recent),
            _ => self.others.get(&(place.index, place.term)),
        }
    }

    fn append(&mut self, prev: Position, entry: EntrySeen) {
        let index = prev.index + 1;
        let EntrySeen { term, command } = entry;
        let same_term = self.find(prev).filter(|before| before.term == term);
        let since = same_term.map_or(index, |before| before.since);
        self.insert(index, Known { term, before: prev.term, command, since });
    }

    fn insert(&mut self, index: LogIndex, known: Known) {
        let (slot, end) = (index as usize - 1, self.recent.len());
        match self.recent.get_mut(slot) {
            Some(recent) => {
                let older = std::mem::replace(recent, known);
                self.others.insert((index, older.term), older);
            }
            None if slot == end => self.recent.push(known),
            // A message that begins beyond everything seen so far; its past is not known.
            None => {
                self.others.insert((index, known.term), known);
            }
        }
    }

    /// The command at `place`, if it was seen.
    pub(super) fn command(&self, place: Position) -> Option<u64> {
        self.find(place).map(|known| known.command)
    }

    /// The term that the log which ends in `end` has at `index`; `None` when `index` is beyond it or
    /// when what lies between was not seen.
    pub(super) fn term_at(&self, end: Position, index: LogIndex) -> Option<Term> {
        if index > end.index {
            return None;
        }
        let mut place = end;
        while place.index > index {
            let since = self.find(place)?.since;
            if since <= index {
                break;
            }
            place = self.before(Position { index: since, ..place })?;
        }
        Some(place.term)
    }

    /// The place before `place`.
    pub(super) fn before(&self, place: Position) -> Option<Position> {
        let known = self.find(place)?;
        Some(Position { index: place.index - 1, term: known.before })
    }

    /// Whether the logs that end in `a` and in `b` are the same as far as both go; `None` when that
    /// was not seen.
    pub(super) fn agree(&self, a: Position, b: Position) -> Option<bool> {
        let (short, long) = if a.index <= b.index { (a, b) } else { (b, a) };
        Some(self.term_at(long, short.index)? == short.term)
    }
}

/// The entry at `place` is `known`; now it is told to be another one, which follows one of the term
/// `before`.
fn differs(place: Position, known: Known, before: Term) -> Violation {
    let Position { index, term } = place;
    let message = if known.before == before {
        format!(
            "two logs have different commands at index {index} in entries of the same term {term}"
        )
    } else {
        format!(
            "two logs have the entry of term {term} at index {index}, but before it one has an \
             entry of term {} and the other one of term {}",
            known.before, before
        )
    };
    Violation::new(LogMatching, message).terms([term]).index(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(index: LogIndex, term: Term) -> Position {
        Position { index, term }
    }

    fn entries(terms: &[Term]) -> Vec<EntrySeen> {
        terms.iter().map(|&term| EntrySeen { term, command: 7 }).collect()
    }

    fn learn(chain: &mut Chain, prev: Position, terms: &[Term]) -> Verdict {
        chain.learn(prev, &entries(terms), |_, _| Ok(()))
    }

    #[test]
    fn a_position_names_a_whole_log() {
        let mut chain = Chain::default();
        learn(&mut chain, at(0, 0), &[1, 1, 2]).unwrap();
        learn(&mut chain, at(2, 1), &[3, 3]).unwrap();
        let terms = |end| (0..=5).map(|i| chain.term_at(end, i)).collect::<Vec<_>>();
        assert_eq!(terms(at(3, 2)), [Some(0), Some(1), Some(1), Some(2), None, None]);
        assert_eq!(terms(at(4, 3)), [Some(0), Some(1), Some(1), Some(3), Some(3), None]);
        assert_eq!(chain.agree(at(3, 2), at(4, 3)), Some(false));
        assert_eq!(chain.agree(at(4, 3), at(2, 1)), Some(true));
    }

    #[test]
    fn what_was_not_seen_is_not_known() {
        let mut chain = Chain::default();
        learn(&mut chain, at(7, 2), &[3]).unwrap();
        assert_eq!(chain.term_at(at(8, 3), 7), Some(2));
        assert_eq!(chain.term_at(at(8, 3), 6), None);
    }

    #[test]
    fn another_predecessor_breaks_log_matching() {
        let mut chain = Chain::default();
        learn(&mut chain, at(0, 0), &[1, 2]).unwrap();
        learn(&mut chain, at(0, 0), &[2]).unwrap();
        let violation = learn(&mut chain, at(1, 2), &[2]).unwrap_err();
        assert_eq!(violation.property, LogMatching);
        assert_eq!((violation.index, &violation.terms[..]), (Some(2), &[2][..]));
        assert!(
            violation.message.contains("one has an entry of term 1 and the other one of term 2")
        );
    }

    #[test]
    fn another_command_breaks_log_matching() {
        let mut chain = Chain::default();
        learn(&mut chain, at(0, 0), &[1]).unwrap();
        let other = [EntrySeen { term: 1, command: 8 }];
        let violation = chain.learn(at(0, 0), &other, |_, _| Ok(())).unwrap_err();
        assert!(violation.message.contains("different commands at index 1"));
    }
}
