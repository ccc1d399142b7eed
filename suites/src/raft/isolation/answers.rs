//! Nobody is cut off, but no answer comes back.

use contracts::raft::{Command, ServerId};
use labrt::thread;

use super::super::{Cluster, ELECTION, Outcome};
use super::settle;

/// The steps of [`lost_answers`].
pub const LOST_ANSWERS_STEPS: &[&str] = &[
    "1. Agree on a command on five servers",
    "2. Let every answer get lost",
    "3. Start three commands on the leader",
    "4. Expect nobody to apply them, although all may hold them",
    "5. Crash the leader",
    "6. Expect no new leader, although all may have voted",
    "7. Bring answers back, restart the leader and agree on five servers",
];

/// Five servers, on a network whose unreliability is that requests arrive and answers do not.
pub fn lost_answers(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on a command on five servers");
    cluster.agree(1, 5)?;
    let leader = cluster.one_leader()?;

    cluster.step("2. Let every answer get lost");
    let known = cluster.applied().progress();
    cluster.reliable(false);

    cluster.step("3. Start three commands on the leader");
    // At once: later the leader may take the others for dead, and send them nothing.
    for command in [11, 12, 13] {
        cluster.submit(leader, &Command::from(command));
    }
    settle();
    let term = cluster.latest_term();

    cluster.step("4. Expect nobody to apply them, although all may hold them");
    thread::sleep(2 * ELECTION);
    for (server, known) in cluster.servers().zip(known) {
        cluster.has_not_moved(server, known)?;
    }

    cluster.step("5. Crash the leader");
    cluster.crash(leader);

    cluster.step("6. Expect no new leader, although all may have voted");
    let others: Vec<ServerId> = cluster.servers().filter(|server| *server != leader).collect();
    for _ in 0..6 {
        thread::sleep(ELECTION / 2);
        cluster.nobody_elected(&others, term)?;
    }

    cluster.step("7. Bring answers back, restart the leader and agree on five servers");
    cluster.reliable(true);
    cluster.start(leader)?;
    cluster.connect(leader);
    cluster.agree(21, 5)?;
    Ok(())
}
