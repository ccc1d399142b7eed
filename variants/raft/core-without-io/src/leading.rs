//! The sending side of replication (§5.3, §5.4.2).

use contracts::raft::{
    AppendEntriesArgs, AppendEntriesReply, Command, Entry, LogIndex, ServerId, Started,
};
use tracing::debug;

use crate::core::{Core, Role};
use crate::message::Request;
use crate::progress::Progress;

impl Core {
    /// Becomes the leader of its term.
    pub(crate) fn lead(&mut self) {
        debug!(server = self.me, term = self.durable.term(), "leads");
        let next = self.durable.last_index() + 1;
        let new = |id: &ServerId| (*id, Progress::new(next, 0, self.now));
        self.role = Role::Leader { followers: self.others.iter().map(new).collect() };
    }

    /// Takes a client's command, as leader.
    pub(crate) fn start(&mut self, command: Command) -> Option<Started> {
        if !self.is_leader() {
            return None;
        }
        let term = self.durable.term();
        self.durable.append(Entry { term, command });
        self.advance_commit();
        Some(Started { index: self.durable.last_index(), term })
    }

    /// Sends whatever is due to followers.
    pub(crate) fn send_due(&mut self) {
        let (now, last) = (self.now, self.durable.last_index());
        let Role::Leader { followers } = &self.role else { return };
        let is_due = |id: &ServerId| followers[id].due(last) <= now && self.may_call(*id);
        let due: Vec<ServerId> = followers.keys().copied().filter(is_due).collect();
        for id in due {
            if let Some(args) = self.next_append(id) {
                self.send(id, Request::Append(args));
            }
        }
    }

    /// The next message to `peer`: heartbeat and append are the same thing.
    fn next_append(&mut self, peer: ServerId) -> Option<AppendEntriesArgs> {
        let Role::Leader { followers } = &mut self.role else { return None };
        let progress = followers.get_mut(&peer)?;
        let prev = progress.next - 1;
        let available = self.durable.entries_from(progress.next);
        let count = progress.send(available.len(), self.now);
        Some(AppendEntriesArgs {
            term: self.durable.term(),
            leader_id: self.me,
            prev_log_index: prev,
            prev_log_term: self.durable.term_at(prev)?,
            entries: available[..count].to_vec(),
            leader_commit: self.commit_index,
        })
    }

    /// Uses a reply, however old, to what was sent in this server's current leadership.
    pub(crate) fn handle_append_reply(
        &mut self,
        from: ServerId,
        args: &AppendEntriesArgs,
        reply: &AppendEntriesReply,
    ) {
        self.observe_term(reply.term);
        if reply.term != args.term {
            return;
        }
        let Some(progress) = self.progress_in(args, from) else { return };
        if reply.success {
            progress.accepted(args.prev_log_index + args.entries.len() as LogIndex);
        } else {
            progress.refused(args.prev_log_index, reply.next_index);
        }
        self.advance_commit();
    }

    /// No reply will come to what was sent.
    pub(crate) fn handle_no_append_reply(&mut self, from: ServerId, args: &AppendEntriesArgs) {
        if let Some(progress) = self.progress_in(args, from) {
            progress.unanswered(args.prev_log_index + args.entries.len() as LogIndex);
        }
    }

    /// The progress of `peer`, if this server still leads the term in which it sent `args`.
    fn progress_in(&mut self, args: &AppendEntriesArgs, peer: ServerId) -> Option<&mut Progress> {
        match &mut self.role {
            Role::Leader { followers } if args.term == self.durable.term() => {
                followers.get_mut(&peer)
            }
            _ => None,
        }
    }

    /// Commits the highest entry that a majority holds, if it is of this term.
    pub(crate) fn advance_commit(&mut self) {
        let Role::Leader { followers } = &self.role else { return };
        let mut held: Vec<LogIndex> = followers.values().map(|f| f.matched).collect();
        held.push(self.durable.last_index());
        held.sort_unstable_by(|a, b| b.cmp(a));
        let index = held[self.majority() - 1];
        if self.durable.term_at(index) == Some(self.durable.term()) {
            self.commit_index = self.commit_index.max(index);
        }
    }
}
