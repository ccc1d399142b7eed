//! What a test driver may listen to: requests as they leave, answers as they come back, and handlers
//! with their answers.

mod common;

use std::sync::Arc;

use common::{DOUBLE, Doubler, end, in_both_worlds, network};
use labrpc::RpcError;
use labrpc::tap::{HandleTap, SendTap, decode};
use labrt::channel::{Sender, unbounded};

/// What a tap tells: the method, what was sent, what was answered.
type Told = (String, Option<u64>, Option<Result<u64, RpcError>>);

/// Passes on everything that it hears.
struct Listener(Sender<Told>);

impl Listener {
    fn tell(&self, method: &str, request: &[u8], answer: Option<Result<u64, RpcError>>) {
        self.0.send((method.to_owned(), decode(request), answer)).expect("the test listens");
    }
}

impl SendTap for Listener {
    fn sent(&self, _call: u32, method: &str, request: &[u8]) {
        self.tell(method, request, None);
    }
}

/// Passes on how calls end.
struct Returns(Sender<(u32, Result<u64, RpcError>)>);

impl SendTap for Returns {
    fn sent(&self, _call: u32, _method: &str, _request: &[u8]) {}

    fn returned(&self, call: u32, answer: Result<&[u8], &RpcError>) {
        let answer = answer.map(|reply| decode(reply).expect("a number")).map_err(Clone::clone);
        self.0.send((call, answer)).expect("the test listens");
    }
}

impl HandleTap for Listener {
    fn around(
        &self,
        _call: u32,
        method: &str,
        request: &[u8],
        handle: &dyn Fn() -> Result<Vec<u8>, RpcError>,
    ) -> Result<Vec<u8>, RpcError> {
        let answer = handle();
        let reply = answer.clone().map(|reply| decode(&reply).expect("a number"));
        self.tell(method, request, Some(reply));
        answer
    }
}

#[test]
fn a_request_is_heard_as_it_leaves_also_when_it_reaches_nobody() {
    in_both_worlds(|| {
        let network = network();
        let (told, heard) = unbounded();
        let end = end(&network, "client", "nobody").tapped(Arc::new(Listener(told)));
        assert_eq!(end.call::<_, u64>(DOUBLE, &21_u64), Err(RpcError::Failed));
        assert_eq!(heard.try_recv().ok(), Some((DOUBLE.to_owned(), Some(21), None)));
        assert!(heard.try_recv().is_err());
    });
}

#[test]
fn an_answer_is_heard_before_its_caller_gets_it() {
    in_both_worlds(|| {
        let network = network();
        let (told, heard) = unbounded();
        let doubler = Doubler::default();
        network.add_server("doubler", doubler.server().tapped(Arc::new(Listener(told))));
        let end = end(&network, "client", "doubler");
        for n in 1..=20_u64 {
            assert_eq!(end.call(DOUBLE, &n), Ok(2 * n));
            let answered = (DOUBLE.to_owned(), Some(n), Some(Ok(2 * n)));
            assert_eq!(heard.try_recv().ok(), Some(answered));
        }
        assert_eq!(doubler.told().len(), 20);
    });
}

#[test]
fn a_method_that_is_not_there_is_heard_too() {
    in_both_worlds(|| {
        let network = network();
        let (told, heard) = unbounded();
        let server = Doubler::default().server().tapped(Arc::new(Listener(told)));
        network.add_server("doubler", server);
        let end = end(&network, "client", "doubler");
        let missing = end.call::<_, u64>("Doubler.Halve", &4_u64).expect_err("no such method");
        let (method, request, answer) = heard.try_recv().expect("it was heard");
        assert_eq!((method.as_str(), request), ("Doubler.Halve", Some(4)));
        assert_eq!(answer, Some(Err(missing)));
    });
}

#[test]
fn how_a_call_ends_is_heard_before_its_caller_knows() {
    in_both_worlds(|| {
        let network = network();
        let (told, heard) = unbounded();
        network.add_server("doubler", Doubler::default().server());
        let end = end(&network, "client", "doubler").tapped(Arc::new(Returns(told)));
        let mut calls = Vec::new();
        for n in 1..=5_u64 {
            assert_eq!(end.call(DOUBLE, &n), Ok(2 * n));
            let (call, answer) = heard.try_recv().expect("it was heard");
            assert_eq!(answer, Ok(2 * n));
            calls.push(call);
        }
        calls.dedup();
        assert_eq!(calls.len(), 5, "each call has its own number");
        network.delete_server("doubler");
        assert_eq!(end.call::<_, u64>(DOUBLE, &1_u64), Err(RpcError::Failed));
        assert_eq!(heard.try_recv().map(|(_, answer)| answer), Ok(Err(RpcError::Failed)));
    });
}
