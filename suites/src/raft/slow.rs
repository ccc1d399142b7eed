//! Workload: a state machine that takes its time.

use contracts::raft::Command;
use labrt::thread;
use labrt::time::Duration;

use super::{Cluster, Outcome};

/// What a command costs the state machine: longer than a follower hears nothing without standing for election.
const SLOW: Duration = Duration::from_millis(1500);
/// So many commands are started at once.
const COMMANDS: i64 = 4;

/// The steps of [`slow_state_machine`].
pub const SLOW_STEPS: &[&str] = &[
    "1. Agree on a command on three servers",
    "2. Let every state machine take 1.5 s for a command",
    "3. Start four commands on the leader",
    "4. Expect the same leader in the same term, while they are applied",
    "5. Expect all of them applied",
];

/// Three servers, whose state machines read the apply channel slowly: nobody but them may have to wait.
pub fn slow_state_machine(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on a command on three servers");
    let first = cluster.agree(1, 3)?;
    let leader = cluster.one_leader()?;
    let term = cluster.same_term()?;

    cluster.step("2. Let every state machine take 1.5 s for a command");
    cluster.applied().slow_down(SLOW);

    cluster.step("3. Start four commands on the leader");
    let commands = 2..2 + COMMANDS;
    for command in commands.clone() {
        if cluster.submit(leader, &Command::from(command)).is_none() {
            return Err(cluster.ctx().failure(format!(
                "expected server {leader}, which leads, to accept command {command}"
            )));
        }
    }

    cluster.step("4. Expect the same leader in the same term, while they are applied");
    for _ in commands {
        thread::sleep(SLOW);
        cluster.still_leads(leader)?;
        let now = cluster.same_term()?;
        if now != term {
            return Err(cluster.ctx().failure(format!(
                "expected term {term} to last while commands are applied slowly, since nothing else \
                 happens; it is term {now}"
            )));
        }
    }

    cluster.step("5. Expect all of them applied");
    cluster.wait(first + COMMANDS as u64, 3, None)?;
    Ok(())
}
