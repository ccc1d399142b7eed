//! Calls on a network that does nothing to them.

use labrpc::RpcError;
use labrt::thread;

use super::probe::{Kind, LENGTH, NAME, Record, TEXT, TURN, add, connect, name};
use super::test;
use crate::expect::{check, equal};
use crate::threads::join;
use crate::{Context, Failure, Test};

pub(super) const BASIC: Test = test(
    "basic",
    "TestBasic",
    "a call reaches its handler and returns its reply",
    &[
        "call with a number",
        "call with a text",
        "call a method that there is not",
        "call with arguments of another type",
    ],
    basic,
);

fn basic(ctx: &Context) -> Result<(), Failure> {
    let network = ctx.network();
    let probe = add(network, "server");
    let end = connect(network, "client", "server");

    ctx.step(BASIC.steps[0]);
    equal("reply", end.call(NAME, &111_u64), Ok(name(111)))?;
    equal("numbers handled", probe.log(), vec![111])?;

    ctx.step(BASIC.steps[1]);
    equal("reply", end.call(LENGTH, &"four"), Ok(4_u64))?;

    ctx.step(BASIC.steps[2]);
    let reply = end.call::<_, u64>("Probe.Missing", &1_u64);
    check(matches!(reply, Err(RpcError::NoMethod(_))), || {
        format!("expected the error \"no such method\", saw {reply:?}")
    })?;

    ctx.step(BASIC.steps[3]);
    let reply = end.call::<_, u64>(LENGTH, &[200_u8, 1]);
    check(matches!(reply, Err(RpcError::Codec(_))), || {
        format!("expected an error of decoding, saw {reply:?}")
    })
}

pub(super) const TYPES: Test = test(
    "types",
    "TestTypes",
    "arguments and replies of many types travel unharmed",
    &["send structures", "send a large text"],
    types,
);

fn types(ctx: &Context) -> Result<(), Failure> {
    let network = ctx.network();
    let _probe = add(network, "server");
    let end = connect(network, "client", "server");

    ctx.step(TYPES.steps[0]);
    let full = Record {
        number: i64::MAX,
        text: "Zürich, 東京".into(),
        list: vec![None, Some(0), Some(u32::MAX)],
        kind: Kind::Point { x: -0.1, y: 1e300 },
    };
    let empty = Record { number: 0, text: String::new(), list: Vec::new(), kind: Kind::Empty };
    for record in [full, empty] {
        let reply = end.call(TURN, &record);
        equal("reply", reply, Ok(record.turned()))?;
    }

    ctx.step(TYPES.steps[1]);
    let text = "x".repeat(1_000_000);
    equal("length", end.call(LENGTH, &text), Ok(1_000_000_u64))
}

pub(super) const COUNTS: Test = test(
    "counts",
    "TestCounts",
    "incoming calls are counted for each server",
    &["call one server 17 times and the other 5 times"],
    counts,
);

fn counts(ctx: &Context) -> Result<(), Failure> {
    let network = ctx.network();
    ctx.set_servers(2);
    ctx.step(COUNTS.steps[0]);
    for (server, calls) in [("server 0", 17), ("server 1", 5)] {
        let _probe = add(network, server);
        let end = connect(network, &format!("to {server}"), server);
        for number in 0..calls {
            equal("reply", end.call(NAME, &number), Ok(name(number)))?;
        }
        equal(server, network.rpc_count(server), calls)?;
    }
    equal("calls in total", network.total_count(), 17 + 5)
}

pub(super) const BYTES: Test = test(
    "bytes",
    "TestBytes",
    "the bytes of requests and of delivered replies are counted",
    &["17 large requests with small replies", "17 small requests with large replies"],
    bytes,
);

fn bytes(ctx: &Context) -> Result<(), Failure> {
    const LARGE: u64 = 128 * 1024;
    const CALLS: u64 = 17;
    /// The encoding may add this much to a text: its length and a small number the other way.
    const OVERHEAD: u64 = 16;
    let network = ctx.network();
    let _probe = add(network, "server");
    let end = connect(network, "client", "server");
    let text = "x".repeat(LARGE as usize);

    for (step, large_reply) in BYTES.steps.iter().zip([false, true]) {
        ctx.step(*step);
        let before = network.total_bytes();
        for _ in 0..CALLS {
            if large_reply {
                equal("reply", end.call(TEXT, &LARGE), Ok(text.clone()))?;
            } else {
                equal("reply", end.call(LENGTH, &text), Ok(LARGE))?;
            }
        }
        let counted = network.total_bytes() - before;
        let range = CALLS * LARGE..=CALLS * (LARGE + OVERHEAD);
        check(range.contains(&counted), || format!("bytes: expected {range:?}, saw {counted}"))?;
    }
    Ok(())
}

pub(super) const CONCURRENT_MANY: Test = test(
    "concurrent-many",
    "TestConcurrentMany",
    "20 clients with 10 calls each, all at once, each get their own replies",
    &["call", "compare the counts"],
    concurrent_many,
);

fn concurrent_many(ctx: &Context) -> Result<(), Failure> {
    const CLIENTS: u64 = 20;
    const CALLS: u64 = 10;
    let network = ctx.network();
    let probe = add(network, "server");

    ctx.step(CONCURRENT_MANY.steps[0]);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let end = connect(network, &format!("client {client}"), "server");
            thread::spawn(move || {
                (client * 100..client * 100 + CALLS)
                    .try_for_each(|n| equal("reply", end.call(NAME, &n), Ok(name(n))))
            })
        })
        .collect();
    for client in clients {
        join(client)?;
    }

    ctx.step(CONCURRENT_MANY.steps[1]);
    equal("calls", network.rpc_count("server"), CLIENTS * CALLS)?;
    equal("handled", probe.log().len() as u64, CLIENTS * CALLS)
}

pub(super) const SERIAL: Test = test(
    "serial",
    "TestSerial",
    "10 000 calls, one after the other, all succeed and are counted",
    &["call", "compare the counts"],
    serial,
);

fn serial(ctx: &Context) -> Result<(), Failure> {
    const CALLS: u64 = 10_000;
    let network = ctx.network();
    let probe = add(network, "server");
    let end = connect(network, "client", "server");

    ctx.step(SERIAL.steps[0]);
    for number in 0..CALLS {
        equal("reply", end.call(NAME, &number), Ok(name(number)))?;
    }

    ctx.step(SERIAL.steps[1]);
    equal("calls", network.rpc_count("server"), CALLS)?;
    let in_order = probe.log().into_iter().eq(0..CALLS);
    check(in_order, || "serial calls were not handled in order".into())
}
