//! Follower, candidate, leader, and the transitions between them (§5.1, Figure 4).
//!
//! A transition that Figure 4 does not draw is a bug of this crate, and panics.

use std::collections::BTreeSet;

use contracts::raft::{ServerId, Term};
use labrt::time::Instant;
use tracing::info;

use crate::commit::majority;
use crate::progress::Progress;
use crate::state::State;
use crate::timing::BALLOT;

/// A server's role, with what only that role knows.
#[derive(Debug)]
pub(crate) enum Role {
    /// Answers to leaders and candidates.
    Follower,
    /// Runs for leader.
    Candidate {
        /// Who voted for it in this term, itself included.
        votes: BTreeSet<ServerId>,
        /// Who has not answered its ballot.
        unanswered: BTreeSet<ServerId>,
        /// When it asks these again.
        ask_again: Instant,
    },
    /// Handles all client requests.
    Leader {
        /// One for each other server, in order.
        followers: Vec<Progress>,
    },
}

impl Role {
    /// A candidate that has its own vote, and has just asked the others.
    pub(crate) fn candidate(me: ServerId, others: &[ServerId]) -> Self {
        Self::Candidate {
            votes: BTreeSet::from([me]),
            unanswered: others.iter().copied().collect(),
            ask_again: Instant::now() + BALLOT,
        }
    }
}

/// Requires the lock.
impl State {
    /// "Discovers current leader or new term": any server in a later term, a candidate also in its
    /// own.
    pub(crate) fn become_follower(&mut self, term: Term) {
        let later = term > self.current_term();
        assert!(later || term == self.current_term(), "terms only increase (§5.1)");
        assert!(
            later || !matches!(self.role, Role::Leader { .. }),
            "server {} leads term {term} and met another leader of it (§5.2, election safety)",
            self.me
        );
        if later {
            self.stable.enter_term(term);
        }
        match std::mem::replace(&mut self.role, Role::Follower) {
            Role::Follower => return,
            Role::Candidate { .. } => {}
            // A leader's timer stood still, and its ticker waits for this moment.
            Role::Leader { .. } => {
                self.timer.restart();
                self.signals.timer.notify_one();
            }
        }
        info!(server = self.me, term, "follower");
    }

    /// "Times out, starts election" or "times out, new election": enters a new term and votes for
    /// itself.
    pub(crate) fn become_candidate(&mut self) {
        assert!(
            !matches!(self.role, Role::Leader { .. }),
            "a leader does not run for leader (Figure 4)"
        );
        self.stable.enter_term(self.current_term() + 1);
        self.stable.vote_for(self.me);
        self.role = Role::candidate(self.me, &self.others);
        info!(server = self.me, term = self.current_term(), "candidate");
    }

    /// "Receives votes from majority of servers": its first AppendEntries leave at once.
    pub(crate) fn become_leader(&mut self) {
        let Role::Candidate { votes, .. } = &self.role else {
            panic!("only a candidate becomes leader (Figure 4)");
        };
        assert!(
            votes.len() >= majority(self.cluster_size()),
            "only a majority elects a leader (§5.2)"
        );
        let (next, now) = (self.log().last_index() + 1, Instant::now());
        let progress = |id: &ServerId| Progress::new(*id, next, 0, now);
        self.role = Role::Leader { followers: self.others.iter().map(progress).collect() };
        info!(server = self.me, term = self.current_term(), "leader");
        self.signals.replicate_to_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{follower, leader, vote};

    #[test]
    fn a_term_in_figure_4() {
        let mut state = follower();
        state.become_candidate();
        assert_eq!((state.current_term(), state.stable.voted_for()), (1, Some(0)));
        state.become_candidate();
        assert_eq!(state.current_term(), 2);
        vote(&mut state, 1);
        state.become_leader();
        assert!(state.is_leader());
        state.become_follower(5);
        assert_eq!((state.current_term(), state.stable.voted_for()), (5, None));
        assert!(matches!(state.role, Role::Follower));
    }

    #[test]
    fn a_candidate_gives_way_to_the_leader_of_its_term_and_keeps_its_vote() {
        let mut state = follower();
        state.become_candidate();
        state.become_follower(1);
        assert_eq!((state.current_term(), state.stable.voted_for()), (1, Some(0)));
    }

    #[test]
    #[should_panic(expected = "only a candidate becomes leader")]
    fn a_follower_does_not_become_leader() {
        follower().become_leader();
    }

    #[test]
    #[should_panic(expected = "only a majority elects a leader")]
    fn a_minority_does_not_elect() {
        let mut state = follower();
        state.become_candidate();
        state.become_leader();
    }

    #[test]
    #[should_panic(expected = "a leader does not run for leader")]
    fn a_leader_does_not_become_candidate() {
        leader(0).become_candidate();
    }

    #[test]
    #[should_panic(expected = "election safety")]
    fn a_second_leader_in_a_term_is_never_accepted() {
        leader(0).become_follower(1);
    }

    #[test]
    #[should_panic(expected = "terms only increase")]
    fn no_way_back_to_an_earlier_term() {
        let mut state = follower();
        state.become_candidate();
        state.become_follower(0);
    }
}
