//! Workload: servers that crash and come back with what they had persisted.

use labrt::thread;

use super::{Cluster, ELECTION, Outcome};

/// How all servers are restarted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestartAll {
    /// Each is connected again before the next one crashes (COMP385).
    InTurn,
    /// None is connected before all have started (CS350).
    Together,
}

impl RestartAll {
    fn run(self, cluster: &Cluster) -> Outcome {
        match self {
            Self::InTurn => cluster.servers().try_for_each(|server| cluster.restart(server)),
            Self::Together => {
                cluster.servers().try_for_each(|server| cluster.start(server))?;
                for server in cluster.servers() {
                    cluster.disconnect(server);
                    cluster.connect(server);
                }
                Ok(())
            }
        }
    }
}

/// The steps of [`basic_persistence`].
pub const BASIC_PERSISTENCE_STEPS: &[&str] = &[
    "1. Agree on three servers",
    "2. Restart all servers",
    "3. Agree on three servers",
    "4. Restart the leader",
    "5. Agree on three servers",
    "6. Disconnect the leader",
    "7. Agree on two servers",
    "8. Restart the old leader and wait until it has caught up",
    "9. Disconnect a follower",
    "10. Agree on two servers",
    "11. Restart the follower",
    "12. Agree on three servers",
];

/// Three servers, all of which are restarted, the leader more than once.
pub fn basic_persistence(cluster: &Cluster, restart: RestartAll) -> Outcome {
    cluster.step("1. Agree on three servers");
    cluster.agree(11, 3)?;

    cluster.step("2. Restart all servers");
    restart.run(cluster)?;

    cluster.step("3. Agree on three servers");
    cluster.agree(12, 3)?;

    cluster.step("4. Restart the leader");
    cluster.restart(cluster.one_leader()?)?;

    cluster.step("5. Agree on three servers");
    cluster.agree(13, 3)?;

    cluster.step("6. Disconnect the leader");
    let leader = cluster.one_leader()?;
    cluster.disconnect(leader);

    cluster.step("7. Agree on two servers");
    cluster.agree(14, 2)?;

    cluster.step("8. Restart the old leader and wait until it has caught up");
    cluster.restart(leader)?;
    cluster.wait(4, 3, None)?;

    cluster.step("9. Disconnect a follower");
    let follower = cluster.after(cluster.one_leader()?, 1);
    cluster.disconnect(follower);

    cluster.step("10. Agree on two servers");
    cluster.agree(15, 2)?;

    cluster.step("11. Restart the follower");
    cluster.restart(follower)?;

    cluster.step("12. Agree on three servers");
    cluster.agree(16, 3)?;
    Ok(())
}

/// How often [`restarts_in_elections`] does what it does.
const ELECTIONS: u32 = 12;

/// The steps of [`restarts_in_elections`].
pub const ELECTIONS_STEPS: &[&str] = &[
    "1. Agree on three servers",
    "2. Crash a follower, which misses the next election",
    "3. Restart the leader, so that there is one",
    "4. Crash the new leader, and restart its voter and the server that was away",
    "5. Wait for a leader: none that a vote of the election before helps",
    "6. Start the third server and agree",
];

/// Three servers. An election is held without one of them; then the winner goes, its voter restarts, and
/// meets the server that was away, which may stand in the very term in which the voter has voted.
pub fn restarts_in_elections(cluster: &Cluster) -> Outcome {
    for round in 1..=ELECTIONS {
        cluster.ctx().round(round, ELECTIONS);
        cluster.step("1. Agree on three servers");
        cluster.agree(i64::from(round), 3)?;

        cluster.step("2. Crash a follower, which misses the next election");
        let leader = cluster.one_leader()?;
        let away = cluster.after(leader, 1);
        cluster.crash(away);

        cluster.step("3. Restart the leader, so that there is one");
        cluster.restart(leader)?;
        let winner = cluster.one_leader()?;

        cluster.step("4. Crash the new leader, and restart its voter and the server that was away");
        cluster.crash(winner);
        let others = [cluster.after(winner, 1), cluster.after(winner, 2)];
        for server in others {
            cluster.start(server)?;
        }
        cluster.connect_all(others);

        cluster.step("5. Wait for a leader: none that a vote of the election before helps");
        cluster.one_leader()?;

        cluster.step("6. Start the third server and agree");
        cluster.restart(winner)?;
    }
    cluster.ctx().rounds_over();
    cluster.agree(0, 3)?;
    Ok(())
}

/// Commands that nobody commits in [`dropped_entries`].
const DROPPED: usize = 5;

/// The steps of [`dropped_entries`].
pub const DROPPED_STEPS: &[&str] = &[
    "1. Agree on three servers; let 0 be the leader",
    "2. Disconnect 0, and start five commands there, which nobody commits",
    "3. Restart 0, still disconnected, with these commands in its log",
    "4. Agree on 1 and 2",
    "5. Reconnect 0, which drops the five, and agree on three servers",
    "6. Crash another, the leader if it is, and restart 0, which has dropped them for good",
    "7. Agree on two servers",
    "8. Restart the other",
];

