//! A Raft in which one thread owns everything.
//!
//! A server is a loop with an inbox. Whatever happens to it is an [`event`]: a request of another
//! server, an answer to one of its own, a client's command. The [`node`] takes one event after the
//! other, and whoever wants to know something leaves a channel for the answer. So nothing is shared,
//! and there is nothing to lock. Whatever may wait has a thread of its own, which tells the inbox when
//! it is done: each call to another server, and the applier.
//!
//! | module | what |
//! | --- | --- |
//! | [`server`] | the contract's trait: puts events into the inbox |
//! | [`event`] | what can happen to a server |
//! | [`node`] | the loop and the state that it owns |
//! | [`follower`], [`candidate`], [`leader`] | what the paper's Figure 2 says of each role |
//! | [`peer`] | a leader's view of one follower |
//! | [`calls`] | calls to other servers, each on a thread of its own |
//! | [`applier`] | hands committed entries to the state machine |
//! | [`log`], [`stable`] | the log, and what survives a crash |
//! | [`timing`] | periods and bounds |

mod applier;
mod calls;
mod candidate;
mod event;
mod follower;
mod leader;
mod log;
mod node;
mod peer;
mod server;
mod stable;
mod timing;

/// The submission.
pub fn submission() -> contracts::Submission {
    contracts::Submission::new("one-loop-owns-the-state").raft::<server::Server>()
}
