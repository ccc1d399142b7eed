//! What can happen to a server.

use contracts::raft::{
    AppendEntriesArgs, AppendEntriesReply, Command, LogIndex, RequestVoteArgs, RequestVoteReply,
    ServerId, Started, Term,
};
use labrt::channel::Sender;

/// Something that the loop has to deal with. Who asks leaves a channel for the answer, which takes one
/// message without waiting.
pub(crate) enum Event {
    /// A candidate asks for a vote.
    RequestVote(RequestVoteArgs, Sender<RequestVoteReply>),
    /// A leader sends entries.
    AppendEntries(AppendEntriesArgs, Sender<AppendEntriesReply>),
    /// A client wants a command to be agreed on.
    Start(Command, Sender<Option<Started>>),
    /// Somebody asks for the term and whether this server leads it.
    State(Sender<(Term, bool)>),
    /// A call for a vote in `term` is over.
    Voted { from: ServerId, term: Term, reply: Option<RequestVoteReply> },
    /// A call with entries is over.
    Appended { from: ServerId, sent: Sent, reply: Option<AppendEntriesReply> },
    /// The applier has handed over all that it was given.
    ApplierIdle,
    /// The server is no longer needed.
    Kill,
}

/// What a leader has to remember of an AppendEntries to make sense of the answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    /// The leader's term.
    pub(crate) term: Term,
    /// The index before the first entry.
    pub(crate) prev: LogIndex,
    /// The index of the last entry; `prev` when there were none.
    pub(crate) last: LogIndex,
}
