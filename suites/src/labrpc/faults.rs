//! Losses, delays and reordering.

use labrpc::{ClientEnd, RpcError};
use labrt::thread;
use labrt::time::{Duration, Instant};

use super::probe::{NAME, add, call_at_once, connect, name, slack};
use super::test;
use crate::expect::{check, equal};
use crate::threads::join;
use crate::{Context, Failure, Test};

pub(super) const UNRELIABLE: Test = test(
    "unreliable",
    "TestUnreliable",
    "an unreliable network loses between a few and most calls and corrupts none",
    &[
        "300 calls at once on an unreliable network",
        "50 calls at once after it became reliable again",
    ],
    unreliable,
);

fn unreliable(ctx: &Context) -> Result<(), Failure> {
    const CALLS: u64 = 300;
    let network = ctx.network();
    let probe = add(network, "server");
    let end = connect(network, "client", "server");

    ctx.step(UNRELIABLE.steps[0]);
    network.reliable(false);
    let mut replies = 0;
    for (number, reply) in (0..).zip(call_at_once(&end, CALLS, Duration::ZERO)) {
        if reply != Err(RpcError::Failed) {
            equal("reply", reply, Ok(name(number)))?;
            replies += 1;
        }
    }
    // 81 % are expected to succeed and 90 % to be handled. The bounds are loose: chance alone
    // breaks them less than once in a hundred million runs.
    let handled = probe.log().len() as u64;
    check((CALLS / 2..CALLS).contains(&replies), || {
        format!("expected between half and all of {CALLS} calls to succeed, saw {replies}")
    })?;
    check((replies + 1..CALLS).contains(&handled), || {
        format!(
            "expected both requests and replies to be lost, \
             but of {CALLS} calls {handled} were handled and {replies} succeeded"
        )
    })?;
    equal("calls that arrived", network.rpc_count("server"), handled)?;

    ctx.step(UNRELIABLE.steps[1]);
    network.reliable(true);
    let replies = call_at_once(&end, 50, Duration::ZERO);
    let lost = replies.iter().filter(|reply| reply.is_err()).count();
    equal("calls lost on a reliable network", lost, 0)
}

pub(super) const CONCURRENT_ONE: Test = test(
    "concurrent-one",
    "TestConcurrentOne",
    "many calls through one end on an unreliable network are handled in another order than sent",
    &["50 calls, 1 ms apart", "look at the order"],
    concurrent_one,
);

fn concurrent_one(ctx: &Context) -> Result<(), Failure> {
    let network = ctx.network();
    let probe = add(network, "server");
    let end = connect(network, "client", "server");

    ctx.step(CONCURRENT_ONE.steps[0]);
    network.reliable(false);
    call_at_once(&end, 50, Duration::from_millis(1));

    ctx.step(CONCURRENT_ONE.steps[1]);
    let log = probe.log();
    check(!log.is_empty() && !log.is_sorted(), || {
        format!("expected calls to overtake each other, saw them handled as {log:?}")
    })?;
    let mut each = log.clone();
    each.sort_unstable();
    each.dedup();
    equal("calls handled twice", log.len() - each.len(), 0)
}

pub(super) const LONG_DELAYS: Test = test(
    "long-delays",
    "TestLongDelays",
    "calls that reach nobody fail within 7 s with long delays and within 0.1 s without",
    &["40 calls with long delays", "40 calls without"],
    long_delays,
);

fn long_delays(ctx: &Context) -> Result<(), Failure> {
    let network = ctx.network();
    let end = connect(network, "client", "nobody");
    for (step, on, longest, usual) in [(0, true, 7.0, 2.0), (1, false, 0.1, 0.02)] {
        ctx.step(LONG_DELAYS.steps[step]);
        network.long_delays(on);
        let waits = times_of(&end, 40, &Err(RpcError::Failed))?;
        let slowest = waits.iter().max().copied().unwrap_or_default();
        let range = Duration::from_secs_f64(usual)..=Duration::from_secs_f64(longest) + slack();
        check(range.contains(&slowest), || {
            format!("expected the slowest call to fail after {range:?}, it did after {slowest:?}")
        })?;
    }
    Ok(())
}

pub(super) const LONG_REORDERING: Test = test(
    "long-reordering",
    "TestLongReordering",
    "long reordering delays about two of three replies by 0.2 to 2.2 s and loses none",
    &["100 calls at once", "100 calls at once after it was switched off"],
    long_reordering,
);

fn long_reordering(ctx: &Context) -> Result<(), Failure> {
    const LEAST: Duration = Duration::from_millis(200);
    const MOST: Duration = Duration::from_millis(2200);
    let network = ctx.network();
    let _probe = add(network, "server");
    let end = connect(network, "client", "server");

    ctx.step(LONG_REORDERING.steps[0]);
    network.long_reordering(true);
    let times = times_of(&end, 100, &Ok(name(0)))?;
    let late = times.iter().filter(|time| **time >= LEAST).count();
    check((40..=90).contains(&late), || {
        format!("expected 40 to 90 of 100 replies to be late, saw {late}")
    })?;
    let slowest = times.iter().max().copied().unwrap_or_default();
    check(slowest <= MOST + slack(), || {
        format!("expected no reply to be later than {MOST:?}, one came after {slowest:?}")
    })?;

    ctx.step(LONG_REORDERING.steps[1]);
    network.long_reordering(false);
    let times = times_of(&end, 100, &Ok(name(0)))?;
    let slowest = times.iter().max().copied().unwrap_or_default();
    check(slowest <= slack(), || format!("expected prompt replies, one came after {slowest:?}"))
}

/// Makes `calls` calls at once, each of which must end as `expected`; how long each took.
fn times_of(
    end: &ClientEnd,
    calls: usize,
    expected: &Result<String, RpcError>,
) -> Result<Vec<Duration>, Failure> {
    let callers: Vec<_> = (0..calls)
        .map(|_| {
            let (end, expected) = (end.clone(), expected.clone());
            thread::spawn(move || {
                let start = Instant::now();
                equal("call", end.call(NAME, &0_u64), expected)?;
                Ok(start.elapsed())
            })
        })
        .collect();
    callers.into_iter().map(join).collect()
}
