//! Workload: log replication, with servers away for a while. Each scenario runs on a fresh cluster of
//! the size that its description names.

use std::ops::RangeInclusive;

use contracts::raft::{Command, LogIndex};
use labrt::thread;
use labrt::time::Duration;

use super::concurrent::list;
use super::{Cluster, ELECTION, Outcome};

/// The steps of [`without_failure`]; the last one only where it looks again.
pub const WITHOUT_FAILURE_STEPS: &[&str] = &[
    "1. Expect nothing committed at the index",
    "2. Agree on a command and expect it at that index",
    "3. Expect the command there on all servers",
];

/// Whether the servers' logs are looked at once more, half a second after an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookAgain {
    /// They are (COMP385).
    Yes,
    /// The agreement is enough (CS350).
    No,
}

/// All servers agree, three times, while nothing fails.
pub fn without_failure(cluster: &Cluster, look_again: LookAgain) -> Outcome {
    const INDICES: RangeInclusive<u32> = 1..=3;
    for number in INDICES {
        cluster.ctx().round(number, *INDICES.end());
        let index = LogIndex::from(number);
        let command = i64::from(number) * 100;

        cluster.step("1. Expect nothing committed at the index");
        cluster.nobody_committed(index)?;

        cluster.step("2. Agree on a command and expect it at that index");
        let at = cluster.agree_at_once(command, cluster.size())?;
        cluster.index_within(command, at, index..=index)?;

        if look_again == LookAgain::Yes {
            cluster.step("3. Expect the command there on all servers");
            thread::sleep(Duration::from_millis(500));
            all_applied(cluster, index, command)?;
        }
    }
    cluster.ctx().rounds_over();
    Ok(())
}

fn all_applied(cluster: &Cluster, index: LogIndex, command: i64) -> Outcome {
    let (seen, servers) = (cluster.committed(index), cluster.size());
    if seen.count == servers && seen.command == Some(Command::Int(command)) {
        return Ok(());
    }
    Err(cluster.ctx().failure(format!(
        "expected {servers} servers to have applied {command} at index {index}; {seen}"
    )))
}

/// The steps of [`with_quorum`].
pub const WITH_QUORUM_STEPS: &[&str] = &[
    "1. Agree on three servers",
    "2. Disconnect a follower",
    "3. Agree a few times on two servers",
    "4. Reconnect the follower",
    "5. Agree on three servers",
];

/// Three servers, of which one is away for a while.
pub fn with_quorum(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on three servers");
    cluster.agree_at_once(101, 3)?;

    cluster.step("2. Disconnect a follower");
    let follower = cluster.after(cluster.one_leader()?, 1);
    cluster.disconnect(follower);

    cluster.step("3. Agree a few times on two servers");
    cluster.agree_at_once(102, 2)?;
    cluster.agree_at_once(103, 2)?;
    thread::sleep(ELECTION);
    cluster.agree_at_once(104, 2)?;
    cluster.agree_at_once(105, 2)?;

    cluster.step("4. Reconnect the follower");
    cluster.connect(follower);

    cluster.step("5. Agree on three servers");
    cluster.agree(106, 3)?;
    thread::sleep(ELECTION);
    cluster.agree(107, 3)?;
    Ok(())
}

/// The steps of [`without_quorum`].
pub const WITHOUT_QUORUM_STEPS: &[&str] = &[
    "1. Agree on five servers",
    "2. Disconnect three servers",
    "3. Start a command on the leader",
    "4. Expect that nobody commits it",
    "5. Reconnect the servers",
    "6. Start a command on the leader and agree on five servers",
];

/// Five servers, of which three are away for a while. What is started when they are back may get an
/// index within `after`: the three may have forgotten, or kept, entries of their own.
pub fn without_quorum(cluster: &Cluster, after: RangeInclusive<LogIndex>) -> Outcome {
    cluster.step("1. Agree on five servers");
    cluster.agree_at_once(10, 5)?;

    cluster.step("2. Disconnect three servers");
    let leader = cluster.one_leader()?;
    let away = [1, 2, 3].map(|k| cluster.after(leader, k));
    cluster.disconnect_all(away);

    cluster.step("3. Start a command on the leader");
    let started = cluster.leader_accepts(leader, 20)?;
    cluster.index_within(20, started.index, 2..=2)?;

    cluster.step("4. Expect that nobody commits it");
    thread::sleep(2 * ELECTION);
    cluster.nobody_committed(2)?;

    cluster.step("5. Reconnect the servers");
    cluster.connect_all(away);

    cluster.step("6. Start a command on the leader and agree on five servers");
    let leader = cluster.one_leader()?;
    let started = cluster.leader_accepts(leader, 30)?;
    cluster.index_within(30, started.index, after)?;
    cluster.agree(1000, 5)?;
    Ok(())
}

