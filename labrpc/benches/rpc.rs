//! What an RPC costs, encoding included, on a reliable network in either world.
//!
//! Each sample is a whole world that makes [`CALLS`] calls; divan divides by them. Run it with
//! `cargo bench -p labrpc`.

use divan::Bencher;
use divan::counter::ItemsCount;
use labrpc::{ClientEnd, Network, Server, Service};
use labrt::thread;
use labrt::world::{Config, End, run};

/// Calls in one sample.
const CALLS: u32 = 10_000;
/// Threads that share the calls of a concurrent sample.
const THREADS: u32 = 20;

fn main() {
    divan::main();
}

#[divan::bench]
fn serial_sim(bencher: Bencher<'_, '_>) {
    measure(bencher, Config::sim(1), |end| call(end, CALLS));
}

#[divan::bench]
fn serial_real(bencher: Bencher<'_, '_>) {
    measure(bencher, Config::real(1), |end| call(end, CALLS));
}

#[divan::bench]
fn concurrent_sim(bencher: Bencher<'_, '_>) {
    measure(bencher, Config::sim(1), call_concurrently);
}

#[divan::bench]
fn concurrent_real(bencher: Bencher<'_, '_>) {
    measure(bencher, Config::real(1), call_concurrently);
}

fn measure(bencher: Bencher<'_, '_>, config: Config, calls: fn(&ClientEnd)) {
    bencher.counter(ItemsCount::new(CALLS)).bench(|| {
        let outcome = run(config.clone(), move || calls(&counter()));
        assert!(matches!(outcome.end, End::Returned(())), "{outcome:?}");
    });
}

/// An enabled end to a server that counts upwards.
fn counter() -> ClientEnd {
    let network = Network::new();
    let next = Service::new("Counter").method("Next", |n: u64| n + 1);
    network.add_server("counter", Server::new().service(next));
    let end = network.make_end("client");
    network.connect("client", "counter");
    network.enable("client", true);
    end
}

fn call(end: &ClientEnd, times: u32) {
    for n in 0..u64::from(times) {
        assert_eq!(end.call("Counter.Next", &n), Ok(n + 1));
    }
}

fn call_concurrently(end: &ClientEnd) {
    let callers: Vec<_> = (0..THREADS)
        .map(|_| {
            let end = end.clone();
            thread::spawn(move || call(&end, CALLS / THREADS))
        })
        .collect();
    for caller in callers {
        caller.join().expect("a caller does not panic");
    }
}
