//! A Raft whose protocol is a pure state machine.
//!
//! The [`core`] is told what happened and when, and answers with what is to be done: save this, send
//! that, apply those. It starts no thread, takes no lock, reads no clock and draws from a generator
//! that it was given; the same events give the same actions. The [`shell`] holds the lock, waits for
//! deadlines, and does what it is told.
//!
//! | module | what |
//! | --- | --- |
//! | [`message`] | events and actions |
//! | [`core`] | the state and its one entrance, `step` |
//! | [`voting`], [`following`], [`leading`] | elections, and both sides of replication |
//! | [`progress`] | a leader's view of one follower |
//! | [`durable`] | term, vote and log |
//! | [`shell`] | lock, threads, network and storage |
//! | [`server`] | the contract's trait |
//! | [`internals`] | the core, opened for the white-box suite |
//! | [`timing`] | periods and bounds |

mod core;
mod durable;
mod following;
mod internals;
mod leading;
mod message;
mod progress;
mod server;
mod shell;
mod timing;
mod voting;

/// The submission.
pub fn submission() -> contracts::Submission {
    contracts::Submission::new("core-without-io").open_raft::<server::Server>()
}