/// The steps of [`partition_reconnect`]; the last one is [`four_commits`].
pub const PARTITION_RECONNECT_STEPS: &[&str] = &[
    "1. Agree on three servers",
    "2. Disconnect the leader",
    "3. Start commands on it, to be discarded later",
    "4. Agree on the two others",
    "5. Disconnect the new leader and reconnect the old one",
    "6. Agree on two servers",
    "7. Reconnect the last server",
    "8. Agree on three servers",
    "9. Expect four committed entries: those of 1, 4, 6 and 8",
];

/// Three servers, each of two leaders away for a while, the first with entries of its own.
pub fn partition_reconnect(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on three servers");
    cluster.agree(101, 3)?;

    cluster.step("2. Disconnect the leader");
    let first = cluster.one_leader()?;
    cluster.disconnect(first);

    cluster.step("3. Start commands on it, to be discarded later");
    for command in [102, 103, 104] {
        cluster.submit(first, &Command::Int(command));
    }

    cluster.step("4. Agree on the two others");
    cluster.agree(103, 2)?;

    cluster.step("5. Disconnect the new leader and reconnect the old one");
    let second = cluster.one_leader()?;
    cluster.disconnect(second);
    cluster.connect(first);

    cluster.step("6. Agree on two servers");
    cluster.agree(104, 2)?;

    cluster.step("7. Reconnect the last server");
    cluster.connect(second);

    cluster.step("8. Agree on three servers");
    cluster.agree(105, 3)?;
    Ok(())
}

/// After [`partition_reconnect`]: exactly its agreements are committed.
///
/// An agreement that had to be retried may leave its command twice, one right after the other, in a
/// correct log: that counts once. An entry that the first leader should have discarded still shows, as
/// its 102 comes before its other two.
pub fn four_commits(cluster: &Cluster) -> Outcome {
    cluster.step("9. Expect four committed entries: those of 1, 4, 6 and 8");
    let applied = cluster.applied().commands();
    let mut distinct = applied.clone();
    distinct.dedup();
    if distinct == [101, 103, 104, 105].map(Command::Int) {
        return Ok(());
    }
    Err(cluster.ctx().failure(format!(
        "expected exactly 4 entries committed, 101, 103, 104, 105; got {}: {}",
        applied.len(),
        list(&applied)
    )))
}

/// The steps of [`reconcile_long_logs`].
pub const RECONCILE_LONG_LOGS_STEPS: &[&str] = &[
    "1. Agree on five servers; let 0 be the leader",
    "2. Leave 0 and 1 alone and start 50 commands on 0",
    "3. Disconnect 0 and 1",
    "4. Reconnect 2, 3 and 4 and agree 50 times on them",
    "5. Disconnect one of the three that does not lead and start 50 commands on the leader",
    "6. Let 0, 1 and the one just disconnected alone be up, and agree 50 times on them",
    "7. Reconnect all servers",
    "8. Agree on five servers",
];

/// Five servers, three groups in turn, each with entries that the next must overwrite.
pub fn reconcile_long_logs(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on five servers; let 0 be the leader");
    cluster.agree_on_any(5)?;
    let zero = cluster.one_leader()?;
    let one = cluster.after(zero, 1);
    let others = [2, 3, 4].map(|k| cluster.after(zero, k));

    cluster.step("2. Leave 0 and 1 alone and start 50 commands on 0");
    cluster.disconnect_all(others);
    cluster.submit_any(zero, 50);
    thread::sleep(ELECTION / 2);

    cluster.step("3. Disconnect 0 and 1");
    cluster.disconnect_all([zero, one]);

    cluster.step("4. Reconnect 2, 3 and 4 and agree 50 times on them");
    cluster.connect_all(others);
    for _ in 0..50 {
        cluster.agree_on_any(3)?;
    }

    cluster.step(
        "5. Disconnect one of the three that does not lead and start 50 commands on the leader",
    );
    let leader = cluster.one_leader()?;
    let lost = if leader == others[0] { others[1] } else { others[0] };
    cluster.disconnect(lost);
    cluster.submit_any(leader, 50);
    thread::sleep(ELECTION / 2);

    cluster
        .step("6. Let 0, 1 and the one just disconnected alone be up, and agree 50 times on them");
    cluster.disconnect_all(cluster.servers());
    cluster.connect_all([zero, one, lost]);
    for _ in 0..50 {
        cluster.agree_on_any(3)?;
    }

    cluster.step("7. Reconnect all servers");
    cluster.connect_all(cluster.servers());

    cluster.step("8. Agree on five servers");
    cluster.agree_on_any(5)?;
    Ok(())
}
