//! Replication: a leader sends its log, followers take it, and both learn what is committed (§5.3, §5.4.2).

use contracts::raft::{AppendEntriesArgs, AppendEntriesReply, ServerId};

use super::State;

impl State {
    /// What the leader sends to `peer` now: the entries from its next index on; none of them is
    /// a heartbeat, and nothing else about it is special (§5.2, §5.3).
    ///
    /// `prev_log_index` and `prev_log_term` are those of the entry right before: the follower takes the
    /// entries only if its own log agrees there.
    pub(super) fn message_for(&self, peer: ServerId) -> AppendEntriesArgs {
        todo!("make the AppendEntries for one follower")
    }

    /// Answers a leader's AppendEntries, a heartbeat included (Figure 2, "AppendEntries RPC").
    ///
    /// 1. A later term is entered first. A leader of an earlier term is refused, and *nothing* changes: not
    ///    even the timer (§5.1).
    /// 2. Whoever sends in the current term is its leader. A candidate gives up (§5.2), and the election
    ///    timer is restarted.
    /// 3. Without an entry of `prev_log_term` at `prev_log_index` it is refused, and the log stays as it is
    ///    (§5.3). `next_index` of the reply then says where the leader should go on: one past the
    ///    end when this log is too short, else the *first* index of the conflicting term, which skips
    ///    that whole term at once (§5.3, at its end).
    /// 4. Where an entry of this log conflicts with one that came (same index, another term), it goes, and
    ///    all that follow it go, too. Where none conflicts *nothing* goes: the message may be an old one, and
    ///    what follows may have been acknowledged since.
    /// 5. What is missing is appended, and saved before the answer.
    /// 6. The commit index rises to the leader's, but never past the last entry that *this message*
    ///    vouches for, which is `prev_log_index` plus the number of its entries. It never goes back.
    pub(super) fn append_entries(&mut self, args: AppendEntriesArgs) -> AppendEntriesReply {
        todo!("answer AppendEntries")
    }

    /// Uses the answer of server `from` to `args` (Figure 2, "Leaders").
    ///
    /// The answer may be old. It counts only in the term in which `args` was sent, and only if this server
    /// still leads it.
    ///
    /// On success the follower has what was *sent*: compute its match index from `args`. The log may
    /// have grown since, and a late answer must not take the match index back. On a refusal, go on from the
    /// answer's `next_index`, though never below what is known to match.
    pub(super) fn handle_append_reply(
        &mut self,
        from: ServerId,
        args: AppendEntriesArgs,
        reply: AppendEntriesReply,
    ) {
        todo!("use the answer to an AppendEntries")
    }

    /// As a leader, advances the commit index (the last rule for leaders in Figure 2, §5.4.2).
    ///
    /// An index is committed when a majority has it *and* its entry is of the current term. An entry of an
    /// earlier term may be on a majority and still be overwritten (Figure 8). The leader counts for itself.
    pub(super) fn update_commit_index(&mut self) {
        todo!("advance the commit index")
    }
}
