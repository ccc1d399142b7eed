//! The sending side of replication (§5.3, §5.4.2, §8).

use contracts::raft::{AppendEntriesReply, Command, LogIndex, ServerId, Started};
use labrt::time::Instant;
use tracing::debug;

use crate::message::{AppendLog, Entry};
use crate::state::{Role, State};
use crate::timing::{HEARTBEAT, MAX_ENTRIES};

/// What a leader knows of a follower.
#[derive(Debug)]
pub(crate) struct Follower {
    /// The next entry to send, and the last that it is known to hold (Figure 2).
    next: LogIndex,
    matched: LogIndex,
    /// When the last message left; none before the first.
    sent: Option<Instant>,
    /// Whether the last message found no answer in time. Then entries are spared until one comes.
    doubtful: bool,
}

impl Follower {
    /// When the next message is due, from a log that ends at `last`; `None` for at once.
    fn due(&self, last: LogIndex) -> Option<Instant> {
        let has_news = self.next <= last && !self.doubtful;
        self.sent.filter(|_| !has_news).map(|sent| sent + HEARTBEAT)
    }

    fn matches(&mut self, index: LogIndex) {
        self.matched = self.matched.max(index);
        self.next = self.next.max(self.matched + 1);
    }

    /// It lacks the entry at `prev` and suggests to go on at `hint`. What it has acknowledged it keeps,
    /// whatever an old refusal says.
    fn refuses(&mut self, prev: LogIndex, hint: LogIndex) {
        if prev > self.matched {
            self.next = self.next.min(hint.clamp(self.matched + 1, prev));
        }
    }
}

impl State {
    /// Becomes the leader of its term, which begins with a no-op (§8).
    pub(crate) fn lead(&mut self) {
        let term = self.term();
        debug!(server = self.me, term, "leads");
        let next = self.log().last_index() + 1;
        let new = |id: &ServerId| (*id, Follower { next, matched: 0, sent: None, doubtful: false });
        self.role = Role::Leader { followers: self.lines.keys().map(new).collect() };
        self.stable.append(Entry { term, command: None });
        self.advance_commit();
    }

    /// Takes a client's command, as leader.
    pub(crate) fn start(&mut self, command: Command) -> Option<Started> {
        if self.killed || !self.is_leader() {
            return None;
        }
        let term = self.term();
        self.stable.append(Entry { term, command: Some(command) });
        self.advance_commit();
        Some(Started { index: self.log().last_number(), term })
    }

    fn follower_mut(&mut self, id: ServerId) -> Option<&mut Follower> {
        match &mut self.role {
            Role::Leader { followers } => followers.get_mut(&id),
            _ => None,
        }
    }

    /// When the next message to `follower` is due; `None` for at once.
    pub(crate) fn append_due(&self, follower: &Follower) -> Option<Instant> {
        follower.due(self.log().last_index())
    }

    /// The next message to the follower `id`: all that it may lack, or a heartbeat.
    pub(crate) fn next_append(&mut self, id: ServerId, now: Instant) -> Option<AppendLog> {
        let follower = self.follower_mut(id)?;
        follower.sent = Some(now);
        let (prev, limit) = (follower.next - 1, if follower.doubtful { 0 } else { MAX_ENTRIES });
        Some(AppendLog {
            term: self.term(),
            leader_id: self.me,
            prev_log_index: prev,
            prev_log_term: self.log().term_at(prev)?,
            entries: self.log().slice(prev + 1, limit).to_vec(),
            leader_commit: self.commit_index,
        })
    }

    /// The follower `id` lets this leader wait, or will never answer.
    pub(crate) fn doubt(&mut self, id: ServerId) {
        if let Some(follower) = self.follower_mut(id) {
            follower.doubtful = true;
        }
    }

    /// Handles the reply of `from` to `args`, however late it comes in this leadership.
    pub(crate) fn handle_append_reply(
        &mut self,
        from: ServerId,
        args: &AppendLog,
        reply: &AppendEntriesReply,
    ) {
        self.observe_term(reply.term);
        if args.term != self.term() || reply.term != self.term() {
            return;
        }
        let Some(follower) = self.follower_mut(from) else { return };
        follower.doubtful = false;
        if reply.success {
            follower.matches(args.last_index());
        } else {
            follower.refuses(args.prev_log_index, reply.next_index);
        }
        self.advance_commit();
    }

    /// Commits what a majority holds, up to an entry of this term (§5.4.2).
    fn advance_commit(&mut self) {
        let Role::Leader { followers } = &self.role else { return };
        let mut held: Vec<LogIndex> = followers.values().map(|f| f.matched).collect();
        held.push(self.log().last_index());
        held.sort_unstable_by(|a, b| b.cmp(a));
        let index = held[self.majority() - 1];
        if self.log().term_at(index) == Some(self.term()) {
            self.commit_up_to(index);
        }
    }
}
