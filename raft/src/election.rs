//! A candidate: starts an election, asks for votes, counts them (§5.2).
//!
//! Who does not answer is asked again (§5.1), until the election is over: where most messages are lost
//! or late, the first ballots of an election seldom decide it.

use std::sync::Arc;

use contracts::raft::{REQUEST_VOTE, RequestVoteArgs, RequestVoteReply, ServerId};
use labrt::time::{Duration, Instant};
use tracing::trace;

use crate::commit::majority;
use crate::role::Role;
use crate::server::Server;
use crate::state::State;
use crate::timing::BALLOT;

/// Requires the lock.
impl State {
    /// The election timer has run out: becomes a candidate of a new term. Returns the ballot for
    /// every other server.
    pub(crate) fn start_election(&mut self) -> RequestVoteArgs {
        self.become_candidate();
        self.restart_timer();
        let ballot = self.ballot();
        self.win_with_majority();
        ballot
    }

    fn ballot(&self) -> RequestVoteArgs {
        RequestVoteArgs {
            term: self.current_term(),
            candidate_id: self.me,
            last_log_index: self.log().last_index(),
            last_log_term: self.log().last_term(),
        }
    }

    /// How long until a candidate asks those again that have not answered; `None` when there are none
    /// or somebody leads already.
    fn time_to_ask_again(&self, now: Instant) -> Option<Duration> {
        match &self.role {
            Role::Candidate { unanswered, ask_again, .. } if !unanswered.is_empty() => {
                Some(ask_again.saturating_duration_since(now))
            }
            _ => None,
        }
    }

    /// A candidate asks again: the ballot, and the voters that have not answered it.
    fn ask_again(&mut self, now: Instant) -> (RequestVoteArgs, Vec<ServerId>) {
        let Role::Candidate { unanswered, ask_again, .. } = &mut self.role else {
            panic!("only a candidate asks for votes (Figure 4)");
        };
        *ask_again = now + BALLOT;
        let voters = unanswered.iter().copied().collect();
        (self.ballot(), voters)
    }

    /// Handles the reply of server `from` to the ballot `args`.
    pub(crate) fn handle_vote_reply(
        &mut self,
        from: ServerId,
        args: &RequestVoteArgs,
        reply: &RequestVoteReply,
    ) {
        if self.killed {
            return;
        }
        trace!(server = self.me, from, term = args.term, granted = reply.vote_granted, "vote");
        self.observe_term(reply.term);
        // A vote counts in the term it was asked for and given in, and in no other.
        let current = args.term == self.current_term() && reply.term == self.current_term();
        if let Role::Candidate { votes, unanswered, .. } = &mut self.role
            && current
        {
            unanswered.remove(&from);
            if reply.vote_granted {
                votes.insert(from);
                self.win_with_majority();
            }
        }
    }

    fn win_with_majority(&mut self) {
        if let Role::Candidate { votes, .. } = &self.role
            && votes.len() >= majority(self.cluster_size())
        {
            self.become_leader();
        }
    }
}

/// Excludes the lock.
impl Server {
    /// The thread that holds an election each time the timer runs out.
    pub(crate) fn run_elections(self: &Arc<Self>) {
        while let Some((ballot, voters)) = self.await_ballots() {
            for peer in voters {
                let ballot = ballot.clone();
                self.spawn("ballot", move |server| server.send_ballot(peer, &ballot));
            }
        }
    }

    /// Sleeps until the election timer's deadline, wherever it moves, and starts an election; or until
    /// voters of the one that goes on are to be asked again. Returns the ballot and whom to send it
    /// to; `None` once the server was killed.
    fn await_ballots(&self) -> Option<(RequestVoteArgs, Vec<ServerId>)> {
        let mut state = self.lock();
        while !state.killed {
            // A leader holds no elections; stepping down wakes this thread.
            if state.is_leader() {
                state = state.wait(&self.signals.timer);
                continue;
            }
            let now = Instant::now();
            let timer = state.timer.remaining();
            if timer.is_zero() {
                let ballot = state.start_election();
                let voters = state.others.clone();
                return Some((ballot, state.begin_calls(voters)));
            }
            let again = state.time_to_ask_again(now).unwrap_or(timer);
            if again.is_zero() {
                let (ballot, voters) = state.ask_again(now);
                return Some((ballot, state.begin_calls(voters)));
            }
            state = state.wait_timeout(&self.signals.timer, timer.min(again));
        }
        None
    }

    fn send_ballot(&self, peer: ServerId, ballot: &RequestVoteArgs) {
        let reply = self.peers[peer].call(REQUEST_VOTE, ballot);
        let mut state = self.lock();
        state.end_call(peer);
        if let Ok(reply) = reply {
            state.handle_vote_reply(peer, ballot, &reply);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::follower;

    const GRANTED: RequestVoteReply = RequestVoteReply { term: 1, vote_granted: true };

    #[test]
    fn a_majority_wins_and_the_first_messages_are_due_at_once() {
        let mut state = follower();
        let ballot = state.start_election();
        assert!(!state.is_leader(), "one vote of three");
        state.handle_vote_reply(2, &ballot, &GRANTED);
        assert!(state.is_leader());
        let Role::Leader { followers } = &state.role else { unreachable!() };
        let now = labrt::time::Instant::now();
        assert!(followers.iter().all(|f| f.due(0, now).is_zero()));
    }

    #[test]
    fn a_vote_counts_only_in_its_election() {
        let mut state = follower();
        let old = state.start_election();
        state.start_election();
        state.handle_vote_reply(2, &old, &GRANTED);
        assert!(!state.is_leader());
    }

    #[test]
    fn voters_are_asked_again_until_they_answer() {
        let mut state = follower();
        let now = Instant::now();
        assert_eq!(state.time_to_ask_again(now), None, "a follower asks nobody");
        let ballot = state.start_election();
        assert!(state.time_to_ask_again(now).is_some_and(|time| !time.is_zero()));

        let refused = RequestVoteReply { term: 1, vote_granted: false };
        state.handle_vote_reply(1, &ballot, &refused);
        let later = now + BALLOT * 2;
        assert_eq!(state.time_to_ask_again(later), Some(Duration::ZERO));
        assert_eq!(state.ask_again(later), (ballot.clone(), vec![2]), "server 1 has answered");
        assert_eq!(state.time_to_ask_again(later), Some(BALLOT));

        state.handle_vote_reply(2, &ballot, &refused);
        assert_eq!(state.time_to_ask_again(later + BALLOT), None, "all have answered");
    }

    #[test]
    fn who_has_not_answered_in_an_election_is_asked_in_the_next() {
        let mut state = follower();
        let old = state.start_election();
        state.handle_vote_reply(1, &old, &RequestVoteReply { term: 1, vote_granted: false });
        let ballot = state.start_election();
        assert_eq!(state.ask_again(Instant::now()), (ballot, vec![1, 2]));
    }

    #[test]
    fn a_killed_candidate_is_never_elected() {
        let mut state = follower();
        let ballot = state.start_election();
        state.kill();
        state.handle_vote_reply(2, &ballot, &GRANTED);
        assert!(matches!(state.role, Role::Candidate { .. }));
    }
}
