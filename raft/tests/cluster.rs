//! Whole clusters: what two courses demand of timing and traffic, under the simulated clock, and
//! what holds whatever the timing, in both worlds.

mod common;

use std::sync::Arc;

use common::{Cluster, MS, eventually, in_both_worlds, in_simulation, within};
use contracts::raft::{Command, Config, Persister, Raft, Started};
use labrpc::Network;
use labrt::channel::{bounded, unbounded};
use labrt::thread;
use labrt::time::{Duration, Instant};
use raft::Server;
use rand::RngExt;

/// Simulated runs of each body.
const SEEDS: u64 = 30;

fn int(value: i64) -> Command {
    Command::Int(value)
}

/// The commands without repetitions: one that was started again after a change of leaders, as on a
/// busy machine there may be, is applied twice.
fn once(mut commands: Vec<Command>) -> Vec<Command> {
    commands.dedup();
    commands
}

#[test]
fn a_cluster_elects_one_leader_and_keeps_it() {
    in_simulation(SEEDS, || {
        for size in [1, 3, 5] {
            let cluster = Cluster::new(size);
            let leader = cluster.leader();
            let term = cluster.server(leader).state().0;
            thread::sleep(MS * 2000);
            assert_eq!(cluster.leader_now(), Some((leader, term)));
        }
    });
}

#[test]
fn a_new_leader_takes_over_within_five_seconds_and_the_old_one_follows() {
    in_simulation(SEEDS, || {
        let mut cluster = Cluster::new(3);
        let old = cluster.leader();
        cluster.disconnect(old);
        let new = within(MS * 5000, || cluster.leader_now()).expect("a new leader");
        cluster.connect(old);
        eventually("step down", || (!cluster.server(old).state().1).then_some(()));
        assert_eq!(cluster.leader_now(), Some(new));
    });
}

#[test]
fn commands_are_applied_everywhere_in_order() {
    in_both_worlds(SEEDS, || {
        let cluster = Cluster::new(5);
        for value in 1..=20 {
            cluster.agree(value, 5);
        }
        let expected: Vec<_> = (1..=20).map(int).collect();
        assert!(cluster.ids().all(|id| once(cluster.applied(id)) == expected));
    });
}

/// Two courses' limits: 30 RPCs until the first leader, 42 for twelve commands started at once,
/// 60 for a second of idleness; of heartbeats ten a second to each peer.
#[test]
fn rpcs_are_few() {
    in_simulation(SEEDS, || {
        let cluster = Cluster::new(3);
        let leader = cluster.leader();
        let until_leader = cluster.network.total_count();
        assert!((1..=30).contains(&until_leader), "{until_leader} RPCs until the first leader");
        cluster.agree(0, 3);

        let before = cluster.network.total_count();
        for value in 1..=12 {
            cluster.server(leader).start(int(value)).expect("still the leader");
        }
        eventually("eleven commits", || (cluster.count(12, &int(11)) == 3).then_some(()));
        let used = cluster.network.total_count() - before;
        assert!(used <= 42, "{used} RPCs for twelve commands");

        eventually("the last commit", || (cluster.count(13, &int(12)) == 3).then_some(()));
        let before = cluster.network.total_count();
        thread::sleep(MS * 10_000);
        let used = cluster.network.total_count() - before;
        // To each of two peers: one in each tenth of a second, and one at either end.
        assert!((20..=2 * 101).contains(&used), "{used} RPCs in ten seconds of idleness");
    });
}

/// A course's limit: each entry travels to each follower about once.
#[test]
fn entries_are_sent_once() {
    in_simulation(SEEDS, || {
        let cluster = Cluster::new(3);
        cluster.agree(99, 3);
        let before = cluster.network.total_bytes();
        for letter in 'a'..='j' {
            cluster.agree(letter.to_string().repeat(5000).as_str(), 3);
        }
        let used = cluster.network.total_bytes() - before;
        assert!(used <= 110_000, "{used} bytes for ten texts of 5000 bytes to two followers");
    });
}

#[test]
fn start_and_kill_wait_for_no_rpc() {
    in_simulation(SEEDS, || {
        let mut cluster = Cluster::new(3);
        let leader = cluster.leader();
        cluster.network.long_delays(true);
        for id in cluster.ids() {
            cluster.disconnect(id);
        }
        thread::sleep(MS * 1500);
        let server = Arc::clone(cluster.server(leader));
        let before = Instant::now();
        for value in 0..10 {
            assert!(server.start(int(value)).is_some());
        }
        server.kill();
        assert!(before.elapsed() < MS * 200, "took {:?}", before.elapsed());
        assert_eq!(server.start(int(11)), None);
    });
}

#[test]
fn a_restarted_cluster_remembers() {
    in_both_worlds(SEEDS, || {
        let mut cluster = Cluster::new(3);
        for value in 1..=3 {
            cluster.agree(value, 3);
        }
        for id in cluster.ids() {
            cluster.crash(id);
        }
        for id in cluster.ids() {
            cluster.start(id);
            cluster.connect(id);
        }
        cluster.agree(4, 3);
        let expected: Vec<_> = (1..=4).map(int).collect();
        assert!(cluster.ids().all(|id| once(cluster.applied(id)) == expected));
    });
}

