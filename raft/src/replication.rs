//! A leader: sends AppendEntries and uses the replies (§5.3).
//!
//! Each follower has a replicator, a thread that decides when to send. Each message is sent by a
//! thread of its own, which waits for the reply: a call to an unreachable server may hang for
//! seconds, and heartbeats must go on.

use std::sync::Arc;

use contracts::raft::{APPEND_ENTRIES, AppendEntriesArgs, AppendEntriesReply, LogIndex, ServerId};
use labrt::time::{Duration, Instant};
use tracing::trace;

use crate::progress::Progress;
use crate::role::Role;
use crate::server::Server;
use crate::state::State;
use crate::timing::MAX_ENTRIES;

/// Requires the lock.
impl State {
    fn progress(&self, peer: ServerId) -> Option<&Progress> {
        match &self.role {
            Role::Leader { followers } => followers.iter().find(|f| f.id == peer),
            _ => None,
        }
    }

    fn progress_mut(&mut self, peer: ServerId) -> Option<&mut Progress> {
        match &mut self.role {
            Role::Leader { followers } => followers.iter_mut().find(|f| f.id == peer),
            _ => None,
        }
    }

    /// How long until a message to `peer` is due; `None` as long as nothing else happens: this
    /// server does not lead, or too many calls to that peer are outstanding.
    fn append_due(&self, peer: ServerId, now: Instant) -> Option<Duration> {
        if !self.calls.may_begin(peer) {
            return None;
        }
        let due = self.progress(peer)?.due(self.log().last_index(), now);
        Some(due)
    }

    /// The next message to `peer`: heartbeat and append are the same thing.
    fn next_append(&mut self, peer: ServerId, now: Instant) -> AppendEntriesArgs {
        let progress = self.progress(peer).expect("only a leader appends");
        let prev = progress.next_index - 1;
        let limit = if progress.is_silent(now) { 0 } else { MAX_ENTRIES };
        let entries = self.log().entries_from(prev + 1, limit).to_vec();
        let count = entries.len();
        trace!(server = self.me, peer, prev, count, "append");
        if let Some(progress) = self.progress_mut(peer) {
            progress.sent(count, now);
        }
        self.calls.begin(peer);
        AppendEntriesArgs {
            term: self.current_term(),
            leader_id: self.me,
            prev_log_index: prev,
            prev_log_term: self.log().term_at(prev).expect("next is at most last + 1"),
            entries,
            leader_commit: self.commit_index,
        }
    }

    /// Handles the reply of server `from` to `args`.
    ///
    /// The reply is used however old it is, as long as this server still leads the term in which it
    /// asked.
    pub(crate) fn handle_append_reply(
        &mut self,
        from: ServerId,
        args: &AppendEntriesArgs,
        reply: &AppendEntriesReply,
    ) {
        if self.killed {
            return;
        }
        self.observe_term(reply.term);
        if args.term != self.current_term() || reply.term != self.current_term() {
            return;
        }
        let (now, last) = (Instant::now(), self.log().last_index());
        let Some(progress) = self.progress_mut(from) else {
            return;
        };
        progress.heard(now);
        let prev = args.prev_log_index;
        if reply.success {
            progress.matched(prev + args.entries.len() as LogIndex);
        } else {
            progress.refused(prev, reply.next_index);
        }
        if progress.due(last, now).is_zero() {
            self.signals.replicate.notify_all();
        }
        self.update_commit_index();
    }

    /// A call to each other server begins, save those that let too many wait. Returns whom to call.
    pub(crate) fn begin_calls_to_all(&mut self) -> Vec<ServerId> {
        let mut peers = self.others.clone();
        peers.retain(|peer| self.calls.may_begin(*peer));
        for peer in &peers {
            self.calls.begin(*peer);
        }
        peers
    }

    /// A call to `peer` is over, answered or not.
    pub(crate) fn end_call(&mut self, peer: ServerId) {
        if self.calls.end(peer) {
            self.signals.replicate.notify_all();
        }
    }
}

/// Excludes the lock.
impl Server {
    /// The replicator of `peer`.
    pub(crate) fn replicate_to(self: &Arc<Self>, peer: ServerId) {
        while let Some(args) = self.await_append(peer) {
            self.spawn("append", move |server| server.send_append(peer, &args));
        }
    }

    /// Sleeps until a message to `peer` is due and returns it; `None` once the server was killed.
    fn await_append(&self, peer: ServerId) -> Option<AppendEntriesArgs> {
        let mut state = self.lock();
        while !state.killed {
            let now = Instant::now();
            state = match state.append_due(peer, now) {
                Some(Duration::ZERO) => return Some(state.next_append(peer, now)),
                Some(remaining) => state.wait_timeout(&self.signals.replicate, remaining),
                None => state.wait(&self.signals.replicate),
            };
        }
        None
    }

    fn send_append(&self, peer: ServerId, args: &AppendEntriesArgs) {
        let reply = self.peers[peer].call(APPEND_ENTRIES, args);
        let mut state = self.lock();
        state.end_call(peer);
        if let Ok(reply) = reply {
            state.handle_append_reply(peer, args, &reply);
        }
    }
}
