//! The cluster that every Raft integration test drives.
//!
//! Words used throughout. A *server* is a place in the cluster, numbered from 0, with its storage. An
//! *instance* is one life of the submission's Raft on a server, from its start to its crash. A server
//! *runs* while it has a living instance; it is *connected* while messages to and from it may pass.
//! A server has *applied* an index when its instance has sent that entry on its apply channel.
//!
//! | module | what |
//! | --- | --- |
//! | [`cluster`] | the servers: starts and crashes them |
//! | [`links`] | connects and disconnects them |
//! | [`calls`] | calls into the submission |
//! | [`watch`] | reads what servers apply and checks it: no gap, no conflict |
//! | [`traffic`] | the cluster's messages in the contract's types |
//! | `observe` | all that can be seen, told to those who watch the whole run |
//! | `story` | messages, written into the full trace |
//! | [`safety`] | the properties that must hold at every moment |
//! | [`demands`] | what a course demands beyond that, measured |
//! | [`leader`] | who leads |
//! | [`agree`] | commands: started, applied, agreed upon |
//! | [`elections`] | workload: elections, with and without servers cut off |
//! | [`replication`] | workload: log replication, with servers away for a while |
//! | [`persistence`] | workload: servers that crash and come back |
//! | [`concurrent`] | workload: commands started on a leader at once |
//! | [`efficiency`] | workload: commands whose RPCs, or their bytes, are counted |
//! | [`figure8`] | workload: Figure 8 of the paper, very often |
//! | [`unreliable`] | workload: concurrent agreements on an unreliable network |
//! | [`churn`] | workload: servers come and go while clients start commands |
//! | [`isolation`] | workload: servers that are cut off, and what they know all the same |
//! | [`killed`] | workload: servers that are killed, and what must not go on after that |
//! | [`idle`] | workload: nothing to do |
//! | [`ballots`] | workload: ballots whose answers get lost |
//! | [`slow`] | workload: a state machine that takes its time |
//! | [`waste`] | workload: time, bytes and threads that a Raft need not spend |
//!
//! Where two courses differ, the difference is a value that a workload takes, never a copy of it.
//!
//! What returns an [`Outcome`] checks something: its error is the [`Failure`] that says what was expected
//! and what was seen. What may be found at any moment (a gap or a conflict in what is applied, two
//! leaders in a term) ends the test from where it is found.

#![allow(clippy::missing_errors_doc, reason = "every error is a failed check, see above")]

pub mod agree;
pub mod ballots;
pub mod calls;
pub mod churn;
pub mod cluster;
pub mod concurrent;
pub mod demands;
pub mod efficiency;
pub mod elections;
pub mod figure8;
pub mod idle;
pub mod isolation;
pub mod killed;
pub mod leader;
pub mod links;
mod observe;
pub mod persistence;
pub mod replication;
pub mod safety;
pub mod slow;
mod story;
pub mod traffic;
pub mod unreliable;
pub mod waste;
pub mod watch;

use std::fmt::Write as _;

use contracts::raft::ServerId;
use labrt::time::Duration;

use crate::{Context, Failure};

pub use cluster::{Cluster, Setup};
pub use demands::Demands;
pub use observe::Life;

/// The time within which an election should surely be over, on the clock in use: `E` in the courses'
/// tests.
pub const ELECTION: Duration = Duration::from_secs(1);

/// How a test or an operation of it ends.
pub type Outcome<T = ()> = Result<T, Failure>;

/// Runs `scenario` on a fresh cluster, all of whose servers run and are connected, and stops it.
pub fn on_cluster(
    ctx: &Context,
    setup: Setup,
    scenario: impl FnOnce(&Cluster) -> Outcome,
) -> Outcome {
    let cluster = Cluster::new(ctx, setup)?;
    scenario(&cluster)?;
    cluster.stop();
    Ok(())
}

/// "server 1", "servers 0, 2", "no server".
pub(crate) fn name_servers(servers: &[ServerId]) -> String {
    match servers {
        [] => "no server".to_string(),
        [one] => format!("server {one}"),
        [first, rest @ ..] => {
            let mut text = format!("servers {first}");
            for server in rest {
                let _ = write!(text, ", {server}");
            }
            text
        }
    }
}
