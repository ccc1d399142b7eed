//! Ends that are disabled, and servers that go away.

use labrpc::{ClientEnd, Network, RpcError};
use labrt::thread::{self, JoinHandle};
use labrt::time::{Duration, Instant};

use super::probe::{HANG, NAME, Probe, add, connect, name, slack};
use super::test;
use crate::expect::{check, equal};
use crate::threads::join;
use crate::{Context, Failure, Test};

fn call(end: &ClientEnd) -> Result<String, RpcError> {
    end.call(NAME, &1_u64)
}

pub(super) const DISCONNECT: Test = test(
    "disconnect",
    "TestDisconnect",
    "calls fail while their end is disabled and succeed when it is enabled again",
    &["call through a disabled end", "enable it and call", "disable it again"],
    disconnect,
);

fn disconnect(ctx: &Context) -> Result<(), Failure> {
    let network = ctx.network();
    network.long_delays(false);
    let probe = add(network, "server");
    let end = network.make_end("client");
    network.connect("client", "server");

    ctx.step(DISCONNECT.steps[0]);
    equal("call", call(&end), Err(RpcError::Failed))?;
    ctx.step(DISCONNECT.steps[1]);
    network.enable("client", true);
    equal("call", call(&end), Ok(name(1)))?;
    ctx.step(DISCONNECT.steps[2]);
    network.enable("client", false);
    equal("call", call(&end), Err(RpcError::Failed))?;
    equal("calls handled", probe.log().len(), 1)
}

pub(super) const REGRESSION_1: Test = test(
    "regression-delayed-calls",
    "TestRegression1",
    "calls that wait to fail on a disabled end do not delay calls made after it is enabled",
    &[
        "20 calls through a disabled end",
        "enable it: the next call succeeds at once",
        "the 20 calls fail and reach no handler",
    ],
    regression_1,
);

fn regression_1(ctx: &Context) -> Result<(), Failure> {
    let network = ctx.network();
    network.long_delays(true);
    let probe = add(network, "server");
    let end = connect(network, "client", "server");

    ctx.step(REGRESSION_1.steps[0]);
    network.enable("client", false);
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let end = end.clone();
            thread::spawn(move || call(&end))
        })
        .collect();
    while network.total_count() < 20 {
        thread::sleep(Duration::from_millis(1));
    }

    ctx.step(REGRESSION_1.steps[1]);
    network.enable("client", true);
    let start = Instant::now();
    equal("call", call(&end), Ok(name(1)))?;
    let took = start.elapsed();
    check(took <= slack(), || format!("expected the call to take no time, it took {took:?}"))?;

    ctx.step(REGRESSION_1.steps[2]);
    for waiting in calls {
        equal("call", join(waiting), Err(RpcError::Failed))?;
    }
    equal("calls handled", probe.log().len(), 1)
}

/// A call whose handler hangs, in a thread of its own, which tells the call's end.
struct Hanging(JoinHandle<(Result<String, RpcError>, Instant)>);

impl Hanging {
    /// Calls, and returns when the handler has started.
    fn start(end: &ClientEnd, probe: &Probe) -> Result<Self, Failure> {
        let end = end.clone();
        let caller = thread::spawn(move || (end.call(HANG, &()), Instant::now()));
        probe.wait_for_hanging()?;
        Ok(Self(caller))
    }

    /// Fails unless it still waits.
    fn still_waits(&self) -> Result<(), Failure> {
        check(!self.0.is_finished(), || {
            "expected the call to wait for its handler, it has ended".into()
        })
    }

    /// Fails unless the call failed promptly after `since`.
    fn failed_promptly(self, since: Instant) -> Result<(), Failure> {
        let (reply, ended) = join(self.0);
        equal("call in flight", reply, Err(RpcError::Failed))?;
        let took = ended.duration_since(since);
        check(took <= slack(), || {
            format!("expected the waiting call to fail promptly, it took {took:?}")
        })
    }
}

