//! The cluster's traffic in the contract's types, as it really travels.
//!
//! A tap at each client end sees what its server sends and what comes back; a tap at each server sees what
//! it is asked and what it answers. Messages of other methods, and messages that do not decode, are [`Request::Other`]:
//! what they do is not known.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use contracts::raft::{
    APPEND_ENTRIES, AppendEntriesReply, LogIndex, REQUEST_VOTE, RaftInternals, RequestVoteArgs,
    RequestVoteReply, ServerId, Term,
};
use labrpc::RpcError;
use labrpc::tap::{HandleTap, SendTap, decode};
use serde::{Deserialize, Deserializer};

use super::observe::{Life, Observers};
use crate::bookkeeping::Lock;
use crate::events;

/// A place in a log, and what stands there as far as Raft compares it (§5.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The index; 0 is the sentinel.
    pub index: LogIndex,
    /// The entry's term; 0 for the sentinel.
    pub term: Term,
}

/// "index 4 of term 2", "nothing".
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { index: 0, .. } => f.write_str("nothing"),
            Self { index, term } => write!(f, "index {index} of term {term}"),
        }
    }
}

/// An entry on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct EntrySeen {
    /// Its term.
    pub term: Term,
    /// [`events::command_hash`] of its command.
    #[serde(deserialize_with = "hash_of_command")]
    pub command: u64,
}

/// An AppendEntries on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// The leader's term.
    pub term: Term,
    /// The leader, by its own account.
    pub leader: ServerId,
    /// The entry right before [`entries`](Self::entries).
    pub prev: Position,
    /// The entries.
    pub entries: Vec<EntrySeen>,
    /// The leader's commit index.
    pub commit: LogIndex,
}

impl Append {
    /// The last entry that a server holds which accepts this.
    pub fn last(&self) -> Position {
        match self.entries.last() {
            None => self.prev,
            Some(entry) => Position {
                index: self.prev.index + self.entries.len() as LogIndex,
                term: entry.term,
            },
        }
    }
}

/// A request of one server to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// A candidate asks for a vote.
    Vote(RequestVoteArgs),
    /// A leader sends entries, or none as a heartbeat.
    Append(Append),
    /// Something else, by its method.
    Other(&'a str),
}

impl<'a> Request<'a> {
    /// Its method.
    pub fn method(&self) -> &'a str {
        match self {
            Self::Vote(_) => REQUEST_VOTE,
            Self::Append(_) => APPEND_ENTRIES,
            Self::Other(method) => method,
        }
    }

    fn read(method: &'a str, message: &[u8]) -> Self {
        let known = match method {
            REQUEST_VOTE => decode(message).map(Self::Vote),
            APPEND_ENTRIES => Append::read(message).map(Self::Append),
            _ => None,
        };
        known.unwrap_or(Self::Other(method))
    }
}

/// What a handler answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// To RequestVote.
    Vote(RequestVoteReply),
    /// To AppendEntries.
    Append(AppendEntriesReply),
    /// An error, or something else.
    Other,
}

impl Reply {
    fn read(request: &Request<'_>, answer: Result<&[u8], &RpcError>) -> Self {
        let known = answer.ok().and_then(|message| match request {
            Request::Vote(_) => decode(message).map(Self::Vote),
            Request::Append(_) => decode(message).map(Self::Append),
            Request::Other(_) => None,
        });
        known.unwrap_or(Self::Other)
    }
}

/// Listens to what one instance sends to one server, and to what comes back.
pub(super) struct Outgoing {
    observers: Arc<Observers>,
    from: Life,
    to: ServerId,
    /// What was asked in the calls that are under way, by their numbers.
    asked: Lock<BTreeMap<u32, Asked>>,
}

/// What a call asked, as far as its answer matters.
#[derive(Clone, Copy, Debug)]
enum Asked {
    /// For a vote in this term.
    Vote(Term),
    /// By the leader of this term, to hold a log that ends there.
    Append(Term, Position),
}

impl Outgoing {
    pub(super) fn new(observers: Arc<Observers>, from: Life, to: ServerId) -> Self {
        Self { observers, from, to, asked: Lock::default() }
    }
}

impl SendTap for Outgoing {
    fn sent(&self, call: u32, method: &str, message: &[u8]) {
        let request = Request::read(method, message);
        let asked = match &request {
            Request::Vote(args) => Some(Asked::Vote(args.term)),
            Request::Append(append) => Some(Asked::Append(append.term, append.last())),
            Request::Other(_) => None,
        };
        if let Some(asked) = asked {
            self.asked.lock().insert(call, asked);
        }
        self.observers.sent(self.from, self.to, call, &request);
    }

    fn returned(&self, call: u32, answer: Result<&[u8], &RpcError>) {
        let asked = self.asked.lock().remove(&call);
        let (Some(asked), Ok(message)) = (asked, answer) else { return };
        match asked {
            Asked::Vote(term) => {
                if let Some(RequestVoteReply { vote_granted: true, .. }) = decode(message) {
                    self.observers.vote_comes(self.from, self.to, term);
                }
            }
            Asked::Append(term, last) => {
                if let Some(AppendEntriesReply { success: true, next_index, .. }) = decode(message)
                {
                    // Some believe what the reply says of the log behind that.
                    let index = last.index.max(next_index.saturating_sub(1));
                    self.observers.acknowledgement_comes(self.from, self.to, term, index);
                }
            }
        }
    }
}

/// Listens to what one instance is asked and answers.
pub(super) struct Incoming {
    pub(super) observers: Arc<Observers>,
    pub(super) at: Life,
    /// The same instance from inside, when it is open.
    pub(super) internals: Option<Arc<dyn RaftInternals>>,
}

impl HandleTap for Incoming {
    fn around(
        &self,
        call: u32,
        method: &str,
        message: &[u8],
        handle: &dyn Fn() -> Result<Vec<u8>, RpcError>,
    ) -> Result<Vec<u8>, RpcError> {
        let request = Request::read(method, message);
        let ticket = self.observers.begins(self.at, &request);
        let answer = handle();
        let reply = Reply::read(&request, answer.as_deref());
        self.observers.handled(self.at, ticket, call, &request, &reply);
        if let Some(internals) = &self.internals {
            self.observers.look(self.at, internals);
        }
        answer
    }
}

/// AppendEntries as it is encoded; its commands are hashed where they lie.
#[derive(Deserialize)]
struct Encoded {
    term: Term,
    leader_id: ServerId,
    prev_log_index: LogIndex,
    prev_log_term: Term,
    entries: Vec<EntrySeen>,
    leader_commit: LogIndex,
}

impl Append {
    fn read(message: &[u8]) -> Option<Self> {
        let Encoded { term, leader_id, prev_log_index, prev_log_term, entries, leader_commit } =
            decode(message)?;
        Some(Self {
            term,
            leader: leader_id,
            prev: Position { index: prev_log_index, term: prev_log_term },
            entries,
            commit: leader_commit,
        })
    }
}

fn hash_of_command<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    /// [`Command`] without its own copy of a text.
    #[derive(Deserialize)]
    enum Borrowed<'a> {
        Int(i64),
        Text(&'a str),
    }
    Ok(match Borrowed::deserialize(from)? {
        Borrowed::Int(value) => events::int_hash(value),
        Borrowed::Text(text) => events::text_hash(text),
    })
}
