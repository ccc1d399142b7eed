//! A Raft whose rules are another's: the crate `raft`, which has neither threads, nor a clock, nor a network, nor a disk, and
//! is given them here.
//!
//! | module | what |
//! | --- | --- |
//! | `server` | what clients and peers call |
//! | `event` | what the event loop hears of |
//! | `node` | the event loop, which owns the library's state |
//! | `ballots` | ballots that wait for an answer |
//! | `position` | the library's indices and the contract's |
//! | `timer` | election timeouts of the world's randomness |
//! | `stable` | what survives a crash |
//! | `peers` | the library's messages on their way to other servers |
//! | `wire` | messages and commands as bytes |
//! | `applier` | committed commands on their way to the state machine |
//! | `timing` | periods and limits |

mod applier;
mod ballots;
mod event;
mod node;
mod peers;
mod position;
mod server;
mod stable;
mod timer;
mod timing;
mod wire;

pub use server::Server;

/// This submission.
pub fn submission() -> contracts::Submission {
    contracts::Submission::new("drives-a-library").raft::<Server>()
}
