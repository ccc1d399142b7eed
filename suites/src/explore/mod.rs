//! A scenario, played to a cluster: what `grader explore` runs, each time in a process of its own.
//!
//! First the *safety phase*: servers crash and links break as the scenario says, any number at a time.
//! Nothing need be committed then, but nothing wrong may be done either: whoever watches the cluster ends
//! the run at the first violation. Then everything heals, and the cluster must make progress: commit a
//! fresh command on all servers within [`RECOVERY`]. That is the only thing that is expected here, and its
//! failure is of the kind [`Kind::Liveness`].
//!
//! | module | what |
//! | --- | --- |
//! | `network` | the scenario's network as the simulated network's constants |
//! | `player` | events, carried out |

mod network;
mod player;

use contracts::raft::Command;
use labrt::time::Duration;
use scenario::Scenario;

use crate::raft::{Cluster, Demands, Outcome, Setup};
use crate::{Context, Failure, Kind};

pub use network::knobs;

/// The id under which an exploration's runs are known, in place of a test's.
pub const ID: &str = "explore";

/// Within this time after everything has healed the cluster must commit a fresh command on all servers.
///
/// A course grants 5 s for a new leader and 2 s for a command on a network without faults; an election or
/// two may be under way when the healing begins. The reference needs less than half of it.
pub const RECOVERY: Duration = Duration::from_secs(10);

/// This much longer where calls may hang: one that hangs when everything heals may hang on for 7 s, and a
/// server that waits for it is slow and not wrong.
pub const HANGING: Duration = Duration::from_secs(7);

/// Plays `scenario` to a fresh cluster. The network of `ctx` must have its [`knobs`].
///
/// # Errors
/// When the cluster makes no progress after everything has healed.
pub fn explore(ctx: &Context, scenario: &Scenario) -> Outcome {
    let setup = Setup {
        servers: scenario.servers,
        unreliable: scenario.network.is_unreliable(),
        long_delays: scenario.network.hangs,
        demands: Demands::NONE,
    };
    let cluster = Cluster::new(ctx, setup)?;
    cluster.long_reordering(scenario.network.late > 0);
    ctx.step("Safety phase");
    let mut player = player::Player::new(&cluster);
    player.play(scenario)?;
    ctx.step("After everything has healed");
    player.heal_all()?;
    recover(&cluster, scenario, player.last_command())?;
    cluster.stop();
    Ok(())
}

fn recover(cluster: &Cluster, scenario: &Scenario, command: Command) -> Outcome {
    let hanging = if scenario.network.hangs { HANGING } else { Duration::ZERO };
    let agreed = cluster.agree_within(command, cluster.size(), RECOVERY + hanging);
    agreed.map(drop).map_err(|failure| Failure {
        kind: Kind::Liveness,
        message: format!("no progress after everything has healed: {}", failure.message),
        ..failure
    })
}
