//! A leader's view of one follower.
//!
//! Entries leave as soon as the follower is free: none are on their way to it, and it has answered since some
//! were last lost. Otherwise it gets a message without entries each heartbeat, so a server that is
//! gone is not sent the same entries again and again, and its first answer brings it all.

use contracts::raft::{LogIndex, ServerId};
use labrt::time::Duration;

use crate::timing::{HEARTBEAT, MAX_ENTRIES, PATIENCE};

/// What a leader knows of a follower (Figure 2, "Volatile state on leaders").
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    pub(crate) next: LogIndex,
    pub(crate) matched: LogIndex,
    /// The last entry that is on its way, and when it is taken for lost.
    in_flight: Option<(LogIndex, Duration)>,
    /// Whether it has answered since entries were last lost.
    answers: bool,
    /// When it is to hear of its leader again.
    beat_at: Duration,
}

impl Progress {
    /// Nothing was sent yet, so a message is due at once.
    pub(crate) fn new(next: LogIndex, matched: LogIndex, now: Duration) -> Self {
        Self { next, matched, in_flight: None, answers: true, beat_at: now }
    }

    /// When the next message is due, from a log that ends at `last`.
    pub(crate) fn due(&self, last: LogIndex) -> Duration {
        if self.next <= last && self.is_free() { Duration::ZERO } else { self.beat_at }
    }

    /// A message leaves. Returns how many entries it may carry, of `available` ones.
    pub(crate) fn send(&mut self, available: usize, now: Duration) -> usize {
        if self.in_flight.is_some_and(|(_, until)| now >= until) {
            self.lose();
        }
        let count = if self.is_free() { available.min(MAX_ENTRIES) } else { 0 };
        if count > 0 {
            self.in_flight = Some((self.next + count as LogIndex - 1, now + PATIENCE));
        }
        self.beat_at = now + HEARTBEAT;
        count
    }

    /// It holds all entries up to `index`.
    pub(crate) fn accepted(&mut self, index: LogIndex) {
        self.answers = true;
        self.matched = self.matched.max(index);
        self.next = self.next.max(self.matched + 1);
        if self.in_flight.is_some_and(|(last, _)| last <= self.matched) {
            self.in_flight = None;
        }
    }

    /// It lacks the entry at `prev` and suggests to go on at `hint`. A refusal of what has matched
    /// since, or that leads no further back, is old.
    pub(crate) fn refused(&mut self, prev: LogIndex, hint: LogIndex) {
        self.answers = true;
        let next = hint.min(prev).max(self.matched + 1);
        if prev > self.matched && next < self.next {
            self.next = next;
            self.in_flight = None;
        }
    }

    /// No answer comes to a message that ended with the entry at `last`.
    pub(crate) fn unanswered(&mut self, last: LogIndex) {
        if self.in_flight.is_some_and(|(in_flight, _)| in_flight == last) {
            self.lose();
        }
    }

    fn lose(&mut self) {
        self.in_flight = None;
        self.answers = false;
    }

    fn is_free(&self) -> bool {
        self.answers && self.in_flight.is_none()
    }

    /// The contract's view of it.
    pub(crate) fn describe(&self, id: ServerId) -> contracts::raft::Follower {
        contracts::raft::Follower { id, next_index: self.next, match_index: self.matched }
    }
}
