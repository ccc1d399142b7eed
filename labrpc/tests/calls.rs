//! Calls on a network that does nothing to them.

mod common;

use common::{DOUBLE, Doubler, end, in_both_worlds, network};
use labrpc::{RpcError, Server, Service};
use labrt::thread;
use serde::{Deserialize, Serialize};

#[test]
fn a_call_returns_what_the_handler_returns() {
    in_both_worlds(|| {
        let network = network();
        let doubler = Doubler::default();
        network.add_server("doubler", doubler.server());
        let end = end(&network, "client", "doubler");
        assert_eq!(end.call(DOUBLE, &21_u64), Ok(42_u64));
        assert_eq!(doubler.told(), [21]);
    });
}

#[test]
fn structures_enums_and_nothing_travel_unharmed() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    enum Shape {
        Nothing,
        Named { name: String, sizes: Vec<Option<i64>> },
        Pair(Box<Shape>, f64),
    }
    in_both_worlds(|| {
        let network = network();
        let echo =
            Service::new("Echo").method("Shape", |shape: Shape| shape).method("Unit", |(): ()| ());
        network.add_server("echo", Server::new().service(echo));
        let end = end(&network, "client", "echo");
        let named = Shape::Named {
            name: "größer".into(),
            sizes: vec![None, Some(i64::MIN), Some(i64::MAX)],
        };
        for shape in
            [Shape::Nothing, named.clone(), Shape::Pair(Box::new(named), f64::MIN_POSITIVE)]
        {
            assert_eq!(end.call("Echo.Shape", &shape), Ok(shape));
        }
        assert_eq!(end.call("Echo.Unit", &()), Ok(()));
    });
}

#[test]
fn many_clients_call_at_once() {
    in_both_worlds(|| {
        let network = network();
        network.add_server("doubler", Doubler::default().server());
        let clients: Vec<_> = (0..20_u64)
            .map(|client| {
                let end = end(&network, &format!("client {client}"), "doubler");
                thread::spawn(move || {
                    for n in client * 10..client * 10 + 10 {
                        assert_eq!(end.call(DOUBLE, &n), Ok(2 * n));
                    }
                })
            })
            .collect();
        for client in clients {
            client.join().unwrap();
        }
        assert_eq!(network.total_count(), 200);
        assert_eq!(network.rpc_count("doubler"), 200);
    });
}

#[test]
fn a_handler_may_call_through_the_network_itself() {
    in_both_worlds(|| {
        let network = network();
        let doubler = Doubler::default();
        network.add_server("doubler", doubler.server());
        let inner = end(&network, "proxy to doubler", "doubler");
        let proxy = Service::new("Proxy")
            .method("Double", move |n: u64| inner.call::<_, u64>(DOUBLE, &n).ok());
        network.add_server("proxy", Server::new().service(proxy));
        let end = end(&network, "client", "proxy");
        assert_eq!(end.call("Proxy.Double", &4_u64), Ok(Some(8_u64)));
    });
}

#[test]
fn an_unknown_method_is_an_error_that_names_what_there_is() {
    in_both_worlds(|| {
        let network = network();
        network.add_server("doubler", Doubler::default().server());
        network.add_server("empty", Server::new());
        let to_doubler = end(&network, "client", "doubler");
        let to_empty = end(&network, "other client", "empty");
        let messages = ["Doubler.Triple", "Doubler", "Tripler.Double"]
            .map(|method| to_doubler.call::<_, u64>(method, &1_u64).unwrap_err());
        assert!(matches!(messages[1], RpcError::NoMethod(_)));
        assert_eq!(
            messages[0].to_string(),
            r#"server "doubler" has no method "Doubler.Triple"; it has Doubler.Double"#
        );
        assert_eq!(
            to_empty.call::<_, u64>(DOUBLE, &1_u64).unwrap_err().to_string(),
            r#"server "empty" has no method "Doubler.Double"; it has nothing"#
        );
        assert_eq!(network.rpc_count("doubler"), 3, "the calls did arrive");
    });
}

#[test]
fn a_message_of_another_type_is_an_error_that_names_method_and_type() {
    in_both_worlds(|| {
        let network = network();
        let doubler = Doubler::default();
        network.add_server("doubler", doubler.server());
        let end = end(&network, "client", "doubler");
        let arguments = end.call::<_, u64>(DOUBLE, &"many").unwrap_err();
        assert!(
            arguments
                .to_string()
                .starts_with("Doubler.Double: arguments cannot be decoded as u64: "),
            "{arguments}"
        );
        let reply = end.call::<_, (u64, u64)>(DOUBLE, &1_u64).unwrap_err();
        assert!(
            reply
                .to_string()
                .starts_with("Doubler.Double: reply cannot be decoded as (u64, u64): "),
            "{reply}"
        );
        assert!(matches!(reply, RpcError::Codec(_)));
        assert_eq!(doubler.told(), [1], "the handler sees only arguments of its type");
    });
}

#[test]
fn the_later_of_two_methods_of_one_name_is_called() {
    in_both_worlds(|| {
        let network = network();
        let answer = |n: u8| Service::new("A").method("Answer", move |(): ()| n);
        let both = answer(1).method("Answer", |(): ()| 2_u8);
        network.add_server("one", Server::new().service(both));
        network.add_server("two", Server::new().service(answer(1)).service(answer(3)));
        assert_eq!(end(&network, "a", "one").call("A.Answer", &()), Ok(2_u8));
        assert_eq!(end(&network, "b", "two").call("A.Answer", &()), Ok(3_u8));
    });
}
