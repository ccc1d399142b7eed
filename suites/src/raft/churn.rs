//! Workload: servers come and go while clients start commands.

use std::collections::BTreeSet;
use std::sync::Arc;

use contracts::raft::{Command, LogIndex};
use labrt::sync::atomic::{AtomicBool, Ordering};
use labrt::thread;
use labrt::time::Duration;
use rand::RngExt;

use super::agree::random_command;
use super::{Cluster, ELECTION, Outcome};
use crate::threads::join;

/// The steps of [`churn`].
pub const CHURN_STEPS: &[&str] = &[
    "1. Let three clients start commands until further notice",
    "2. Disconnect, restart and crash servers at random",
    "3. Bring all servers back on a reliable network",
    "4. Stop the clients",
    "5. Agree once more, on all servers",
    "6. Expect every command that a client saw committed in the log",
];

/// Clients that start commands.
const CLIENTS: u64 = 3;
/// How often servers come and go.
const ROUNDS: u32 = 20;
/// A client looks before each of these pauses, in milliseconds, whether its command is committed.
const LOOKS_MS: [u64; 5] = [10, 20, 50, 100, 200];

/// Keeps a few clients busy while servers of the cluster come and go; what a client saw committed must
/// be in the log in the end.
pub fn churn(cluster: &Cluster) -> Outcome {
    cluster.step("1. Let three clients start commands until further notice");
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|me| {
            let stop = Arc::clone(&stop);
            cluster.client(format!("client {me}"), move |cluster| Ok(client(cluster, me, &stop)))
        })
        .collect();

    cluster.step("2. Disconnect, restart and crash servers at random");
    for round in 1..=ROUNDS {
        cluster.ctx().round(round, ROUNDS);
        come_and_go(cluster)?;
        thread::sleep(ELECTION * 7 / 10);
    }
    cluster.ctx().rounds_over();

    cluster.step("3. Bring all servers back on a reliable network");
    thread::sleep(ELECTION);
    cluster.reliable(true);
    for server in cluster.servers() {
        if !cluster.is_running(server) {
            cluster.start(server)?;
        }
        cluster.connect(server);
    }

    cluster.step("4. Stop the clients");
    stop.store(true, Ordering::SeqCst);
    let kept: Vec<Command> = clients.into_iter().flat_map(join).collect();
    thread::sleep(ELECTION);

    cluster.step("5. Agree once more, on all servers");
    let last = cluster.agree_on_any(cluster.size())?;

    cluster.step("6. Expect every command that a client saw committed in the log");
    let log = log_up_to(cluster, last)?;
    match kept.iter().find(|command| !log.contains(command)) {
        None => Ok(()),
        Some(missing) => Err(cluster.ctx().failure(format!(
            "expected the log up to index {last} to hold command {missing}, which a client saw \
             committed; it does not"
        ))),
    }
}

/// Three draws, each with a server of its own.
fn come_and_go(cluster: &Cluster) -> Outcome {
    let happens = |percent| labrt::rand::rng().random_range(0..100) < percent;
    if happens(20) {
        cluster.disconnect(cluster.random_server());
    }
    if happens(50) {
        let server = cluster.random_server();
        if !cluster.is_running(server) {
            cluster.start(server)?;
        }
        cluster.connect(server);
    }
    if happens(20) {
        cluster.crash(cluster.random_server());
    }
    Ok(())
}

/// Starts commands until `stop`; those that it saw committed.
fn client(cluster: &Cluster, me: u64, stop: &AtomicBool) -> Vec<Command> {
    let mut kept = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let command = random_command();
        let mut accepted = None;
        for server in cluster.servers() {
            accepted = cluster.submit(server, &command).or(accepted);
        }
        match accepted {
            Some(started) if is_committed(cluster, started.index, &command) => kept.push(command),
            Some(_) => {}
            None => thread::sleep(Duration::from_millis(79 + 17 * me)),
        }
    }
    kept
}

/// Whether `command`, rather than another one, is soon seen committed at `index`.
fn is_committed(cluster: &Cluster, index: LogIndex, command: &Command) -> bool {
    for pause in LOOKS_MS {
        if let Some(seen) = cluster.committed(index).command {
            return seen == *command;
        }
        thread::sleep(Duration::from_millis(pause));
    }
    false
}

/// What all servers have applied up to index `last`.
fn log_up_to(cluster: &Cluster, last: LogIndex) -> Outcome<BTreeSet<Command>> {
    let mut log = BTreeSet::new();
    for index in 1..=last {
        log.extend(cluster.wait(index, cluster.size(), None)?);
    }
    Ok(log)
}