/// Calls to the lost follower hang for seconds; when it is back, the next heartbeat finds it.
#[test]
fn a_follower_far_behind_catches_up_soon() {
    in_simulation(SEEDS, || {
        let mut cluster = Cluster::new(3);
        cluster.network.long_delays(true);
        let leader = cluster.leader();
        let lost = (leader + 1) % 3;
        cluster.disconnect(lost);
        for value in 1..=3000 {
            cluster.server(leader).start(int(value)).expect("the leader");
        }
        eventually("a majority", || (cluster.count(3000, &int(3000)) == 2).then_some(()));
        thread::sleep(MS * 5000);
        let bytes = cluster.network.total_bytes();
        thread::sleep(MS * 1000);
        let probes = cluster.network.total_bytes() - bytes;
        assert!(probes < 1500, "{probes} bytes in an idle second with an unreachable follower");

        cluster.connect(lost);
        // The follower's own term may have grown; the cluster then elects anew.
        eventually("a leader", || cluster.leader_now());
        cluster.agree(0, 3);
        assert_eq!(cluster.applied(lost)[..3000], (1..=3000).map(int).collect::<Vec<_>>());
    });
}

#[test]
fn a_long_log_of_a_healthy_leader_reaches_a_follower_within_a_second() {
    in_simulation(SEEDS, || {
        let mut cluster = Cluster::new(3);
        let leader = cluster.leader();
        let late = (leader + 1) % 3;
        cluster.crash(late);
        for value in 1..=3000 {
            cluster.server(leader).start(int(value)).expect("the leader");
        }
        eventually("a majority", || (cluster.count(3000, &int(3000)) == 2).then_some(()));
        cluster.start(late);
        cluster.connect(late);
        let caught_up = || (cluster.applied(late).len() == 3000).then_some(());
        within(MS * 1000, caught_up).expect("three messages of 1000 entries are quick");
    });
}

#[test]
fn progress_goes_on_while_the_network_loses_and_reorders() {
    in_simulation(SEEDS, || {
        let cluster = Cluster::new(5);
        cluster.network.reliable(false);
        cluster.network.long_reordering(true);
        for value in 1..=10 {
            cluster.agree(value, 5);
        }
    });
}

/// The safety of Figure 8: whatever crashes, no two servers apply different commands at an index.
#[test]
fn servers_that_crash_at_random_never_disagree() {
    in_simulation(SEEDS, || {
        let mut cluster = Cluster::new(5);
        cluster.network.reliable(false);
        let mut running = [true; 5];
        for value in 1..=150 {
            let started: Vec<Started> = cluster
                .ids()
                .filter(|id| running[*id])
                .filter_map(|id| cluster.server(id).start(int(value)))
                .collect();
            thread::sleep(MS * labrt::rand::rng().random_range(0..40));
            if !started.is_empty()
                && let Some((leader, _)) = cluster.leader_now()
                && labrt::rand::rng().random_bool(0.5)
            {
                cluster.crash(leader);
                running[leader] = false;
            }
            let down = labrt::rand::rng().random_range(0..5);
            if running.iter().filter(|up| **up).count() < 3 && !running[down] {
                cluster.start(down);
                cluster.connect(down);
                running[down] = true;
            }
        }
        for id in cluster.ids().filter(|id| !running[*id]).collect::<Vec<_>>() {
            cluster.start(id);
            cluster.connect(id);
        }
        cluster.agree(-1, 5);
        let logs: Vec<_> = cluster.ids().map(|id| cluster.applied(id)).collect();
        let shortest = logs.iter().map(Vec::len).min().unwrap();
        assert!(logs.iter().all(|log| log[..shortest] == logs[0][..shortest]));
    });
}

/// A server of one, which commits alone.
fn alone(apply: labrt::channel::Sender<contracts::raft::ApplyMsg>) -> Arc<Server> {
    let peers = vec![Network::new().make_end("unused")];
    let server = Server::make(Config { peers, me: 0, persister: Persister::new(), apply });
    eventually("a leader", || server.state().1.then_some(()));
    server
}

#[test]
fn a_killed_server_closes_its_apply_channel() {
    in_both_worlds(SEEDS, || {
        let (apply, messages) = unbounded();
        let server = alone(apply);
        server.start(int(7)).expect("the leader");
        assert_eq!(messages.recv().map(|m| (m.index, m.command)), Ok((1, int(7))));
        server.kill();
        assert!(messages.recv().is_err(), "the last sender is gone");
        assert!(!server.state().1, "a killed server leads nobody");
    });
}

#[test]
fn a_killed_server_that_was_blocked_on_a_full_channel_ends_once_it_is_drained() {
    in_both_worlds(SEEDS, || {
        let (apply, messages) = bounded(0);
        let server = alone(apply);
        for value in 1..=500 {
            server.start(int(value)).expect("a slow state machine holds up nobody");
        }
        thread::sleep(Duration::from_millis(20));
        server.kill();
        let drained = messages.iter().count();
        assert!(drained <= 256, "{drained} messages after the kill");
    });
}
