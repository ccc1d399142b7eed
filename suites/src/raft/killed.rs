//! Workload: servers that are killed, and what must not go on after that.

use contracts::raft::{Command, ServerId};
use labrt::group::Group;
use labrt::thread;
use labrt::time::Duration;

use super::{Cluster, Outcome};

/// A killed server's threads have ended by now: what they called has failed, and what they slept for is over.
const ENDED: Duration = Duration::from_secs(10);
/// The most threads of a server that a message describes.
const SHOWN: usize = 5;

/// The steps of [`killed_servers_end`].
pub const KILLED_STEPS: &[&str] = &[
    "1. Start three servers anew, each watched",
    "2. Agree on a command",
    "3. Disconnect a follower, and start commands on the leader",
    "4. Crash all servers, in the midst of it",
    "5. Expect all their threads to have ended after 10 s",
    "6. Start them again, and crash them before there is a leader",
    "7. Expect all their threads to have ended after 10 s",
];

/// Three servers, killed while they work and while they do not lead yet.
pub fn killed_servers_end(cluster: &Cluster) -> Outcome {
    cluster.step("1. Start three servers anew, each watched");
    let groups = start_watched(cluster)?;

    cluster.step("2. Agree on a command");
    cluster.agree(1, 3)?;

    cluster.step("3. Disconnect a follower, and start commands on the leader");
    let leader = cluster.one_leader()?;
    cluster.disconnect(cluster.after(leader, 1));
    for command in 2..12 {
        cluster.submit(leader, &Command::from(command));
    }

    cluster.step("4. Crash all servers, in the midst of it");
    cluster.servers().for_each(|server| cluster.crash(server));

    cluster.step("5. Expect all their threads to have ended after 10 s");
    all_ended(cluster, &groups)?;

    cluster.step("6. Start them again, and crash them before there is a leader");
    let groups = start_watched(cluster)?;
    cluster.servers().for_each(|server| cluster.crash(server));

    cluster.step("7. Expect all their threads to have ended after 10 s");
    all_ended(cluster, &groups)
}

/// Starts all servers anew and connects them; the threads of each are in a group.
pub(super) fn start_watched(cluster: &Cluster) -> Outcome<Vec<Group>> {
    let groups: Vec<Group> = cluster.servers().map(|_| Group::new()).collect();
    for (server, group) in cluster.servers().zip(&groups) {
        cluster.start_in(server, group)?;
    }
    cluster.connect_all(cluster.servers());
    Ok(groups)
}

/// Expects that no thread of these groups, one for each server, lives [`ENDED`] from now.
fn all_ended(cluster: &Cluster, groups: &[Group]) -> Outcome {
    thread::sleep(ENDED);
    match cluster.servers().zip(groups).find(|(_, group)| group.live() > 0) {
        None => Ok(()),
        Some((server, group)) => Err(still_there(cluster, server, group)),
    }
}

fn still_there(cluster: &Cluster, server: ServerId, group: &Group) -> crate::Failure {
    let mut failure = cluster.ctx().failure(format!(
        "expected all threads of server {server} to have ended {} s after it was killed; {} of them still live",
        ENDED.as_secs(),
        group.live()
    ));
    failure.details = group.describe().into_iter().take(SHOWN).collect();
    failure
}
