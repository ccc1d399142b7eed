//! Random scheduling as a race detector.

mod common;

use std::sync::Arc;

use labrt::sync::Mutex;
use labrt::thread;
use labrt::time::Duration;
use labrt::world::{self, Config, Policy};
use rand::RngExt;

/// Two servers that add to one balance every few milliseconds of virtual time: they read it under
/// the lock, let go, and write it under the lock. Whether an addition was lost.
fn an_update_was_lost() -> bool {
    const ROUNDS: u32 = 50;
    let balance = Arc::new(Mutex::new(0));
    let servers: Vec<_> = (0..2)
        .map(|_| {
            let balance = Arc::clone(&balance);
            thread::spawn(move || {
                for _ in 0..ROUNDS {
                    let pause = labrt::rand::rng().random_range(1_000..10_000);
                    thread::sleep(Duration::from_micros(pause));
                    let seen = *balance.lock();
                    *balance.lock() = seen + 1;
                }
            })
        })
        .collect();
    for server in servers {
        server.join().unwrap();
    }
    *balance.lock() != 2 * ROUNDS
}

/// In how many of so many runs the update was lost.
fn found(policy: Policy, runs: u64) -> usize {
    (0..runs)
        .filter(|seed| {
            let config = Config { policy, ..Config::sim(*seed) };
            world::run(config, an_update_was_lost).returned().unwrap()
        })
        .count()
}

#[test]
fn a_planted_lost_update_is_found_in_half_of_the_runs() {
    const RUNS: u64 = 200;
    let policies = [
        Policy::Fifo,
        Policy::Random { delay_one_in: 0 },
        Policy::Random { delay_one_in: 100 },
        Policy::Random { delay_one_in: 20 },
        Policy::Pct { depth: 3, length: 1_000 },
    ];
    let by_default = found(Policy::default(), RUNS);
    println!("lost updates found in {RUNS} runs:\n{by_default:4}  {:?}", Policy::default());
    for policy in policies {
        println!("{:4}  {policy:?}", found(policy, RUNS));
    }
    assert!(by_default as u64 >= RUNS / 2, "{by_default} of {RUNS}");
}
