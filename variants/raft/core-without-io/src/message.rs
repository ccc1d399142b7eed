//! What the core is told, and what it answers.

use contracts::raft::{
    AppendEntriesArgs, AppendEntriesReply, ApplyMsg, Command, LogIndex, RequestVoteArgs,
    RequestVoteReply, ServerId, Started,
};

/// Something that has happened.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A deadline may have passed.
    Tick,
    /// A client wants a command to be agreed on.
    Start(Command),
    /// A candidate asks for a vote.
    RequestVote(RequestVoteArgs),
    /// A leader sends entries.
    AppendEntries(AppendEntriesArgs),
    /// A request to `from` was answered, or never will be.
    Answered { from: ServerId, exchange: Exchange },
    /// The state machine has taken all entries up to this one.
    Applied(LogIndex),
}

/// A request and the reply, if one came.
#[derive(Clone, Debug)]
pub(crate) enum Exchange {
    Vote(RequestVoteArgs, Option<RequestVoteReply>),
    Append(AppendEntriesArgs, Option<AppendEntriesReply>),
}

/// Something to be done, in the order in which the actions are listed.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// Make these bytes durable, before anything that follows.
    Save(Vec<u8>),
    /// Call a server, and tell what comes of it.
    Send(ServerId, Request),
    /// Hand these to the state machine, and tell when it has taken them.
    Apply(Vec<ApplyMsg>),
    /// Answer whoever caused the event.
    Answer(Answer),
}

/// A request to another server.
#[derive(Clone, Debug)]
pub(crate) enum Request {
    Vote(RequestVoteArgs),
    Append(AppendEntriesArgs),
}

/// An answer to whoever caused an event.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Started(Option<Started>),
    Vote(RequestVoteReply),
    Append(AppendEntriesReply),
}