/// Three servers. One comes back with entries that have to go, and restarts once more when they are gone.
pub fn dropped_entries(cluster: &Cluster) -> Outcome {
    const ROUNDS: u32 = 3;
    let mut commands = 1..;
    let mut agree = |n| cluster.agree(commands.next().unwrap_or_default(), n);

    for round in 1..=ROUNDS {
        cluster.ctx().round(round, ROUNDS);
        cluster.step("1. Agree on three servers; let 0 be the leader");
        agree(3)?;
        let zero = cluster.one_leader()?;

        cluster.step("2. Disconnect 0, and start five commands there, which nobody commits");
        cluster.disconnect(zero);
        cluster.submit_any(zero, DROPPED);

        cluster.step("3. Restart 0, still disconnected, with these commands in its log");
        cluster.start(zero)?;

        cluster.step("4. Agree on 1 and 2");
        agree(2)?;

        cluster.step("5. Reconnect 0, which drops the five, and agree on three servers");
        cluster.connect(zero);
        agree(3)?;

        cluster.step(
            "6. Crash another, the leader if it is, and restart 0, which has dropped them for good",
        );
        let other = Some(cluster.one_leader()?).filter(|leader| *leader != zero);
        let other = other.unwrap_or_else(|| cluster.after(zero, 1));
        cluster.crash(other);
        cluster.restart(zero)?;

        cluster.step("7. Agree on two servers");
        agree(2)?;

        cluster.step("8. Restart the other");
        cluster.restart(other)?;
    }
    cluster.ctx().rounds_over();
    agree(3)?;
    Ok(())
}

/// The steps of [`recovery_with_lagging_followers`].
pub const LAGGING_FOLLOWERS_STEPS: &[&str] = &[
    "1. Agree on five servers; let 0 be the leader",
    "2. Disconnect 1 and 2",
    "3. Agree on 0, 3 and 4",
    "4. Disconnect 0, 3 and 4",
    "5. Restart 1 and 2",
    "6. Leave 1 and 2 time to elect one of them",
    "7. Restart 3, which is ahead of them",
    "8. Agree on 1, 2 and 3",
    "9. Reconnect 0 and 4, which catch up in the next round",
    "10. Agree on five servers",
];

/// Five servers: those that were away for longest come back first.
pub fn recovery_with_lagging_followers(cluster: &Cluster) -> Outcome {
    const ROUNDS: u32 = 5;
    let mut commands = 11..;
    let mut agree = |n| cluster.agree(commands.next().unwrap_or_default(), n);

    for round in 1..=ROUNDS {
        cluster.ctx().round(round, ROUNDS);
        cluster.step("1. Agree on five servers; let 0 be the leader");
        agree(5)?;
        let leader = cluster.one_leader()?;
        let [one, two, three, four] = [1, 2, 3, 4].map(|k| cluster.after(leader, k));

        cluster.step("2. Disconnect 1 and 2");
        cluster.disconnect_all([one, two]);

        cluster.step("3. Agree on 0, 3 and 4");
        agree(3)?;

        cluster.step("4. Disconnect 0, 3 and 4");
        cluster.disconnect_all([leader, three, four]);

        cluster.step("5. Restart 1 and 2");
        cluster.start(one)?;
        cluster.start(two)?;
        cluster.connect_all([one, two]);

        cluster.step("6. Leave 1 and 2 time to elect one of them");
        thread::sleep(ELECTION);

        cluster.step("7. Restart 3, which is ahead of them");
        cluster.start(three)?;
        cluster.connect(three);

        cluster.step("8. Agree on 1, 2 and 3");
        agree(3)?;

        cluster.step("9. Reconnect 0 and 4, which catch up in the next round");
        cluster.connect_all([four, leader]);
    }
    cluster.ctx().rounds_over();

    cluster.step("10. Agree on five servers");
    cluster.agree(1000, 5)?;
    Ok(())
}

/// The steps of [`partitioned_leader_restarts`].
pub const PARTITIONED_LEADER_STEPS: &[&str] = &[
    "1. Agree on three servers; let 0 be the leader",
    "2. Disconnect 2",
    "3. Agree on 0 and 1",
    "4. Crash 0 and 1, and reconnect 2, which lacks an entry",
    "5. Restart 0",
    "6. Agree on 0 and 2",
    "7. Restart 1",
    "8. Agree on three servers",
];

/// Three servers: a committed entry survives on the one that crashed, not on the one that was away.
pub fn partitioned_leader_restarts(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on three servers; let 0 be the leader");
    cluster.agree(101, 3)?;
    let zero = cluster.one_leader()?;
    let [one, two] = [1, 2].map(|k| cluster.after(zero, k));

    cluster.step("2. Disconnect 2");
    cluster.disconnect(two);

    cluster.step("3. Agree on 0 and 1");
    cluster.agree(102, 2)?;

    cluster.step("4. Crash 0 and 1, and reconnect 2, which lacks an entry");
    cluster.crash(zero);
    cluster.crash(one);
    cluster.connect(two);

    cluster.step("5. Restart 0");
    cluster.start(zero)?;
    cluster.connect(zero);

    cluster.step("6. Agree on 0 and 2");
    cluster.agree(103, 2)?;

    cluster.step("7. Restart 1");
    cluster.start(one)?;
    cluster.connect(one);

    cluster.step("8. Agree on three servers");
    cluster.agree(104, 3)?;
    Ok(())
}
