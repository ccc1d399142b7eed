//! Figures of the runtime, measured in this process: the random policy, the hash on, no trace, and
//! a log that formats every event and shows none, as in a run.
//!
//! Wall time is read outside the worlds: inside a simulated one even std's clock is virtual.

use std::collections::BTreeMap;
use std::convert::identity;
use std::io;
use std::process::ExitCode;

use labrpc::{Network, Server, Service};
use labrt::thread;
use labrt::world::{self, Config, End, Stats};
use protocol::Clock;
use serde::Serialize;
use suites::Context;

use crate::private::PrivateOutput;
use crate::work::Work;
use crate::{Harness, full_id, log, once, outcome};

/// The flags of `bench`.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Measure the speed-up of this suite; may be given several times.
    #[arg(long, value_name = "SUITE")]
    suite: Vec<String>,
    /// Repetitions, of which the median counts.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// Seed of the first repetition.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// What `bench` prints.
#[derive(Debug, Serialize)]
struct Figures {
    /// Nanoseconds of a context switch of a lab thread, simulated.
    switch_sim_ns: f64,
    /// Nanoseconds of a serial RPC on a reliable network, simulated.
    rpc_sim_ns: f64,
    /// The same on the real clock.
    rpc_real_ns: f64,
    /// For each suite that was asked for, virtual seconds over wall seconds of all its tests.
    speedup: BTreeMap<String, f64>,
    /// For each suite that was asked for, by how many percent the checkers that watch every run
    /// lengthen it.
    checkers_percent: BTreeMap<String, f64>,
}

/// Measures, and prints the figures as one line of JSON.
pub(crate) fn main(harness: Harness, args: &Args) -> io::Result<ExitCode> {
    let output = PrivateOutput::take()?;
    log::install(Clock::Sim, 0);
    let median = |measure: &dyn Fn(u64) -> io::Result<f64>| {
        let seeds = (0..args.repeat).map(|i| args.seed.wrapping_add(i.into()));
        seeds.map(measure).collect::<io::Result<_>>().map(median)
    };
    // The real clock first: the other worlds leave their threads behind.
    let rpc_real_ns = median(&|seed| rpc_ns(Config::real(seed), 20_000))?;
    let rpc_sim_ns = median(&|seed| rpc_ns(Config::sim(seed), 100_000))?;
    let switch_sim_ns = median(&switch_ns)?;
    let (mut speedup, mut checkers_percent) = (BTreeMap::new(), BTreeMap::new());
    for suite in &args.suite {
        let figure = median(&|seed| suite_speedup(harness, suite, seed, identity))?;
        speedup.insert(suite.clone(), figure);
        let figure = median(&|seed| checkers_cost(harness, suite, seed))?;
        checkers_percent.insert(suite.clone(), figure);
    }
    let figures = Figures { switch_sim_ns, rpc_sim_ns, rpc_real_ns, speedup, checkers_percent };
    output.write((serde_json::to_string(&figures)? + "\n").as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// With this many threads nearly every yield goes to another one, also when the next one is drawn.
const SWITCHING_THREADS: u32 = 64;
const YIELDS_EACH: u32 = 10_000;

fn switch_ns(seed: u64) -> io::Result<f64> {
    let stats = measured(Config::sim(seed), || {
        let yielding = || (0..YIELDS_EACH).for_each(|_| thread::yield_now());
        let threads: Vec<_> = (0..SWITCHING_THREADS).map(|_| thread::spawn(yielding)).collect();
        threads.into_iter().try_for_each(thread::JoinHandle::join)
    })?;
    Ok(wall_ns(&stats) / f64::from(SWITCHING_THREADS * YIELDS_EACH))
}

fn rpc_ns(config: Config, calls: u32) -> io::Result<f64> {
    let stats = measured(config, move || {
        let network = Network::new();
        let sum = Service::new("Sum").method("Add", |(a, b): (u64, u64)| a + b);
        network.add_server("server", Server::new().service(sum));
        let end = network.make_end("end");
        network.connect("end", "server");
        network.enable("end", true);
        (0..u64::from(calls)).try_for_each(|i| {
            let answer = end.call::<_, u64>("Sum.Add", &(i, 1_u64));
            if answer == Ok(i + 1) {
                Ok(())
            } else {
                Err(format!("{i} + 1 was answered with {answer:?}"))
            }
        })
    })?;
    Ok(wall_ns(&stats) / f64::from(calls))
}

/// What the world of `main` did, if all went well in it.
fn measured<E: std::fmt::Debug + Send + 'static>(
    config: Config,
    main: impl FnOnce() -> Result<(), E> + Send + 'static,
) -> io::Result<Stats> {
    let outcome = world::run(config, || {
        log::prepare();
        main()
    });
    match outcome.end {
        End::Returned(Ok(())) => Ok(outcome.stats),
        end => Err(io::Error::other(format!("a measurement went wrong: {end:?}"))),
    }
}

fn wall_ns(stats: &Stats) -> f64 {
    stats.wall.as_secs_f64() * 1e9
}

/// By how many percent the checkers lengthen a suite. Both are measured one right after the other and
/// in processor time, so that a machine that is slow or busy for a while does not count for one of
/// them.
fn checkers_cost(harness: Harness, id: &str, seed: u64) -> io::Result<f64> {
    let cost_s = |adapt| {
        let before = once::cpu_s();
        suite_speedup(harness, id, seed, adapt)?;
        io::Result::Ok(once::cpu_s() - before)
    };
    let without = cost_s(Context::without_checkers)?;
    let with = cost_s(identity)?;
    Ok((with / without - 1.0) * 100.0)
}

/// Virtual seconds over wall seconds of one iteration of a suite, each test in a world of its own and
/// in a context changed by `adapt`.
fn suite_speedup(
    harness: Harness,
    id: &str,
    seed: u64,
    adapt: fn(Context) -> Context,
) -> io::Result<f64> {
    let (mut virtual_s, mut wall_s) = (0.0, 0.0);
    for (suite, test) in harness.tests().filter(|(suite, _)| suite.id == id) {
        let (outcome, _) =
            once::in_world(Config::sim(seed), harness, Work::Test(suite, test), adapt);
        virtual_s += outcome.stats.time.as_secs_f64();
        wall_s += outcome.stats.wall.as_secs_f64();
        if let Some(failure) = outcome::failure(outcome.end) {
            let test = full_id(suite, test);
            return Err(io::Error::other(format!("{test}, seed {seed}: {failure}")));
        }
    }
    if wall_s == 0.0 {
        return Err(io::Error::other(format!("there is no suite `{id}`")));
    }
    Ok(virtual_s / wall_s)
}
