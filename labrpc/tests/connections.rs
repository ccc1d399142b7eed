//! Reachability: ends that are disabled, servers that go away, and calls that this cuts off.

mod common;

use common::{DOUBLE, Doubler, Gate, HANG, end, in_both_worlds, network};
use labrpc::{Network, RpcError};
use labrt::thread::{self, JoinHandle};

/// Calls through a new end, on a thread of its own.
fn call_in_background(network: &Network, name: &str) -> JoinHandle<Result<u8, RpcError>> {
    let end = end(network, name, "gate");
    thread::spawn(move || end.call(HANG, &()))
}

#[test]
fn a_call_needs_an_enabled_end_that_leads_to_a_server() {
    in_both_worlds(|| {
        let network = network();
        let doubler = Doubler::default();
        let end = network.make_end("client");
        let call = || end.call::<_, u64>(DOUBLE, &1_u64);
        assert_eq!(call(), Err(RpcError::Failed), "leads nowhere");
        network.enable("client", true);
        assert_eq!(call(), Err(RpcError::Failed), "leads nowhere");
        network.connect("client", "doubler");
        assert_eq!(call(), Err(RpcError::Failed), "no such server yet");
        network.add_server("doubler", doubler.server());
        assert_eq!(call(), Ok(2));
        network.enable("client", false);
        assert_eq!(call(), Err(RpcError::Failed), "disabled");
        network.enable("client", true);
        assert_eq!(call(), Ok(2));
        network.delete_server("doubler");
        assert_eq!(call(), Err(RpcError::Failed), "removed");
        assert_eq!(doubler.told(), [1, 1]);
        assert_eq!((network.total_count(), network.rpc_count("doubler")), (7, 2));
    });
}

#[test]
fn an_end_can_be_led_to_another_server() {
    in_both_worlds(|| {
        let network = network();
        let (left, right) = (Doubler::default(), Doubler::default());
        network.add_server("left", left.server());
        network.add_server("right", right.server());
        let end = end(&network, "client", "left");
        assert_eq!(end.call(DOUBLE, &1_u64), Ok(2_u64));
        network.connect("client", "right");
        assert_eq!(end.call(DOUBLE, &2_u64), Ok(4_u64));
        assert_eq!((left.told(), right.told()), (vec![1], vec![2]));
    });
}

#[test]
fn removing_a_server_fails_the_calls_whose_handlers_hang() {
    in_both_worlds(|| {
        let (network, gate) = (network(), Gate::new());
        network.add_server("gate", gate.server.clone());
        let calls = ["a", "b", "c"].map(|name| call_in_background(&network, name));
        for _ in &calls {
            gate.started.recv().unwrap();
        }
        network.delete_server("gate");
        // The handlers still hang: without being cut off, the callers would wait for ever.
        for call in calls {
            assert_eq!(call.join().unwrap(), Err(RpcError::Failed));
        }
        gate.let_go.send(()).unwrap();
        gate.ended.recv().unwrap();
    });
}

#[test]
fn disabling_an_end_fails_its_hanging_calls_and_no_others() {
    in_both_worlds(|| {
        let (network, gate) = (network(), Gate::new());
        network.add_server("gate", gate.server.clone());
        let cut = call_in_background(&network, "cut");
        gate.started.recv().unwrap();
        let kept = call_in_background(&network, "kept");
        gate.started.recv().unwrap();
        network.enable("cut", false);
        assert_eq!(cut.join().unwrap(), Err(RpcError::Failed));
        gate.let_go.send(()).unwrap();
        gate.let_go.send(()).unwrap();
        assert_eq!(kept.join().unwrap(), Ok(7));
    });
}

#[test]
fn a_late_reply_of_a_replaced_server_is_discarded() {
    in_both_worlds(|| {
        let (network, gate, next) = (network(), Gate::new(), Doubler::default());
        network.add_server("gate", gate.server.clone());
        let call = call_in_background(&network, "client");
        gate.started.recv().unwrap();
        network.add_server("gate", next.server());
        gate.let_go.send(()).unwrap();
        gate.ended.recv().unwrap();
        assert_eq!(call.join().unwrap(), Err(RpcError::Failed));
        let bytes = network.total_bytes();
        assert_eq!(bytes, 0, "neither the empty request nor the discarded reply has bytes");
        let end = end(&network, "another", "gate");
        assert_eq!(end.call(DOUBLE, &3_u64), Ok(6_u64), "the successor is another server");
        assert_eq!(network.rpc_count("gate"), 2, "the count goes on");
    });
}

#[test]
fn calls_never_hang_while_the_server_comes_and_goes() {
    in_both_worlds(|| {
        let (network, doubler) = (network(), Doubler::default());
        network.add_server("doubler", doubler.server());
        let callers: Vec<_> = (0..8)
            .map(|caller| {
                let end = end(&network, &format!("client {caller}"), "doubler");
                thread::spawn(move || {
                    for n in 0..50_u64 {
                        let reply = end.call(DOUBLE, &n);
                        assert!(reply == Ok(2 * n) || reply == Err(RpcError::Failed));
                    }
                })
            })
            .collect();
        for _ in 0..50 {
            network.delete_server("doubler");
            thread::yield_now();
            network.add_server("doubler", doubler.server());
            network.enable("client 0", false);
            thread::yield_now();
            network.enable("client 0", true);
        }
        for caller in callers {
            caller.join().unwrap();
        }
        assert_eq!(network.rpc_count("doubler"), doubler.told().len() as u64);
    });
}

#[test]
fn changing_what_is_not_there() {
    in_both_worlds(|| {
        let network = network();
        network.delete_server("nobody");
        assert_eq!(network.rpc_count("nobody"), 0);
    });
}

#[test]
#[should_panic(expected = "the network has no end named \"nobody\"")]
fn connecting_an_unknown_end_is_the_drivers_bug() {
    Network::new().connect("nobody", "server");
}
