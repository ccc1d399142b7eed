//! Servers for unit tests: number 0 of three.

use contracts::raft::{Command, Entry, LogIndex, Persister, ServerId, Term};

use crate::role::Role;
use crate::server::Server;
use crate::state::State;

/// A follower that starts for the first time.
pub(crate) fn follower() -> State {
    Server::initial_state(0, 3, Persister::new())
}

/// The leader of term 1, elected by itself and server 1, with `count` entries of that term.
pub(crate) fn leader(count: LogIndex) -> State {
    let mut state = follower();
    state.become_candidate();
    vote(&mut state, 1);
    state.become_leader();
    for _ in 0..count {
        state.stable.append(entry(1));
    }
    state
}

/// A candidate counts the vote of `from`, and draws no conclusion from it.
pub(crate) fn vote(state: &mut State, from: ServerId) {
    let Role::Candidate { votes, .. } = &mut state.role else { panic!("not a candidate") };
    votes.insert(from);
}

/// An entry of this term.
pub(crate) fn entry(term: Term) -> Entry {
    Entry { term, command: Command::Int(7) }
}
