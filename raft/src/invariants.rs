//! What must hold whenever nobody holds the lock.

use contracts::raft::{LogIndex, Term};

use crate::commit::majority;
use crate::role::Role;
use crate::state::State;

/// What must not go back while somebody holds the lock.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoint {
    term: Term,
    commit_index: LogIndex,
    last_applied: LogIndex,
    /// The end of a leader's log.
    led: Option<LogIndex>,
}

impl Checkpoint {
    /// Where `state` is now.
    pub(crate) fn of(state: &State) -> Self {
        let leads = matches!(state.role, Role::Leader { .. });
        Self {
            term: state.current_term(),
            commit_index: state.commit_index,
            last_applied: state.last_applied,
            led: leads.then(|| state.log().last_index()),
        }
    }
}

impl State {
    /// Checks the state by itself and against what it was when the lock was taken.
    ///
    /// # Panics
    /// When an invariant is broken.
    pub(crate) fn check_invariants(&self, before: &Checkpoint) {
        self.check_progress_since(before);
        self.check_log();
        self.check_role();
    }

    fn check_progress_since(&self, before: &Checkpoint) {
        assert!(before.term <= self.current_term(), "the term went back (§5.1)");
        assert!(before.commit_index <= self.commit_index, "the commit index went back");
        assert!(before.last_applied <= self.last_applied, "last applied went back");
        if let (Some(led), Role::Leader { .. }) = (before.led, &self.role) {
            let last = self.log().last_index();
            assert!(led <= last, "a leader never deletes entries (Figure 3, append-only)");
        }
    }

    fn check_log(&self) {
        let (log, term) = (self.log(), self.current_term());
        assert!(self.last_applied <= self.commit_index, "applied, not committed");
        assert!(self.commit_index <= log.last_index(), "committed, not in the log");
        assert!(log.last_term() <= term, "an entry of a term to come");
        assert!(self.stable.image_follows_log(), "the image differs from the log");
        if let Some(before_last) = log.last_index().checked_sub(1).and_then(|i| log.term_at(i)) {
            assert!(before_last <= log.last_term(), "terms decrease along the log");
        }
    }

    fn check_role(&self) {
        let voted_for_itself = self.stable.voted_for() == Some(self.me);
        match &self.role {
            Role::Follower => {}
            Role::Candidate { votes, .. } => {
                assert!(voted_for_itself, "a candidate that did not vote for itself");
                assert!(votes.contains(&self.me), "a candidate that did not count its own vote");
                assert!(votes.len() < majority(self.cluster_size()), "an elected candidate");
            }
            Role::Leader { followers } => {
                assert!(voted_for_itself, "a leader that did not vote for itself");
                let last = self.log().last_index();
                for follower in followers {
                    let (next, matched) = (follower.next_index, follower.match_index);
                    assert!(matched < next && next <= last + 1, "0 <= match < next <= last + 1");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{entry, follower, leader};

    fn check(state: &State) {
        state.check_invariants(&Checkpoint::of(state));
    }

    #[test]
    fn a_new_server_is_sound() {
        check(&follower());
        check(&leader(3));
    }

    #[test]
    #[should_panic(expected = "committed, not in the log")]
    fn a_commit_index_past_the_log_is_found() {
        let mut state = follower();
        state.commit_index = 1;
        check(&state);
    }

    #[test]
    #[should_panic(expected = "an entry of a term to come")]
    fn an_entry_of_a_later_term_is_found() {
        let mut state = follower();
        state.stable.append(entry(1));
        check(&state);
    }

    #[test]
    #[should_panic(expected = "the commit index went back")]
    fn a_commit_index_that_goes_back_is_found() {
        let state = follower();
        let before = Checkpoint { commit_index: 1, ..Checkpoint::of(&state) };
        state.check_invariants(&before);
    }

    #[test]
    #[should_panic(expected = "a leader never deletes entries")]
    fn a_leader_that_deletes_entries_is_found() {
        let mut state = leader(3);
        let before = Checkpoint::of(&state);
        state.stable.truncate_from(3);
        state.check_invariants(&before);
    }

    #[test]
    #[should_panic(expected = "0 <= match < next <= last + 1")]
    fn a_leader_that_believes_too_much_of_a_follower_is_found() {
        let mut state = leader(3);
        let Role::Leader { followers } = &mut state.role else { unreachable!() };
        followers[0].matched(4);
        check(&state);
    }
}
