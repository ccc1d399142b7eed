//! A Raft whose new leaders append a no-op, with a thread for each other server.
//!
//! Until an entry of its own term is committed, a leader cannot commit what earlier leaders left. So it
//! begins its term with an entry that holds no command (§8). Clients must not see these: the [`log`]
//! counts commands, and the indices that `start` answers and that are applied are such counts.
//!
//! One thread talks to each other server. It sends what is due, waits for the answer, and then sends
//! all that has come together meanwhile. A call may hang for seconds, so the [`clock`] lets another
//! thread take a line over whose call takes too long.
//!
//! | module | what |
//! | --- | --- |
//! | [`server`] | the contract's trait, the lock, and what threads wait for |
//! | [`state`] | what the lock protects |
//! | [`election`], [`follower`], [`leader`] | what the paper's Figure 2 says of each role |
//! | [`line`] | whose turn it is to talk to a server, and what to say |
//! | [`talk`] | the threads that talk |
//! | [`clock`] | the thread that holds elections and relieves those who wait too long |
//! | [`applier`] | hands committed commands to the state machine |
//! | [`message`] | entries and AppendEntries with no-ops |
//! | [`log`], [`stable`] | the log, and what survives a crash |
//! | [`timing`] | periods and bounds |

mod applier;
mod clock;
mod election;
mod follower;
mod leader;
mod line;
mod log;
mod message;
mod server;
mod stable;
mod state;
mod talk;
mod timing;

/// The submission.
pub fn submission() -> contracts::Submission {
    contracts::Submission::new("no-op-on-election").raft::<server::Server>()
}
