//! What the behaviour tests share: one body for both worlds, and a small network.

#![allow(dead_code, reason = "each test file uses its part of this")]

use std::sync::Arc;

use labrpc::{ClientEnd, Network, Server, Service};
use labrt::channel::{Receiver, Sender, unbounded};
use labrt::sync::Mutex;
use labrt::time::Duration;
use labrt::world::{Config, End, run};

/// Runs `body` in a simulated world, under a few seeds, and in a real one.
pub(crate) fn in_both_worlds(body: fn()) {
    let worlds = (0..5).map(Config::sim).chain([Config::real(0)]);
    for config in worlds {
        let config = Config { time_limit: Some(Duration::from_mins(2)), ..config };
        let outcome = run(config.clone(), body);
        assert!(matches!(outcome.end, End::Returned(())), "in {config:?}: {:?}", outcome.end);
    }
}

/// A network on which calls that reach nobody fail soon.
pub(crate) fn network() -> Network {
    let network = Network::new();
    network.long_delays(false);
    network
}

/// A new, enabled end of that name, which leads to `server`.
pub(crate) fn end(network: &Network, name: &str, server: &str) -> ClientEnd {
    let end = network.make_end(name);
    network.connect(name, server);
    network.enable(name, true);
    end
}

/// A server that keeps what it was told, and answers with twice the number.
#[derive(Clone, Default)]
pub(crate) struct Doubler {
    told: Arc<Mutex<Vec<u64>>>,
}

impl Doubler {
    pub(crate) fn server(&self) -> Server {
        let told = self.told.clone();
        let double = Service::new("Doubler").method("Double", move |n: u64| {
            told.lock().push(n);
            2 * n
        });
        Server::new().service(double)
    }

    /// What it was told, in the order in which the handlers ran.
    pub(crate) fn told(&self) -> Vec<u64> {
        self.told.lock().clone()
    }
}

pub(crate) const DOUBLE: &str = "Doubler.Double";

/// A server whose handler says that it has started, and then hangs until it is let go.
pub(crate) struct Gate {
    pub(crate) started: Receiver<()>,
    pub(crate) let_go: Sender<()>,
    pub(crate) ended: Receiver<()>,
    pub(crate) server: Server,
}

impl Gate {
    pub(crate) fn new() -> Self {
        let (starting, started) = unbounded();
        let (let_go, going) = unbounded();
        let (ending, ended) = unbounded();
        let hang = Service::new("Gate").method("Hang", move |(): ()| {
            // The test may be over before the handler is let go.
            let _ = starting.send(());
            let _ = going.recv();
            let _ = ending.send(());
            7_u8
        });
        Self { started, let_go, ended, server: Server::new().service(hang) }
    }
}

pub(crate) const HANG: &str = "Gate.Hang";
