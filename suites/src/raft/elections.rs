//! Workload: elections, without and with servers that are cut off.

use contracts::raft::ServerId;
use labrt::thread;
use labrt::time::Duration;

use super::{Cluster, ELECTION, Outcome};

/// What is expected of a leader and its term while nothing fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tenure {
    /// Both last (COMP385).
    Lasting,
    /// There is a leader, whichever; a term that changed is worth a warning (CS350).
    Any,
}

impl Tenure {
    /// The words for a step that expects as much as this.
    fn step(self, cluster: &Cluster, lasting: &'static str, any: &'static str) {
        cluster.step(match self {
            Self::Lasting => lasting,
            Self::Any => any,
        });
    }

    /// Expects `leader` to lead still, or some server to lead; returns who does.
    fn expect(self, cluster: &Cluster, leader: ServerId) -> Outcome<ServerId> {
        match self {
            Self::Lasting => cluster.still_leads(leader).map(|()| leader),
            Self::Any => cluster.one_leader(),
        }
    }
}

/// Three servers elect a leader, and nothing fails.
pub fn without_failure(cluster: &Cluster, tenure: Tenure) -> Outcome {
    cluster.step("1. Start three servers");

    cluster.step("2. Wait for a leader");
    let leader = cluster.one_leader()?;

    cluster.step("3. Expect all servers in one term");
    thread::sleep(Duration::from_millis(50));
    let term = cluster.same_term()?;
    if term == 0 {
        return Err(cluster.ctx().failure(format!(
            "expected a term of at least 1, since server {leader} was elected; it is 0"
        )));
    }

    tenure.step(
        cluster,
        "4. Expect the term unchanged after two election times",
        "4. Look for a changed term after two election times",
    );
    thread::sleep(2 * ELECTION);
    let later = cluster.same_term()?;
    if later != term {
        let changed = format!(
            "expected term {term} to last, since nothing failed; after {} s it is term {later}",
            (2 * ELECTION).as_secs()
        );
        match tenure {
            Tenure::Lasting => return Err(cluster.ctx().failure(changed)),
            Tenure::Any => cluster.ctx().warn(changed),
        }
    }

    tenure.step(cluster, "5. Expect the same leader", "5. Expect one leader");
    tenure.expect(cluster, leader)?;
    Ok(())
}

/// Three servers: leaders are cut off and come back.
pub fn with_failure(cluster: &Cluster, tenure: Tenure) -> Outcome {
    cluster.step("1. Wait for a leader");
    let first = cluster.one_leader()?;

    cluster.step("2. Disconnect the leader");
    cluster.disconnect(first);

    cluster.step("3. Wait for a new leader");
    let second = cluster.one_leader()?;

    cluster.step("4. Reconnect the old leader");
    cluster.connect(first);

    tenure.step(
        cluster,
        "5. Expect the new leader to remain leader",
        "5. Expect one leader, whichever",
    );
    let second = tenure.expect(cluster, second)?;

    cluster.step("6. Disconnect the new leader and one more");
    let successor = cluster.after(second, 1);
    cluster.disconnect_all([second, successor]);

    cluster.step("7. Expect no leader");
    thread::sleep(2 * ELECTION);
    cluster.no_leader()?;

    cluster.step("8. Reconnect one of them");
    cluster.connect(successor);

    cluster.step("9. Wait for a leader");
    let third = cluster.one_leader()?;

    cluster.step("10. Reconnect the other");
    cluster.connect(second);

    tenure.step(
        cluster,
        "11. Expect the leader to remain leader",
        "11. Expect one leader, whichever",
    );
    tenure.expect(cluster, third)?;
    Ok(())
}

/// How often [`in_turn`] cuts the leader off. Of three servers one can lead for the first time in each of the first
/// two of these rounds, and in the others who has led before must lead again.
const TURNS: u32 = 8;

/// The steps of [`in_turn`].
pub const IN_TURN_STEPS: &[&str] = &[
    "1. Wait for a leader",
    "2. Disconnect the leader",
    "3. Wait for a new leader, and agree on a command",
    "4. Reconnect the old one, and agree on another",
];

/// Three servers: the leader is cut off, again and again, so that who has led must lead again.
pub fn in_turn(cluster: &Cluster) -> Outcome {
    cluster.step("1. Wait for a leader");
    cluster.one_leader()?;

    for round in 1..=TURNS {
        cluster.ctx().round(round, TURNS);
        cluster.step("2. Disconnect the leader");
        let leader = cluster.one_leader()?;
        cluster.disconnect(leader);

        cluster.step("3. Wait for a new leader, and agree on a command");
        cluster.one_leader()?;
        cluster.agree(10 * i64::from(round), 2)?;

        cluster.step("4. Reconnect the old one, and agree on another");
        cluster.connect(leader);
        cluster.agree(10 * i64::from(round) + 1, 3)?;
    }
    cluster.ctx().rounds_over();
    Ok(())
}

/// How often [`many`] cuts servers off.
const ROUNDS: u32 = 9;

/// The steps of [`many`].
pub const MANY_STEPS: &[&str] = &[
    "1. Wait for a leader",
    "2. Disconnect up to three random servers",
    "3. Wait for a leader",
    "4. Reconnect them",
    "5. Wait for a leader",
];

/// Seven servers: up to three of them, drawn at random, are cut off, again and again. The others are a
/// majority.
pub fn many(cluster: &Cluster) -> Outcome {
    cluster.step("1. Wait for a leader");
    cluster.one_leader()?;

    for round in 1..=ROUNDS {
        cluster.ctx().round(round, ROUNDS);
        cluster.step("2. Disconnect up to three random servers");
        let drawn = [(); 3].map(|()| cluster.random_server());
        cluster.disconnect_all(drawn);

        cluster.step("3. Wait for a leader");
        cluster.one_leader()?;

        cluster.step("4. Reconnect them");
        cluster.connect_all(drawn);
    }
    cluster.ctx().rounds_over();

    cluster.step("5. Wait for a leader");
    cluster.one_leader()?;
    Ok(())
}
