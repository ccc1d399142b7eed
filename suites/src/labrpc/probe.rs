//! The server that the tests call, and what they check with.

use std::sync::Arc;

use labrpc::{ClientEnd, Network, RpcError, Server, Service};
use labrt::Clock;
use labrt::channel::{Receiver, Sender, unbounded};
use labrt::sync::Mutex;
use labrt::thread;
use labrt::time::Duration;
use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::threads::join;

/// Takes a number, answers `name-` and the number; the probe logs the number.
pub(super) const NAME: &str = "Probe.Name";
/// Takes a text, answers its number of bytes.
pub(super) const LENGTH: &str = "Probe.Length";
/// Takes a length, answers a text of that many bytes.
pub(super) const TEXT: &str = "Probe.Text";
/// Takes a [`Record`], answers with one in which everything is turned round.
pub(super) const TURN: &str = "Probe.Turn";
/// Says that it has started, then hangs until the probe lets it go; answers with a text.
pub(super) const HANG: &str = "Probe.Hang";

/// Arguments with a bit of everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) number: i64,
    pub(super) text: String,
    pub(super) list: Vec<Option<u32>>,
    pub(super) kind: Kind,
}

/// An enum with data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Kind {
    Empty,
    Point { x: f64, y: f64 },
}

impl Record {
    pub(super) fn turned(mut self) -> Self {
        self.number = -self.number;
        self.text = self.text.chars().rev().collect();
        self.list.reverse();
        self.kind = match self.kind {
            Kind::Empty => Kind::Empty,
            Kind::Point { x, y } => Kind::Point { x: y, y: x },
        };
        self
    }
}

/// A server's memory and its brake.
pub(super) struct Probe {
    log: Arc<Mutex<Vec<u64>>>,
    started: Receiver<()>,
    starting: Sender<()>,
    brake: Receiver<()>,
    /// Hanging handlers go on once this is dropped.
    _let_go: Sender<()>,
}

impl Probe {
    pub(super) fn new() -> Self {
        let (starting, started) = unbounded();
        let (let_go, brake) = unbounded();
        Self { log: Arc::default(), started, starting, brake, _let_go: let_go }
    }

    /// The server, to be added to a network.
    pub(super) fn server(&self) -> Server {
        let log = self.log.clone();
        let (starting, brake) = (self.starting.clone(), self.brake.clone());
        let service = Service::new("Probe")
            .method("Name", move |number: u64| {
                log.lock().push(number);
                name(number)
            })
            .method("Length", |text: String| text.len() as u64)
            .method("Text", |length: u64| "x".repeat(length as usize))
            .method("Turn", |record: Record| record.turned())
            .method("Hang", move |(): ()| {
                // Either end may be gone already: the test is over then.
                let _ = starting.send(());
                let _ = brake.recv();
                "late".to_owned()
            });
        Server::new().service(service)
    }

    /// The numbers that [`NAME`] was called with, in the order in which its handlers ran.
    pub(super) fn log(&self) -> Vec<u64> {
        self.log.lock().clone()
    }

    /// Waits until one more handler of [`HANG`] hangs.
    pub(super) fn wait_for_hanging(&self) -> Result<(), Failure> {
        let limit = Duration::from_secs(10);
        let started = self.started.recv_timeout(limit);
        started.map_err(|_| Failure::new("expected the handler to start within 10 s, it did not"))
    }
}

/// What [`NAME`] answers.
pub(super) fn name(number: u64) -> String {
    format!("name-{number}")
}

/// Adds a new probe to the network under the name `server`.
pub(super) fn add(network: &Network, server: &str) -> Probe {
    let probe = Probe::new();
    network.add_server(server, probe.server());
    probe
}

/// A new, enabled end that leads to `server`.
pub(super) fn connect(network: &Network, end: &str, server: &str) -> ClientEnd {
    let client = network.make_end(end);
    network.connect(end, server);
    network.enable(end, true);
    client
}

/// Calls [`NAME`] once with each of `0..calls`, all at once, one thread a call, started `apart` from
/// each other. The replies in the order of the numbers.
pub(super) fn call_at_once(
    end: &ClientEnd,
    calls: u64,
    apart: Duration,
) -> Vec<Result<String, RpcError>> {
    let mut callers = Vec::new();
    for number in 0..calls {
        let end = end.clone();
        callers.push(thread::spawn(move || end.call(NAME, &number)));
        thread::sleep(apart);
    }
    callers.into_iter().map(join).collect()
}

/// Time that may pass on top of what a network is told to take: on the real clock, that of a busy
/// machine.
pub(super) fn slack() -> Duration {
    match labrt::world::clock() {
        Clock::Sim => Duration::from_millis(100),
        Clock::Real => Duration::from_secs(2),
    }
}
