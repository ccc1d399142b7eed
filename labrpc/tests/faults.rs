//! What an unreliable network does, and what is counted.

mod common;

use common::{DOUBLE, Doubler, end, in_both_worlds, network};
use labrpc::knobs::{Chance, Knobs};
use labrpc::{ClientEnd, Network, RpcError, Server, Service};
use labrt::thread;
use labrt::time::{Duration, Instant};
use labrt::world::{Config, End, run};

/// Calls with each of `0..calls` at once; the replies in that order.
fn call_all_at_once(end: &ClientEnd, calls: u64) -> Vec<Result<u64, RpcError>> {
    let callers: Vec<_> = (0..calls)
        .map(|n| {
            let end = end.clone();
            thread::spawn(move || end.call(DOUBLE, &n))
        })
        .collect();
    callers.into_iter().map(|caller| caller.join().unwrap()).collect()
}

#[test]
fn an_unreliable_network_loses_some_calls_and_corrupts_none() {
    in_both_worlds(|| {
        let (network, doubler) = (network(), Doubler::default());
        network.add_server("doubler", doubler.server());
        network.reliable(false);
        let end = end(&network, "client", "doubler");
        let replies = call_all_at_once(&end, 300);
        let mut succeeded = 0;
        for (n, reply) in (0..).zip(replies) {
            match reply {
                Ok(reply) => {
                    assert_eq!(reply, 2 * n);
                    succeeded += 1;
                }
                Err(error) => assert_eq!(error, RpcError::Failed),
            }
        }
        // 10 % of the requests are lost, then 10 % of the replies; each bound is 5 deviations off.
        let ran = doubler.told().len();
        assert!((243..=296).contains(&ran), "{ran} of 300 handlers ran");
        assert!((208..=277).contains(&succeeded), "{succeeded} of 300 calls succeeded");
        assert!(succeeded < ran, "some replies are lost after their handler ran");
        assert_eq!(network.rpc_count("doubler"), ran as u64);
        network.reliable(true);
        assert!(call_all_at_once(&end, 50).iter().all(Result::is_ok));
    });
}

#[test]
fn an_unreliable_network_reorders_requests() {
    in_both_worlds(|| {
        let (network, doubler) = (network(), Doubler::default());
        network.add_server("doubler", doubler.server());
        network.reliable(false);
        let end = end(&network, "client", "doubler");
        call_all_at_once(&end, 100);
        assert!(!doubler.told().is_sorted());
    });
}

#[test]
fn a_request_on_its_way_reaches_its_handler_after_a_disconnect() {
    let outcome = run(Config::sim(0), || {
        let network = Network::with_knobs(Knobs {
            request_delay: Duration::from_secs(10),
            request_loss: Chance { num: 0, den: 1 },
            ..Knobs::comp385()
        });
        let doubler = Doubler::default();
        network.add_server("doubler", doubler.server());
        network.reliable(false);
        let end = end(&network, "client", "doubler");
        let caller = thread::spawn(move || end.call::<_, u64>(DOUBLE, &1_u64));
        while network.total_count() == 0 {
            thread::sleep(Duration::from_micros(100));
        }
        assert_eq!(network.rpc_count("doubler"), 0, "the request is on its way");
        network.enable("client", false);
        assert_eq!(caller.join().unwrap(), Err(RpcError::Failed));
        thread::sleep(Duration::from_secs(1));
        doubler.told()
    });
    assert!(matches!(&outcome.end, End::Returned(told) if *told == [1]), "{outcome:?}");
}

#[test]
fn long_reordering_makes_most_replies_late_and_loses_none() {
    in_both_worlds(|| {
        let network = network();
        network.add_server("doubler", Doubler::default().server());
        network.long_reordering(true);
        let end = end(&network, "client", "doubler");
        let callers: Vec<_> = (0..100_u64)
            .map(|n| {
                let end = end.clone();
                thread::spawn(move || {
                    let start = Instant::now();
                    assert_eq!(end.call(DOUBLE, &n), Ok(2 * n));
                    start.elapsed()
                })
            })
            .collect();
        let took = callers.into_iter().map(|caller| caller.join().unwrap());
        let late = took.filter(|took| *took >= Duration::from_millis(200)).count();
        assert!(late >= 42, "{late} of 100 replies are late; 66 are expected");
    });
}

#[test]
fn bytes_of_requests_and_of_delivered_replies_are_counted() {
    in_both_worlds(|| {
        let network = network();
        let echo = Service::new("Echo").method("Twice", |s: String| s.repeat(2));
        network.add_server("echo", Server::new().service(echo));
        let end = end(&network, "client", "echo");
        // A string is its bytes behind a varint of their number: 2 bytes for 128 to 16 383.
        let text = "x".repeat(1000);
        assert!(end.call::<_, String>("Echo.Twice", &text).is_ok());
        assert_eq!(network.total_bytes(), 1002 + 2002);
        network.enable("client", false);
        assert!(end.call::<_, String>("Echo.Twice", &text).is_err());
        assert_eq!(network.total_bytes(), 1002 + 2002 + 1002);
    });
}

/// The replies of 200 calls at once under `seed`, the time they took, and the trace's hash.
fn unreliable_run(seed: u64) -> (Vec<bool>, Duration, u64) {
    let outcome = run(Config::sim(seed), || {
        let network = network();
        network.add_server("doubler", Doubler::default().server());
        network.reliable(false);
        network.long_reordering(true);
        let end = end(&network, "client", "doubler");
        let replies = call_all_at_once(&end, 200);
        replies.iter().map(Result::is_ok).collect()
    });
    match outcome.end {
        End::Returned(replies) => (replies, outcome.stats.time, outcome.stats.hash),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_same_seed_has_the_same_faults() {
    assert_eq!(unreliable_run(1), unreliable_run(1));
    assert_ne!(unreliable_run(1).0, unreliable_run(2).0);
}
