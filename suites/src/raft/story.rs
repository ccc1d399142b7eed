//! The cluster's messages, written into the full trace in words that a tool reads back: who asks whom
//! for what, and what is answered.
//!
//! The trace knows of each message already, as a hash of its bytes, so these are remarks: they change
//! no hash, and a run without a full trace does not pay for their texts.

use std::fmt;

use contracts::raft::{AppendEntriesReply, RequestVoteArgs, RequestVoteReply, ServerId};
use labrt::trace::remark;

use super::traffic::{Position, Reply, Request};
use crate::events::{ANSWER, REQUEST};

/// A request leaves; it may reach nobody.
pub(super) fn sent(from: ServerId, to: ServerId, call: u32, request: &Request<'_>) {
    remark(REQUEST, from as u32, call.into(), format_args!("to={to} {}", Told(request)));
}

/// A handler has ended; its answer may reach nobody.
pub(super) fn answered(at: ServerId, call: u32, reply: &Reply) {
    remark(ANSWER, at as u32, call.into(), format_args!("{}", Told(reply)));
}

/// Something in fields.
struct Told<'a, T>(&'a T);

impl fmt::Display for Told<'_, Request<'_>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Request::Vote(RequestVoteArgs { term, last_log_index, last_log_term, .. }) => {
                write!(f, "rpc=vote term={term} last={last_log_index}@{last_log_term}")
            }
            Request::Append(append) => write!(
                f,
                "rpc=append term={} prev={} entries={} last={} commit={}",
                append.term,
                Told(&append.prev),
                append.entries.len(),
                Told(&append.last()),
                append.commit
            ),
            Request::Other(method) => write!(f, "rpc=other method={method}"),
        }
    }
}

impl fmt::Display for Told<'_, Position> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.0.index, self.0.term)
    }
}

impl fmt::Display for Told<'_, Reply> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Reply::Vote(RequestVoteReply { term, vote_granted }) => {
                write!(f, "rpc=vote term={term} granted={vote_granted}")
            }
            Reply::Append(AppendEntriesReply { term, success, next_index }) => {
                write!(f, "rpc=append term={term} success={success} next={next_index}")
            }
            Reply::Other => f.write_str("rpc=other"),
        }
    }
}

#[cfg(test)]
mod tests {
    use contracts::raft::{RequestVoteArgs, RequestVoteReply};

    use super::super::traffic::{Append, EntrySeen};
    use super::*;

    fn position(index: u64, term: u64) -> Position {
        Position { index, term }
    }

    #[test]
    fn requests_are_told_in_fields() {
        let vote =
            RequestVoteArgs { term: 3, candidate_id: 1, last_log_index: 4, last_log_term: 2 };
        assert_eq!(Told(&Request::Vote(vote)).to_string(), "rpc=vote term=3 last=4@2");
        let entries = vec![EntrySeen { term: 3, command: 7 }];
        let append = Append { term: 3, leader: 1, prev: position(4, 2), entries, commit: 4 };
        assert_eq!(
            Told(&Request::Append(append)).to_string(),
            "rpc=append term=3 prev=4@2 entries=1 last=5@3 commit=4"
        );
        assert_eq!(Told(&Request::Other("Raft.X")).to_string(), "rpc=other method=Raft.X");
    }

    #[test]
    fn answers_are_told_in_fields() {
        let vote = Reply::Vote(RequestVoteReply { term: 3, vote_granted: true });
        assert_eq!(Told(&vote).to_string(), "rpc=vote term=3 granted=true");
        let append = Reply::Append(AppendEntriesReply { term: 3, success: false, next_index: 2 });
        assert_eq!(Told(&append).to_string(), "rpc=append term=3 success=false next=2");
        assert_eq!(Told(&Reply::Other).to_string(), "rpc=other");
    }
}
