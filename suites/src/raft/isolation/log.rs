//! Servers that miss entries, or miss that they are committed.

use contracts::raft::LogIndex;
use labrt::thread;
use labrt::time::Duration;

use super::super::efficiency::random_text;
use super::super::{Cluster, ELECTION, Outcome};
use super::settle;

/// The steps of [`missed_entries`].
pub const MISSED_ENTRIES_STEPS: &[&str] = &[
    "1. Disconnect a server before it has heard of anybody",
    "2. Agree on three commands on the other four",
    "3. Disconnect one of their followers as well",
    "4. Agree on ten commands of 5000 bytes on the other three",
    "5. Expect the two to have applied nothing of that",
    "6. Reconnect both, and agree on five servers",
    "7. Expect the commands to have travelled to both",
];

/// Commands that two servers miss.
const MISSED: u64 = 10;
/// Bytes of each.
const LARGE: usize = 5000;

/// Five servers, of which one never heard of the others, and one no more.
pub fn missed_entries(cluster: &Cluster) -> Outcome {
    cluster.step("1. Disconnect a server before it has heard of anybody");
    let stranger = cluster.random_server();
    cluster.disconnect(stranger);

    cluster.step("2. Agree on three commands on the other four");
    for command in 1..=3_i64 {
        cluster.agree(command, 4)?;
    }

    cluster.step("3. Disconnect one of their followers as well");
    let leader = cluster.one_leader()?;
    let others = [1, 2].map(|k| cluster.after(leader, k));
    let away = if others[0] == stranger { others[1] } else { others[0] };
    cluster.disconnect(away);
    settle();
    let known = cluster.applied_to(away);

    cluster.step("4. Agree on ten commands of 5000 bytes on the other three");
    for _ in 0..MISSED {
        cluster.agree(random_text(LARGE), 3)?;
    }

    cluster.step("5. Expect the two to have applied nothing of that");
    thread::sleep(ELECTION);
    cluster.has_not_moved(stranger, 0)?;
    cluster.has_not_moved(away, known)?;

    cluster.step("6. Reconnect both, and agree on five servers");
    let before = cluster.ctx().network().total_bytes();
    cluster.connect_all([stranger, away]);
    cluster.agree(4, 5)?;

    cluster.step("7. Expect the commands to have travelled to both");
    let travelled = cluster.ctx().network().total_bytes() - before;
    let least = 2 * MISSED * LARGE as u64;
    if travelled < least {
        return Err(cluster.ctx().failure(format!(
            "servers {stranger} and {away} have applied {MISSED} commands of {LARGE} bytes each that they \
             had missed, which takes RPCs of at least {least} bytes; there were {travelled}"
        )));
    }
    Ok(())
}

/// The steps of [`untold_commits`], which are repeated.
pub const UNTOLD_COMMITS_STEPS: &[&str] = &[
    "1. Agree on a command on five servers",
    "2. Keep the leader from reaching all followers but one",
    "3. Start three commands on the leader",
    "4. Disconnect that follower, and let the leader reach the others",
    "5. Agree on one more command on the other four",
    "6. Expect the follower to have applied none of that",
    "7. Reconnect the follower, and agree on five servers",
];

/// How often it is done: not in every round need the follower get the entries.
const ROUNDS: u32 = 3;
/// Time for the leader to send the entries to the one follower: more than a heartbeat, and too little for
/// the others to miss their leader.
const SENDING: Duration = Duration::from_millis(150);

/// Five servers, of which one holds entries and cannot know that they are committed.
pub fn untold_commits(cluster: &Cluster) -> Outcome {
    for round in 1..=ROUNDS {
        cluster.ctx().round(round, ROUNDS);
        let base = i64::from(round) * 10;

        cluster.step("1. Agree on a command on five servers");
        cluster.agree(base, 5)?;

        cluster.step("2. Keep the leader from reaching all followers but one");
        let leader = cluster.one_leader()?;
        let follower = cluster.after(leader, round as usize);
        for other in cluster.servers().filter(|other| ![leader, follower].contains(other)) {
            cluster.cut(leader, other);
        }

        cluster.step("3. Start three commands on the leader");
        for command in base + 1..=base + 3 {
            cluster.submit(leader, &command.into());
        }
        thread::sleep(SENDING);

        cluster.step("4. Disconnect that follower, and let the leader reach the others");
        cluster.disconnect(follower);
        let known: LogIndex = cluster.applied_to(follower);
        cluster.mend();

        cluster.step("5. Agree on one more command on the other four");
        cluster.agree(base + 4, 4)?;

        cluster.step("6. Expect the follower to have applied none of that");
        settle();
        cluster.has_not_moved(follower, known)?;

        cluster.step("7. Reconnect the follower, and agree on five servers");
        cluster.connect(follower);
        cluster.agree(base + 5, 5)?;
    }
    cluster.ctx().rounds_over();
    Ok(())
}
