//! The reference Raft: Figure 2 of the extended Raft paper ("In Search of an Understandable
//! Consensus Algorithm"), with the conflict hint of §5.3. Section numbers (§) are the paper's.
//!
//! Read it in this order:
//!
//! | module | what |
//! | --- | --- |
//! | `state` | everything that the lock protects, and the rule "all servers" |
//! | `role` | follower, candidate, leader, and the three transitions between them (Figure 4) |
//! | `vote` | a voter answers RequestVote (§5.2, §5.4.1) |
//! | `election` | a candidate asks for votes and counts them (§5.2) |
//! | `append` | a follower answers AppendEntries (§5.3) |
//! | `replication` | a leader sends AppendEntries and uses the replies (§5.3) |
//! | `progress` | what a leader knows of one follower, and when it sends to it |
//! | `commit` | when an entry is committed (§5.3, §5.4.2) |
//! | `apply` | committed entries go to the state machine |
//! | `log` | the log and its indices |
//! | `persist`, `image` | what survives a crash, and its encoding |
//! | `server`, `lock` | the server: its threads and its one lock |
//! | `timer`, `calls` | the election timer; a bound on outstanding RPCs |
//! | [`timing`] | every period and limit, with its reason |
//! | `invariants` | what must hold whenever nobody holds the lock |
//! | `internals` | the white-box view that unit tests use |
//!
//! # Who holds the lock
//!
//! Courses annotate functions with "requires the lock" and "excludes the lock". Here the two are
//! types. What *requires* the lock is a method of `State`, and the only way to a `State` is
//! `Server::lock`. What *excludes* it (because it waits, calls a peer, or takes the lock itself) is
//! a method of [`Server`]. A `State` has no reference to its server, so a function that requires the
//! lock cannot call one that excludes it.
//!
//! # Who saves
//!
//! Nobody has to remember to. Changes to term, vote and log mark the state, and releasing the lock
//! saves what is marked. What was not saved was therefore never seen by another thread, let alone
//! by another server.

mod append;
mod apply;
mod calls;
mod commit;
mod election;
#[cfg(test)]
mod fixtures;
mod image;
mod internals;
mod invariants;
mod lock;
mod log;
mod persist;
mod progress;
mod replication;
mod role;
mod server;
mod state;
mod timer;
pub mod timing;
mod vote;

pub use server::Server;

/// The reference as a submission: Raft, with its internals open to the white-box suite.
pub fn submission() -> contracts::Submission {
    contracts::Submission::new("reference-raft").open_raft::<Server>()
}
