//! The Raft contract: COMP385 Lab 3 and CS350 HW4.
//!
//! Section numbers (§) are those of the extended Raft paper, "In Search of an Understandable
//! Consensus Algorithm". Log indices count from 1: index 0 is the empty sentinel before the first
//! entry, and its term is 0. Servers of a cluster of `n` are numbered `0..n`.
//!
//! | module | what |
//! | --- | --- |
//! | [`rpc`] | the messages of Figure 2: RequestVote and AppendEntries |
//! | [`server`] | the black-box trait every integration suite drives |
//! | [`internals`] | the white-box trait of `p2unit` |
//! | [`persister`] | the stable storage of one server |
//! | [`command`] | what clients ask the state machine to do, and the message that applies it |

pub mod command;
pub mod internals;
pub mod persister;
pub mod rpc;
pub mod server;

pub use command::{ApplyMsg, Command};
pub use internals::{Follower, RaftInternals, Role, State};
pub use persister::Persister;
pub use rpc::{
    APPEND_ENTRIES, AppendEntriesArgs, AppendEntriesReply, Entry, REQUEST_VOTE, RequestVoteArgs,
    RequestVoteReply, SERVICE,
};
pub use server::{Config, Raft, Started};

/// A term: 0 before the first election, then counted upwards (§5.1).
pub type Term = u64;

/// A position in the log: 1 is the first entry, 0 the sentinel before it (Figure 2).
pub type LogIndex = u64;

/// A server's number within its cluster: `0..n`.
pub type ServerId = usize;
