//! What a leader knows of one follower, and when it sends to it.
//!
//! A message is due when nothing was sent for one heartbeat, or when there are entries to send and
//! none of the earlier ones still waits for its acknowledgement. Whichever reason it has, a message
//! carries all that the follower is not known to hold. From this follows:
//!
//! - what is started while entries are on their way shares the next message;
//! - entries are sent once, unless a heartbeat passes without an acknowledgement;
//! - a lost message is made good by the next heartbeat, which waits for no reply;
//! - the news of a commit rides on the next message, and never is one by itself.

use contracts::raft::{Follower, LogIndex, ServerId};
use labrt::time::{Duration, Instant};

use crate::timing::{HEARTBEAT, SILENCE};

/// A leader's view of one follower.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    pub(crate) id: ServerId,
    /// The next entry to send (Figure 2). Only replies move it.
    pub(crate) next_index: LogIndex,
    /// The highest entry known to be replicated (Figure 2).
    pub(crate) match_index: LogIndex,
    /// The last entry of the latest message, until it is acknowledged; none if that had no entries.
    unacknowledged: Option<LogIndex>,
    /// When the latest message left; none before the first.
    sent: Option<Instant>,
    /// When the follower last answered; at first, when the leadership began.
    heard: Instant,
}

impl Progress {
    /// A follower to which nothing was sent in this term.
    pub(crate) fn new(id: ServerId, next: LogIndex, matched: LogIndex, now: Instant) -> Self {
        Self {
            id,
            next_index: next,
            match_index: matched,
            unacknowledged: None,
            sent: None,
            heard: now,
        }
    }

    /// How long until the next message is due; zero when it is. `last` is the end of the log.
    pub(crate) fn due(&self, last: LogIndex, now: Instant) -> Duration {
        let has_news = self.next_index <= last && self.unacknowledged.is_none();
        match self.sent {
            None => Duration::ZERO,
            Some(_) if has_news && !self.is_silent(now) => Duration::ZERO,
            Some(sent) => (sent + HEARTBEAT).saturating_duration_since(now),
        }
    }

    /// Whether the follower has not answered for so long that entries would be wasted on it.
    pub(crate) fn is_silent(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.heard) > SILENCE
    }

    /// A message with `count` entries leaves.
    pub(crate) fn sent(&mut self, count: usize, now: Instant) {
        self.sent = Some(now);
        self.unacknowledged = (count > 0).then(|| self.next_index + count as LogIndex - 1);
    }

    /// The follower answered.
    pub(crate) fn heard(&mut self, now: Instant) {
        self.heard = now;
    }

    /// The follower's log matches up to `index`, as computed from what was sent. Replies may come
    /// late and in any order; what matched once does so for the rest of the term.
    pub(crate) fn matched(&mut self, index: LogIndex) {
        self.match_index = self.match_index.max(index);
        self.next_index = self.next_index.max(self.match_index + 1);
        if self.unacknowledged.is_some_and(|last| last <= self.match_index) {
            self.unacknowledged = None;
        }
    }

    /// The follower did not hold the entry at `prev` and suggests to go on at `hint` (§5.3).
    ///
    /// A refusal of what has matched since is late. One that does not lower the next index tells
    /// nothing new either: what is on its way starts there already.
    pub(crate) fn refused(&mut self, prev: LogIndex, hint: LogIndex) {
        if prev <= self.match_index {
            return;
        }
        let next = hint.min(prev).max(self.match_index + 1);
        if next < self.next_index {
            self.next_index = next;
            self.unacknowledged = None;
        }
    }
}

impl From<&Progress> for Follower {
    fn from(progress: &Progress) -> Self {
        Self { id: progress.id, next_index: progress.next_index, match_index: progress.match_index }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn indices(progress: &Progress) -> (LogIndex, LogIndex) {
        (progress.next_index, progress.match_index)
    }

    #[test]
    fn a_new_leaders_first_message_is_due_at_once() {
        let now = Instant::now();
        assert_eq!(Progress::new(1, 5, 0, now).due(4, now), Duration::ZERO);
    }

    #[test]
    fn an_idle_follower_gets_one_message_each_heartbeat() {
        let now = Instant::now();
        let mut follower = Progress::new(1, 5, 4, now);
        follower.sent(0, now);
        assert_eq!(follower.due(4, now), HEARTBEAT);
        assert_eq!(follower.due(4, now + MS * 40), MS * 60);
        assert_eq!(follower.due(4, now + HEARTBEAT), Duration::ZERO);
    }

    #[test]
    fn entries_leave_at_once_and_later_ones_share_the_next_message() {
        let now = Instant::now();
        let mut follower = Progress::new(1, 5, 4, now);
        follower.sent(0, now);
        assert_eq!(follower.due(5, now), Duration::ZERO, "entry 5 was started");
        follower.sent(1, now);
        assert_eq!(follower.due(8, now), HEARTBEAT, "entries 6 to 8 wait for the reply to 5");
        follower.matched(5);
        assert_eq!(follower.due(8, now), Duration::ZERO);
        assert_eq!(indices(&follower), (6, 5));
    }

    #[test]
    fn a_heartbeat_waits_for_no_reply_and_starts_over() {
        let now = Instant::now();
        let mut follower = Progress::new(1, 5, 4, now);
        follower.sent(3, now);
        assert_eq!(follower.due(7, now + HEARTBEAT), Duration::ZERO);
        assert_eq!(indices(&follower), (5, 4), "sending moves neither index");
    }

    #[test]
    fn replies_may_come_in_any_order() {
        let mut follower = Progress::new(1, 5, 4, Instant::now());
        for (matched, expected) in [(7, (8, 7)), (5, (8, 7)), (4, (8, 7)), (9, (10, 9))] {
            follower.matched(matched);
            assert_eq!(indices(&follower), expected, "after a match at {matched}");
        }
    }

    #[test]
    fn refusals_lower_the_next_index_but_never_into_what_matched() {
        let table = [
            // prev, hint, next index afterwards; next is 9 and match 3 before
            (8, 6, 6),
            (8, 2, 4),
            (8, 0, 4),
            (8, 20, 8),
            (3, 1, 9),
            (2, 1, 9),
        ];
        for (prev, hint, expected) in table {
            let mut follower = Progress::new(1, 9, 3, Instant::now());
            follower.refused(prev, hint);
            assert_eq!(indices(&follower), (expected, 3), "prev {prev}, hint {hint}");
        }
    }

    #[test]
    fn a_repeated_refusal_sends_nothing_twice() {
        let now = Instant::now();
        let mut follower = Progress::new(1, 9, 3, now);
        follower.refused(8, 6);
        follower.sent(3, now);
        follower.refused(8, 6);
        assert_eq!(follower.due(8, now), HEARTBEAT);
    }

    #[test]
    fn a_silent_follower_gets_heartbeats_only_until_it_answers() {
        let now = Instant::now();
        let mut follower = Progress::new(1, 5, 4, now);
        let later = now + SILENCE + MS;
        follower.sent(0, later);
        assert!(follower.is_silent(later));
        assert_eq!(follower.due(8, later), HEARTBEAT);
        follower.heard(later);
        assert_eq!(follower.due(8, later), Duration::ZERO);
    }
}
