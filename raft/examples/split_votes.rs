//! Measures how often votes split, and how long a cluster is without a leader.
//!
//! Each line is a number of simulated worlds in which leader after leader is cut off. An election
//! that no candidate wins shows as a term without a leader. On a reliable network the votes were
//! split; on an unreliable one most of these elections failed for lost ballots instead.
//!
//!     cargo run --release --example split_votes

#[path = "../tests/common/mod.rs"]
mod common;

use common::{Cluster, MS, eventually};
use labrt::thread;
use labrt::time::{Duration, Instant};
use labrt::world::{self, Config};

const WORLDS: u64 = 20;
const REELECTIONS: u32 = 100;

/// What was seen in a world.
#[derive(Default)]
struct Seen {
    elections: u64,
    failed: u64,
    leaderless: Duration,
    longest: Duration,
}

fn main() {
    println!("servers  network     elections  no winner  mean leaderless  longest");
    for size in [3, 5, 7] {
        for reliable in [true, false] {
            let mut total = Seen::default();
            for seed in 0..WORLDS {
                let outcome = world::run(Config::sim(seed), move || observe(size, reliable));
                let seen = outcome.returned().expect("a correct Raft");
                total.elections += seen.elections;
                total.failed += seen.failed;
                total.leaderless += seen.leaderless;
                total.longest = total.longest.max(seen.longest);
            }
            let network = if reliable { "reliable" } else { "unreliable" };
            let no_winner = 100.0 * total.failed as f64 / total.elections as f64;
            let mean = total.leaderless.as_secs_f64() / (WORLDS * u64::from(REELECTIONS)) as f64;
            let longest = total.longest.as_secs_f64();
            let elections = total.elections;
            println!(
                "{size:>7}  {network:<10}  {elections:>9}  {no_winner:>7.2} %  {mean:>13.2} s  {longest:>5.2} s"
            );
        }
    }
}

fn observe(size: usize, reliable: bool) -> Seen {
    let mut cluster = Cluster::new(size);
    cluster.network.reliable(reliable);
    let mut seen = Seen::default();
    for _ in 0..REELECTIONS {
        let (old, before) = eventually("a leader", || cluster.leader_now());
        cluster.disconnect(old);
        let cut_off = Instant::now();
        let newer = || cluster.leader_now().filter(|(_, term)| *term > before);
        let (_, after) = eventually("a new leader", newer);
        seen.elections += after - before;
        seen.failed += after - before - 1;
        seen.leaderless += cut_off.elapsed();
        seen.longest = seen.longest.max(cut_off.elapsed());
        cluster.connect(old);
        thread::sleep(MS * 500);
    }
    seen
}
