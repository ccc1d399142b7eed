//! The servers of a second cluster, from each other and from the first.

use contracts::raft::LogIndex;
use labrt::thread;

use super::super::cluster::Setup;
use super::super::{Cluster, ELECTION, Outcome};
use crate::Context;

/// The steps of [`two_clusters`].
pub const TWO_CLUSTERS_STEPS: &[&str] = &[
    "1. Agree on five commands, restart every server, and agree once more",
    "2. Stop the cluster",
    "3. Make another cluster, with empty storages, and disconnect its servers",
    "4. Expect each server to begin as those of the first did",
    "5. Expect nobody to lead or to apply anything",
    "6. Connect the servers, and agree on two commands, at the indices 1 and 2",
];

/// Two clusters of three servers, one after the other. They have nothing in common but the process that they run
/// in.
pub fn two_clusters(ctx: &Context, setup: Setup) -> Outcome {
    ctx.step("1. Agree on five commands, restart every server, and agree once more");
    let first = Cluster::new(ctx, setup)?;
    let began_in: Vec<_> = first.servers().map(|server| first.term_of(server)).collect();
    for command in 1..=5_i64 {
        first.agree(command, 3)?;
    }
    for server in first.servers() {
        first.restart(server)?;
    }
    first.agree(6, 3)?;

    ctx.step("2. Stop the cluster");
    first.servers().for_each(|server| first.crash(server));

    ctx.step("3. Make another cluster, with empty storages, and disconnect its servers");
    let second = Cluster::new(ctx, setup)?;
    second.disconnect_all(second.servers());

    ctx.step("4. Expect each server to begin as those of the first did");
    for (server, began_in) in second.servers().zip(began_in) {
        let term = second.term_of(server);
        if term != began_in {
            return Err(ctx.failure(format!(
                "expected server {server} of another cluster, whose storage is empty, to begin in term \
                 {began_in} as that of the first did; it begins in term {term}"
            )));
        }
    }

    ctx.step("5. Expect nobody to lead or to apply anything");
    let everybody: Vec<_> = second.servers().collect();
    for _ in 0..3 {
        thread::sleep(ELECTION / 2);
        second.nobody_elected(&everybody, 0)?;
    }
    second.servers().try_for_each(|server| second.has_not_moved(server, 0))?;

    ctx.step("6. Connect the servers, and agree on two commands, at the indices 1 and 2");
    second.connect_all(second.servers());
    for index in 1..=2_u32 {
        let command = i64::from(index) * 100;
        let at = second.agree(command, 3)?;
        let index = LogIndex::from(index);
        second.index_within(command, at, index..=index)?;
    }
    second.stop();
    Ok(())
}
