//! A leader's view of one follower.
//!
//! A leader that does not know where the follower's log agrees with its own *probes* it with messages
//! without entries. Once one is accepted it *streams*: entries leave as they come, each once, without
//! waiting for the answers to those before. When it turns out that some were lost it probes again.

use contracts::raft::LogIndex;
use labrt::time::Instant;

use crate::event::Sent;
use crate::timing::{HEARTBEAT, MAX_ENTRIES, STALL, WINDOW};

/// What is known of a follower.
#[derive(Debug)]
pub(crate) struct Peer {
    next: LogIndex,
    matched: LogIndex,
    streaming: bool,
    /// A message is due whatever the time.
    hurry: bool,
    /// When the last message left.
    sent: Instant,
    /// When the follower last acknowledged entries, or when the first that it has not acknowledged
    /// left.
    progress: Instant,
}

impl Peer {
    /// One of which a leader, whose log ends at `last`, knows nothing yet. A message is due at once (§5.2).
    pub(crate) fn new(last: LogIndex, now: Instant) -> Self {
        Self { next: last + 1, matched: 0, streaming: false, hurry: true, sent: now, progress: now }
    }

    /// The next entry to send.
    pub(crate) fn next(&self) -> LogIndex {
        self.next
    }

    /// The last entry that it is known to hold.
    pub(crate) fn matched(&self) -> LogIndex {
        self.matched
    }

    /// When the next message is due, to a leader whose log ends at `last`; `None` for at once.
    pub(crate) fn due(&self, last: LogIndex) -> Option<Instant> {
        let streams = self.streaming && self.next <= last && self.in_flight() < WINDOW;
        let at_once = self.hurry || streams;
        (!at_once).then(|| self.sent + HEARTBEAT)
    }

    /// How many entries the next message may carry.
    pub(crate) fn room(&self) -> usize {
        if self.streaming && self.in_flight() < WINDOW { MAX_ENTRIES } else { 0 }
    }

    /// A message with `count` entries leaves.
    pub(crate) fn sent(&mut self, count: LogIndex, now: Instant) {
        if self.in_flight() == 0 {
            self.progress = now;
        }
        self.next += count;
        self.sent = now;
        self.hurry = false;
    }

    /// Falls back to probing when nothing was acknowledged for too long.
    pub(crate) fn notice_stall(&mut self, now: Instant) {
        if self.in_flight() > 0 && now.saturating_duration_since(self.progress) > STALL {
            self.probe(self.matched + 1);
        }
    }

    /// It holds what was `sent`.
    pub(crate) fn accepted(&mut self, sent: Sent, now: Instant) {
        if sent.last > self.matched {
            self.matched = sent.last;
            self.progress = now;
        }
        if !self.streaming {
            self.streaming = true;
            self.next = self.matched + 1;
        }
        self.next = self.next.max(self.matched + 1);
    }

    /// It does not hold the entry before what was `sent` and suggests to go on at `hint` (§5.3). Old
    /// refusals say nothing: of what it has acknowledged since, or of an earlier probe.
    pub(crate) fn refused(&mut self, sent: Sent, hint: LogIndex) {
        let current = self.streaming || sent.prev == self.next - 1;
        if current && sent.prev > self.matched {
            self.probe(hint.clamp(self.matched + 1, sent.prev));
            self.hurry = true;
        }
    }

    /// No answer came to what was `sent`. When it carried entries, the follower may lack them now.
    pub(crate) fn lost(&mut self, sent: Sent) {
        if self.streaming && sent.last > sent.prev && sent.last > self.matched {
            self.probe(self.matched + 1);
            self.hurry = true;
        }
    }

    fn probe(&mut self, next: LogIndex) {
        self.streaming = false;
        self.next = next;
    }

    /// How many entries are on their way. A probe sends none.
    fn in_flight(&self) -> LogIndex {
        if self.streaming { self.next - 1 - self.matched } else { 0 }
    }
}
