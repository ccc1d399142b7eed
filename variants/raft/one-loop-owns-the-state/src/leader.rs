//! Replicates the log (§5.3, §5.4.2).

use contracts::raft::{
    AppendEntriesArgs, AppendEntriesReply, Command, Entry, LogIndex, ServerId, Started,
};
use labrt::time::Instant;
use tracing::debug;

use crate::event::Sent;
use crate::node::{Node, Role};
use crate::peer::Peer;

impl Node {
    /// An election was won.
    pub(crate) fn lead(&mut self) {
        debug!(server = self.me, term = self.term(), "leads");
        let (last, now) = (self.log().last_index(), Instant::now());
        self.role = Role::Leader(self.others().map(|id| (id, Peer::new(last, now))).collect());
    }

    /// Takes a client's command.
    pub(crate) fn start(&mut self, command: Command) -> Option<Started> {
        if !self.is_leader() {
            return None;
        }
        let term = self.term();
        self.stable.append(Entry { term, command });
        self.advance_commit();
        Some(Started { index: self.log().last_index(), term })
    }

    /// Sends each follower what is due.
    pub(crate) fn send_due_appends(&mut self, now: Instant) {
        let Role::Leader(peers) = &mut self.role else { return };
        let log = self.stable.log();
        for (id, peer) in peers {
            peer.notice_stall(now);
            while self.calls.may_call(*id) && peer.due(log.last_index()).is_none_or(|at| now >= at)
            {
                let first = peer.next();
                let entries = log.from(first, peer.room()).to_vec();
                peer.sent(entries.len() as LogIndex, now);
                let args = AppendEntriesArgs {
                    term: self.stable.term(),
                    leader_id: self.me,
                    prev_log_index: first - 1,
                    prev_log_term: log.term_at(first - 1).expect("next is at most last + 1"),
                    entries,
                    leader_commit: self.commit_index,
                };
                self.calls.append_entries(*id, args);
            }
        }
    }

    /// When the next message to any follower is due. Those that were due at once have left.
    pub(crate) fn next_append(&self) -> Option<Instant> {
        let Role::Leader(peers) = &self.role else { return None };
        let last = self.log().last_index();
        let callable = peers.iter().filter(|(id, _)| self.calls.may_call(**id));
        callable.filter_map(|(_, peer)| peer.due(last)).min()
    }

    /// Handles the answer of `from` to what was `sent`, or that there is none.
    pub(crate) fn appended(
        &mut self,
        from: ServerId,
        sent: Sent,
        reply: Option<&AppendEntriesReply>,
    ) {
        if let Some(reply) = reply {
            self.observe_term(reply.term);
        }
        // Of an earlier term it means nothing: the follower may have lost those entries since.
        if sent.term != self.term() {
            return;
        }
        let Role::Leader(peers) = &mut self.role else { return };
        let Some(peer) = peers.get_mut(&from) else { return };
        match reply.filter(|reply| reply.term == sent.term) {
            None => peer.lost(sent),
            Some(AppendEntriesReply { success: true, .. }) => peer.accepted(sent, Instant::now()),
            Some(AppendEntriesReply { next_index, .. }) => peer.refused(sent, *next_index),
        }
        self.advance_commit();
    }

    /// Commits what a majority holds, up to an entry of this term (§5.4.2).
    fn advance_commit(&mut self) {
        let Role::Leader(peers) = &self.role else { return };
        let mut held: Vec<LogIndex> = peers.values().map(Peer::matched).collect();
        held.push(self.log().last_index());
        held.sort_unstable();
        let index = held[held.len() - self.majority()];
        if self.log().term_at(index) == Some(self.term()) {
            self.commit_index = self.commit_index.max(index);
        }
    }
}
