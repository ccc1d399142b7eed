//! Servers, logs and messages in short notation.
//!
//! A log is given by the terms of its entries: `log(&[2, 2, 3])` holds entries of terms 2, 2 and 3
//! at the indices 1 to 3. The command of an entry follows from its index and term, so that equal
//! entries are equal and different ones differ.

use contracts::raft::{
    AppendEntriesArgs, AppendEntriesReply, Command, Entry, Follower, LogIndex, RaftInternals,
    RequestVoteArgs, RequestVoteReply, Role, ServerId, State, Term,
};

use crate::{Context, Failure};

/// The server under test, unless a test says otherwise.
pub(super) const ME: ServerId = 1;
/// Its term.
pub(super) const TERM: Term = 22;

/// Server 1 of three: a follower in term 22 that has not voted and has an empty log.
pub(super) fn follower() -> State {
    State {
        me: ME,
        role: Role::Follower,
        current_term: TERM,
        voted_for: None,
        log: Vec::new(),
        commit_index: 0,
        last_applied: 0,
        followers: followers(ME, &[1, 1], &[0, 0]),
    }
}

/// The same server as a candidate.
pub(super) fn candidate() -> State {
    State { role: Role::Candidate, voted_for: Some(ME), ..follower() }
}

/// The same server as the leader.
pub(super) fn leader() -> State {
    State { role: Role::Leader, ..candidate() }
}

/// The next and match indices of all servers but `me`, in order of their numbers.
pub(super) fn followers(me: ServerId, next: &[LogIndex], matched: &[LogIndex]) -> Vec<Follower> {
    assert_eq!(next.len(), matched.len());
    (0..=next.len())
        .filter(|id| *id != me)
        .zip(next.iter().zip(matched))
        .map(|(id, (next, matched))| Follower { id, next_index: *next, match_index: *matched })
        .collect()
}

/// A log whose entries have these terms, from index 1 on.
pub(super) fn log(terms: &[Term]) -> Vec<Entry> {
    entries(1, terms)
}

/// Entries of these terms, the first of them for index `first`.
pub(super) fn entries(first: LogIndex, terms: &[Term]) -> Vec<Entry> {
    (first..)
        .zip(terms)
        .map(|(index, term)| Entry {
            term: *term,
            command: Command::Int((1000 * term + index).cast_signed()),
        })
        .collect()
}

/// AppendEntries of leader 0 (of server 1 when that leads): `entries` gives their terms, `prev`
/// the index and term before them.
pub(super) fn append(
    term: Term,
    prev: (LogIndex, Term),
    terms: &[Term],
    leader_commit: LogIndex,
) -> AppendEntriesArgs {
    AppendEntriesArgs {
        term,
        leader_id: 0,
        prev_log_index: prev.0,
        prev_log_term: prev.1,
        entries: entries(prev.0 + 1, terms),
        leader_commit,
    }
}

/// What the server under test sent as a leader.
pub(super) fn sent(term: Term, prev: (LogIndex, Term), terms: &[Term]) -> AppendEntriesArgs {
    AppendEntriesArgs { leader_id: ME, ..append(term, prev, terms, 0) }
}

/// A reply to AppendEntries.
pub(super) fn append_reply(term: Term, success: bool, next: LogIndex) -> AppendEntriesReply {
    AppendEntriesReply { term, success, next_index: next }
}

/// RequestVote of server 2, whose last entry has this index and term.
pub(super) fn ask(term: Term, last: (LogIndex, Term)) -> RequestVoteArgs {
    RequestVoteArgs { term, candidate_id: 2, last_log_index: last.0, last_log_term: last.1 }
}

/// A reply to RequestVote.
pub(super) fn vote(term: Term, vote_granted: bool) -> RequestVoteReply {
    RequestVoteReply { term, vote_granted }
}

/// A server of the submission in the given state.
pub(super) fn build(ctx: &Context, state: State) -> Result<Box<dyn RaftInternals>, Failure> {
    ctx.step(format!("build {}", super::expect::describe(&state)));
    ctx.set_servers(1);
    let server = ctx.submission().build_raft(state);
    server.ok_or_else(|| Failure::new("the submission does not open its internals"))
}