/// Fails if one of ten calls succeeds.
fn no_call_succeeds(network: &Network, end: &ClientEnd) -> Result<(), Failure> {
    network.long_delays(false);
    (0..10).try_for_each(|_| equal("call", call(end), Err(RpcError::Failed)))
}

pub(super) const KILLED: Test = test(
    "killed",
    "TestKilled",
    "a call whose handler hangs fails promptly when its server is removed",
    &[
        "call a handler that hangs",
        "after 1 s the call still waits",
        "remove the server: the call fails within 0.1 s",
        "no later call succeeds",
    ],
    killed,
);

fn killed(ctx: &Context) -> Result<(), Failure> {
    let network = ctx.network();
    let probe = add(network, "server");
    let end = connect(network, "client", "server");

    ctx.step(KILLED.steps[0]);
    let hanging = Hanging::start(&end, &probe)?;
    ctx.step(KILLED.steps[1]);
    thread::sleep(Duration::from_secs(1));
    hanging.still_waits()?;
    ctx.step(KILLED.steps[2]);
    let removed = Instant::now();
    network.delete_server("server");
    hanging.failed_promptly(removed)?;
    ctx.step(KILLED.steps[3]);
    no_call_succeeds(network, &end)
}

pub(super) const DISCONNECT_WAITING: Test = test(
    "disconnect-waiting",
    "TestDisconnectWaiting",
    "a call whose handler hangs fails promptly when its end is disabled; others go on waiting",
    &[
        "call a handler that hangs, through two ends",
        "disable one end: its call fails within 0.1 s",
        "the other call still waits, and its end still works",
        "enable the end: calls succeed",
    ],
    disconnect_waiting,
);

fn disconnect_waiting(ctx: &Context) -> Result<(), Failure> {
    let network = ctx.network();
    let probe = add(network, "server");
    let end = connect(network, "client 0", "server");
    let other = connect(network, "client 1", "server");

    ctx.step(DISCONNECT_WAITING.steps[0]);
    let cut_off = Hanging::start(&end, &probe)?;
    let kept = Hanging::start(&other, &probe)?;
    ctx.step(DISCONNECT_WAITING.steps[1]);
    let disabled = Instant::now();
    network.enable("client 0", false);
    cut_off.failed_promptly(disabled)?;
    ctx.step(DISCONNECT_WAITING.steps[2]);
    thread::sleep(Duration::from_secs(1));
    kept.still_waits()?;
    equal("call through the other end", call(&other), Ok(name(1)))?;
    ctx.step(DISCONNECT_WAITING.steps[3]);
    network.enable("client 0", true);
    equal("call", call(&end), Ok(name(1)))
}

pub(super) const RESTART: Test = test(
    "restart",
    "TestRestart",
    "a server's successor answers in its place, and not for the calls it left behind",
    &[
        "call a handler that hangs",
        "replace the server: the call fails within 0.1 s",
        "let the old handler end: nothing comes of it",
        "calls reach the successor, and the count goes on",
    ],
    restart,
);

fn restart(ctx: &Context) -> Result<(), Failure> {
    let network = ctx.network();
    let old = add(network, "server");
    let end = connect(network, "client", "server");
    equal("call", call(&end), Ok(name(1)))?;

    ctx.step(RESTART.steps[0]);
    let hanging = Hanging::start(&end, &old)?;
    ctx.step(RESTART.steps[1]);
    let replaced = Instant::now();
    let new = add(network, "server");
    hanging.failed_promptly(replaced)?;
    ctx.step(RESTART.steps[2]);
    let (bytes, handled) = (network.total_bytes(), old.log().len());
    drop(old);
    thread::sleep(Duration::from_millis(100));
    equal("bytes after a late reply", network.total_bytes(), bytes)?;
    equal("calls the old server handled", handled, 1)?;
    ctx.step(RESTART.steps[3]);
    equal("call", call(&end), Ok(name(1)))?;
    equal("calls the successor handled", new.log().len(), 1)?;
    equal("calls that arrived", network.rpc_count("server"), 3)
}
