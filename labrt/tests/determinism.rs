//! The same binary and seed give the same run, to the byte, in any process.

#![allow(
    clippy::disallowed_types,
    reason = "that std's maps iterate in the same order each time is what is tested"
)]

mod common;

use std::collections::{BTreeSet, HashMap};
use std::process::Command;
use std::sync::Arc;

use common::{POLICIES, child, output, text};
use labrt::channel::{select, tick, unbounded};
use labrt::sync::{Condvar, Mutex};
use labrt::thread;
use labrt::time::Duration;
use labrt::trace::{self, Kind};
use labrt::world::{self, Config, Policy};
use rand::RngExt;

const FOUND: Kind = Kind { code: 1000, name: "found" };

/// A map whose order shows in what the threads do, and so in the trace.
fn work_through(map: impl IntoIterator<Item = (u64, u64)>) {
    for (key, pause) in map {
        trace::emit(FOUND, 0, key, format_args!("key {key}"));
        thread::sleep(Duration::from_nanos(pause));
    }
}

/// Uses whatever could differ between two processes.
fn lab(with_hashbrown: bool) {
    let shared = Arc::new((Mutex::new(0_u64), Condvar::new()));
    let (sender, receiver) = unbounded();
    for index in 0..4_u64 {
        let (shared, sender) = (Arc::clone(&shared), sender.clone());
        thread::Builder::new().server(format!("server {index}")).spawn(move || {
            let mut rng = labrt::rand::rng();
            let pairs: Vec<(u64, u64)> =
                (0..30).map(|key| (key, rng.random_range(1..100_000))).collect();
            work_through(pairs.iter().copied().collect::<HashMap<_, _>>());
            if with_hashbrown {
                work_through(pairs.iter().copied().collect::<hashbrown::HashMap<_, _>>());
            }
            *shared.0.lock() ^= rng.random::<u64>();
            shared.1.notify_all();
            sender.send(format!("{index} is done")).unwrap();
        });
    }
    drop(sender);
    let ticks = tick(Duration::from_micros(30));
    loop {
        select! {
            recv(receiver) -> message => if message.is_err() { break },
            recv(ticks) -> _ => drop(shared.0.lock()),
        }
    }
}

fn hash_of(config: Config, with_hashbrown: bool) -> u64 {
    let outcome = world::run(config, move || lab(with_hashbrown));
    let hash = outcome.stats.hash;
    outcome.returned().unwrap();
    hash
}

#[test]
fn the_same_seed_gives_the_same_hash_under_every_policy() {
    for policy in POLICIES {
        let config = Config { policy, ..Config::sim(7) };
        assert_eq!(hash_of(config.clone(), false), hash_of(config, false), "{policy:?}");
    }
}

#[test]
fn other_seeds_give_other_hashes() {
    let hashes: BTreeSet<u64> = (0..30).map(|seed| hash_of(Config::sim(seed), false)).collect();
    assert_eq!(hashes.len(), 30);
}

#[test]
fn other_policies_give_other_hashes() {
    let policies = [Policy::Fifo, Policy::default(), Policy::Pct { depth: 3, length: 100 }];
    let hashes = policies.map(|policy| hash_of(Config { policy, ..Config::sim(1) }, false));
    assert_eq!(hashes.iter().collect::<BTreeSet<_>>().len(), 3);
}

/// What one process gives: its hash, and its trace when one is asked for.
fn run_of(mut command: Command, trace: bool) -> (String, Option<Vec<u8>>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.jsonl");
    if trace {
        command.env("LABRT_TEST_TRACE", &path);
    }
    let output = output(command);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let written = text(&output.stdout);
    let hash = written.lines().find_map(|line| line.strip_prefix("hash ")).expect("a hash");
    (hash.to_owned(), trace.then(|| std::fs::read(path).unwrap()))
}

/// The same run in four processes, two of them with a full trace.
fn two_processes_agree(test: &str, with_hashbrown: bool) {
    let command = || {
        child(test, || {
            let trace = std::env::var_os("LABRT_TEST_TRACE").map(Into::into);
            println!("\nhash {:016x}", hash_of(Config { trace, ..Config::sim(3) }, with_hashbrown));
        })
    };
    let (hash, trace) = run_of(command(), true);
    let trace = trace.unwrap();
    assert!(trace.len() > 10_000);
    assert!(text(&trace).lines().all(|line| line.starts_with("{\"ns\":") && line.ends_with("\"}")));
    assert_eq!(run_of(command(), false).0, hash, "with and without a trace");
    let (again, other) = run_of(command(), true);
    assert_eq!(again, hash, "in another process");
    assert!(other.unwrap() == trace, "the trace differs");
    assert_eq!(run_of(command(), false).0, hash);
}

#[test]
fn two_processes_agree_to_the_byte() {
    two_processes_agree("two_processes_agree_to_the_byte", false);
}

/// A hasher that hashes addresses needs address randomisation to be off.
#[test]
#[cfg(target_os = "linux")]
fn two_processes_agree_about_addresses_when_these_are_not_randomised() {
    use nix::sys::personality::{self, Persona};
    let set = personality::get()
        .and_then(|persona| personality::set(persona | Persona::ADDR_NO_RANDOMIZE));
    if let Err(error) = set {
        // Containers may forbid it; then there is nothing to show.
        println!("address randomisation cannot be switched off here: {error}");
        return;
    }
    two_processes_agree("two_processes_agree_about_addresses_when_these_are_not_randomised", true);
}
