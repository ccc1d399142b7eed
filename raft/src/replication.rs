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
            self.signals.replicate[from].notify_all();
        }
        self.update_commit_index();
    }

    /// A call to each of `peers` begins, save those that let too many wait. Returns whom to call.
    pub(crate) fn begin_calls(&mut self, mut peers: Vec<ServerId>) -> Vec<ServerId> {
        peers.retain(|peer| self.calls.may_begin(*peer));
        for peer in &peers {
            self.calls.begin(*peer);
        }
        peers
    }

    /// A call to `peer` is over, answered or not.
    pub(crate) fn end_call(&mut self, peer: ServerId) {
        if self.calls.end(peer) {
            self.signals.replicate[peer].notify_all();
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
                Some(remaining) => state.wait_timeout(&self.signals.replicate[peer], remaining),
                None => state.wait(&self.signals.replicate[peer]),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{follower, leader};
    use crate::timing::{HEARTBEAT, MAX_OUTSTANDING, SILENCE};

    fn reply(success: bool, next_index: LogIndex) -> AppendEntriesReply {
        AppendEntriesReply { term: 1, success, next_index }
    }

    #[test]
    fn only_a_leader_has_something_to_send() {
        assert_eq!(follower().append_due(1, Instant::now()), None);
        assert_eq!(leader(0).append_due(1, Instant::now()), Some(Duration::ZERO));
    }

    #[test]
    fn a_message_carries_what_the_follower_lacks_and_the_commit_index() {
        let (mut state, now) = (leader(3), Instant::now());
        let first = state.next_append(1, now);
        assert_eq!((first.prev_log_index, first.entries.len(), first.leader_commit), (0, 3, 0));
        assert_eq!(state.append_due(1, now), Some(HEARTBEAT));
        state.handle_append_reply(1, &first, &reply(true, 4));
        assert_eq!(state.commit_index, 3);
        let next = state.next_append(1, now + HEARTBEAT);
        assert_eq!((next.prev_log_index, next.entries.len(), next.leader_commit), (3, 0, 3));
    }

    #[test]
    fn a_refusal_goes_back_to_the_hint_at_once() {
        let (mut state, now) = (leader(0), Instant::now());
        for _ in 0..3 {
            state.stable.append(crate::fixtures::entry(1));
        }
        let Some(progress) = state.progress_mut(2) else { unreachable!() };
        *progress = Progress::new(2, 4, 0, now);
        let first = state.next_append(2, now);
        assert_eq!(first.prev_log_index, 3);
        state.handle_append_reply(2, &first, &reply(false, 2));
        assert_eq!(state.append_due(2, now), Some(Duration::ZERO));
        assert_eq!(state.next_append(2, now).prev_log_index, 1);
    }

    #[test]
    fn a_follower_far_behind_is_sent_parts() {
        let (mut state, now) = (leader(2_500), Instant::now());
        let mut sizes = Vec::new();
        while state.progress(1).is_some_and(|p| p.match_index < 2_500) {
            assert_eq!(state.append_due(1, now), Some(Duration::ZERO));
            let args = state.next_append(1, now);
            sizes.push(args.entries.len());
            state.handle_append_reply(1, &args, &reply(true, 0));
        }
        assert_eq!(sizes, [1_000, 1_000, 500]);
    }

    #[test]
    fn a_silent_follower_is_sent_no_entries() {
        let mut state = leader(3);
        let late = Instant::now() + SILENCE + HEARTBEAT;
        assert!(state.next_append(1, late).entries.is_empty());
    }

    #[test]
    fn a_follower_that_never_answers_is_sent_a_bounded_number_of_messages() {
        let (mut state, now) = (leader(3), Instant::now());
        let last = (0..MAX_OUTSTANDING).map(|_| state.next_append(1, now)).last();
        assert_eq!(state.append_due(1, now + HEARTBEAT), None);
        state.end_call(1);
        state.handle_append_reply(1, &last.unwrap(), &reply(true, 4));
        assert_eq!(state.append_due(1, now + HEARTBEAT), Some(Duration::ZERO));
    }
}
