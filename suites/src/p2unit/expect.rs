//! Checks on a server that say what was expected and what was seen.

use contracts::raft::{Entry, LogIndex, RaftInternals, Role, ServerId, State, Term};

use crate::Failure;
pub(super) use crate::expect::{equal, that};

/// Checks role and term.
pub(super) fn role(server: &dyn RaftInternals, role: Role, term: Term) -> Result<(), Failure> {
    let state = server.state();
    let (seen, expected) = ((state.role, state.current_term), (role, term));
    equal("role and current term", seen, expected)
}

/// Checks the whole log, commands included.
pub(super) fn log(server: &dyn RaftInternals, expected: &[Entry]) -> Result<(), Failure> {
    let seen = server.state().log;
    if seen == expected {
        return Ok(());
    }
    let (seen_terms, expected_terms) = (notation(&seen), notation(expected));
    Err(Failure::new(if seen_terms == expected_terms {
        format!("log: the terms are right, {seen_terms}, but other commands were stored")
    } else {
        format!("log: expected {expected_terms}, saw {seen_terms}")
    }))
}

/// Checks what the server, as a leader, knows of server `id`.
pub(super) fn indices(
    server: &dyn RaftInternals,
    id: ServerId,
    next: LogIndex,
    matched: LogIndex,
) -> Result<(), Failure> {
    let state = server.state();
    let seen = follower(&state, id)?;
    equal(&format!("match index of server {id}"), seen.1, matched)?;
    equal(&format!("next index of server {id}"), seen.0, next)
}

/// Next and match index of server `id`.
pub(super) fn follower(state: &State, id: ServerId) -> Result<(LogIndex, LogIndex), Failure> {
    let found = state.followers.iter().find(|f| f.id == id);
    let found = found.map(|f| (f.next_index, f.match_index));
    found.ok_or_else(|| Failure::new(format!("the state has no entry for server {id}")))
}

/// A log by its terms, with the sentinel at index 0: `[0 2 2 3]`.
fn notation(log: &[Entry]) -> String {
    let terms: Vec<_> = log.iter().map(|e| e.term.to_string()).collect();
    format!("[{}]", [vec!["0".into()], terms].concat().join(" "))
}

/// A state in one line.
pub(super) fn describe(state: &State) -> String {
    let role = format!("{:?}", state.role).to_lowercase();
    let (term, log) = (state.current_term, notation(&state.log));
    let line = format!("server {}: {role}, term {term}, log {log}", state.me);
    if state.role != Role::Leader {
        return line;
    }
    let next: Vec<_> = state.followers.iter().map(|f| f.next_index).collect();
    let matched: Vec<_> = state.followers.iter().map(|f| f.match_index).collect();
    format!("{line}, next {next:?}, match {matched:?}")
}

#[cfg(test)]
mod tests {
    use super::super::given;
    use super::*;

    #[test]
    fn a_state_is_described_in_one_line() {
        let state = State { log: given::log(&[2, 2, 3]), ..given::leader() };
        let expected = "server 1: leader, term 22, log [0 2 2 3], next [1, 1], match [0, 0]";
        assert_eq!(describe(&state), expected);
    }
}
