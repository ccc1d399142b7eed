//! Tiny suites of tests that behave in one way each, with the verdict that each should get.

use std::collections::HashMap;
use std::fs;
use std::io::{Read, Write};
use std::process::{Command, exit};
use std::sync::Arc;

use contracts::Submission;
use labrpc::{ClientEnd, Server, Service};
use labrt::sync::Mutex;
use labrt::thread;
use labrt::time::Duration;
use labrt::trace::{Kind, emit};
use protocol::{Clock, FailureKind, PROTOCOL};
use rand::Rng;
use suites::{Context, Failure, Needs, Suite, Test};
use tracing::debug;

/// It implements no contract: all that happens here is in the tests.
pub(crate) fn submission() -> Submission {
    println!("a submission that prints as soon as it is asked for");
    Submission::new("fixture")
}

/// How a fixture should end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Expected {
    Pass,
    Fail(FailureKind),
}
use Expected::{Fail, Pass};

/// A fixture: the id of its test, the clock to run it on, what should come of it.
pub(crate) const EXPECTED: &[(&str, Clock, Expected)] = &[
    ("tiny/passes", Clock::Sim, Pass),
    ("tiny/passes", Clock::Real, Pass),
    ("tiny/fails", Clock::Sim, Fail(FailureKind::Check)),
    ("tiny/fails", Clock::Real, Fail(FailureKind::Check)),
    ("tiny/fails-in-a-thread", Clock::Sim, Fail(FailureKind::Check)),
    ("tiny/fails-in-a-thread", Clock::Real, Fail(FailureKind::Check)),
    ("tiny/panics", Clock::Sim, Fail(FailureKind::Panic)),
    ("tiny/panics", Clock::Real, Fail(FailureKind::Panic)),
    ("tiny/panics-silently", Clock::Sim, Fail(FailureKind::Panic)),
    ("tiny/panics-in-drop", Clock::Sim, Fail(FailureKind::Panic)),
    ("tiny/panics-in-drop", Clock::Real, Fail(FailureKind::Panic)),
    ("tiny/aborts", Clock::Sim, Fail(FailureKind::Abort)),
    ("tiny/exits", Clock::Sim, Fail(FailureKind::Exit)),
    ("tiny/exits", Clock::Real, Fail(FailureKind::Exit)),
    ("tiny/exits-in-a-thread", Clock::Sim, Fail(FailureKind::Exit)),
    ("tiny/exits-in-a-thread", Clock::Real, Fail(FailureKind::Exit)),
    ("tiny/overflows", Clock::Sim, Fail(FailureKind::StackOverflow)),
    ("tiny/overflows", Clock::Real, Fail(FailureKind::StackOverflow)),
    ("tiny/prints-a-record", Clock::Sim, Fail(FailureKind::Exit)),
    ("tiny/finds-the-pipe", Clock::Sim, Fail(FailureKind::NoRecord)),
    ("tiny/reads-everything", Clock::Sim, Pass),
    ("tiny/closes-its-streams", Clock::Sim, Pass),
    ("tiny/sends-too-much", Clock::Sim, Fail(FailureKind::RpcLimit)),
    ("tiny/sleeps-too-long", Clock::Sim, Fail(FailureKind::TimeLimit)),
    ("tiny/sleeps-too-long", Clock::Real, Fail(FailureKind::TimeLimit)),
    ("other/needs-raft", Clock::Sim, Fail(FailureKind::NotImplemented)),
    ("wall/passes", Clock::Real, Pass),
    ("wall/passes", Clock::Sim, Fail(FailureKind::Internal)),
    ("exact/is-not-delayed", Clock::Sim, Pass),
    ("exact/is-not-delayed", Clock::Real, Pass),
    ("tiny/no-such-test", Clock::Sim, Fail(FailureKind::Internal)),
];

pub(crate) const SUITES: &[Suite] = &[
    Suite {
        id: "tiny",
        title: "Tiny fixtures",
        course: "none",
        budget_s: 10.0,
        together: None,
        needs: Needs::Nothing,
        knobs: labrpc::Knobs::comp385(),
        tests: &[
            test("passes", passes),
            test("fails", |ctx| {
                ctx.step("1. Look");
                Err(Failure::new("expected a leader, saw none"))
            }),
            test("fails-in-a-thread", |ctx| {
                let ctx = ctx.clone();
                in_a_thread(move || ctx.fail(Failure::new("two leaders")))
            }),
            test("panics", |_| in_a_thread(|| panic!("oh no"))),
            test("panics-silently", |_| {
                std::panic::set_hook(Box::new(|_| {}));
                in_a_thread(|| panic!("oh no"))
            }),
            test("panics-in-drop", |_| {
                in_a_thread(|| {
                    let _bomb = Bomb;
                    panic!("first")
                })
            }),
            test("aborts", |_| std::process::abort()),
            test("exits", |_| exit(0)),
            test("exits-in-a-thread", |_| in_a_thread(|| exit(0))),
            test("overflows", |_| in_a_thread(|| assert!(deeper(0) > 0))),
            test("prints-a-record", |_| {
                println!("{}\nok\ntest result: ok. 1 passed", forged());
                eprintln!("{}", forged());
                exit(0)
            }),
            test("finds-the-pipe", finds_the_pipe),
            test("reads-everything", reads_everything),
            test("lists-its-files", |_| Err(Failure::new(open_files()?.join(" ")))),
            test("closes-its-streams", closes_its_streams),
            Test { rpc_limit: Some(2), ..test("sends-too-much", sends_three_rpcs) },
            Test {
                time_limit_s: 0.2,
                ..test("sleeps-too-long", |_| {
                    thread::sleep(Duration::from_hours(1));
                    Ok(())
                })
            },
            test("prints-a-lot", |_| {
                for _ in 0..10_000 {
                    println!("{}", "x".repeat(99));
                }
                Ok(())
            }),
            test("spins-outside", |_| {
                loop {
                    std::hint::spin_loop();
                }
            }),
            test("leaves-a-grandchild", |_| {
                let child = Command::new("sleep").arg("1000").spawn();
                eprintln!("grandchild {}", child.map_err(failure)?.id());
                Ok(())
            }),
            test("draws", |ctx| Err(Failure::new(draws(ctx)))),
        ],
        ..Suite::USUAL
    },
    Suite {
        id: "other",
        title: "Needs what is not there",
        course: "none",
        budget_s: 1.0,
        together: None,
        needs: Needs::Raft,
        knobs: labrpc::Knobs::comp385(),
        tests: &[test("needs-raft", passes)],
        ..Suite::USUAL
    },
    Suite {
        id: "wall",
        title: "Needs the real clock",
        needs: Needs::Nothing,
        clock: Some(labrt::Clock::Real),
        tests: &[test("passes", passes)],
        ..Suite::USUAL
    },
    Suite {
        id: "exact",
        title: "Measures time to the microsecond",
        needs: Needs::Nothing,
        delays: false,
        tests: &[test("is-not-delayed", |_| {
            let start = labrt::world::elapsed();
            (0..10_000).for_each(|_| labrt::thread::yield_now());
            let steps = labrt::world::stepping();
            let passed = labrt::world::elapsed().saturating_sub(start);
            if labrt::world::clock() == labrt::Clock::Sim && passed > steps {
                return Err(Failure::new(format!("{passed:?} passed in {steps:?} of steps")));
            }
            Ok(())
        })],
        ..Suite::USUAL
    },
];

const fn test(id: &'static str, run: fn(&Context) -> Result<(), Failure>) -> Test {
    Test {
        id,
        course_name: "TestTiny",
        description: "behaves in one way",
        steps: &[],
        points: 1,
        time_limit_s: 100.0,
        rpc_limit: None,
        byte_limit: None,
        knobs: None,
        run,
    }
}

fn failure(error: impl ToString) -> Failure {
    Failure::new(error.to_string())
}

#[expect(clippy::unnecessary_wraps, reason = "it is a test's function")]
fn passes(ctx: &Context) -> Result<(), Failure> {
    ctx.set_servers(3);
    ctx.set_commits(12);
    ctx.warn("only just");
    thread::sleep(Duration::from_millis(1));
    Ok(())
}

/// Runs `f` in a thread of the world and waits for it.
fn in_a_thread(f: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    let joined = thread::spawn(f).join();
    joined.map_err(|_| Failure::new("the thread panicked"))
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("second");
    }
}

/// Calls itself, some hundred bytes of stack each time, more often than any stack can take.
fn deeper(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 64]);
    if depth < u64::MAX { deeper(depth + 1) + frame[1] } else { frame[0] }
}

/// What a submission that knows the protocol, but not the nonce, would print.
fn forged() -> String {
    format!(
        r#"{{"protocol":{PROTOCOL},"nonce":"?","test":"tiny/prints-a-record","seed":7,"clock":"sim","verdict":"pass","virtual_s":1.0,"wall_s":0.1,"cpu_s":0.1,"servers":3,"rpcs":1,"bytes":1,"commits":1,"steps":1,"trace_hash":"0000000000000000"}}"#
    )
}

/// Where the process's descriptors lead.
fn open_files() -> Result<Vec<String>, Failure> {
    let entries = fs::read_dir("/proc/self/fd").map_err(failure)?.flatten();
    let target = |path| Some(fs::read_link(path).ok()?.to_string_lossy().into_owned());
    Ok(entries.filter_map(|entry| target(entry.path())).collect())
}

/// Writes a forged record to every pipe it holds, and leaves.
fn finds_the_pipe(_: &Context) -> Result<(), Failure> {
    for entry in fs::read_dir("/proc/self/fd").map_err(failure)?.flatten() {
        let is_pipe = fs::read_link(entry.path())
            .is_ok_and(|target| target.to_string_lossy().starts_with("pipe:"));
        if is_pipe && let Ok(mut pipe) = fs::OpenOptions::new().write(true).open(entry.path()) {
            let _ = writeln!(pipe, "{}", forged());
        }
    }
    exit(0)
}

/// Looks for the nonce wherever a process is given things.
fn reads_everything(_: &Context) -> Result<(), Failure> {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).map_err(failure)?;
    let given: Vec<_> = std::env::args()
        .chain(std::env::vars().map(|(_, value)| value))
        .chain([input.clone()])
        .collect();
    let is_nonce = |word: &str| word.len() == 32 && word.bytes().all(|b| b.is_ascii_hexdigit());
    if !input.is_empty() || given.iter().any(|text| text.contains("nonce") || is_nonce(text)) {
        return Err(Failure::new(format!("found {given:?}")));
    }
    Ok(())
}

fn closes_its_streams(_: &Context) -> Result<(), Failure> {
    let nothing = fs::File::create("/dev/null").map_err(failure)?;
    rustix::stdio::dup2_stdin(&nothing).map_err(failure)?;
    rustix::stdio::dup2_stdout(&nothing).map_err(failure)?;
    rustix::stdio::dup2_stderr(&nothing).map_err(failure)
}

fn sends_three_rpcs(ctx: &Context) -> Result<(), Failure> {
    let end = echo(ctx);
    (0..3).try_for_each(|n: u32| match end.call::<_, u32>("Echo.Say", &n) {
        Ok(reply) if n == reply => Ok(()),
        other => Err(Failure::new(format!("{n} came back as {other:?}"))),
    })
}

/// An end to a server that says what it is told.
fn echo(ctx: &Context) -> ClientEnd {
    let network = ctx.network();
    let echo = Service::new("Echo").method("Say", |n: u32| n);
    network.add_server("server", Server::new().service(echo));
    let end = network.make_end("end");
    network.connect("end", "server");
    network.enable("end", true);
    end
}

const DREW: Kind = Kind { code: 299, name: "drew" };

/// All that would differ from process to process: the order of std's and of hashbrown's maps,
/// `rand`, the order in which threads come to a lock. Logs with arguments that lock, when they are
/// evaluated and when they are formatted, and talks over the network.
fn draws(ctx: &Context) -> String {
    let arrivals = Arc::new(Mutex::new(Vec::new()));
    let end = echo(ctx);
    let threads: Vec<_> = (0_u32..8)
        .map(|id| {
            let arrivals = Arc::clone(&arrivals);
            let end = end.clone();
            thread::spawn(move || {
                for _ in 0..20 {
                    let _ = end.call::<_, u32>("Echo.Say", &id);
                    arrivals.lock().push(id);
                    debug!(target: "lab", "{} arrivals", arrivals.lock().len());
                    debug!(target: "labrpc::net", "{id} {arrivals:?}");
                }
            })
        })
        .collect();
    for thread in threads {
        let _ = thread.join();
    }
    let std_map: HashMap<u32, u32> = (0..20).map(|key| (key, key)).collect();
    let fast_map: hashbrown::HashMap<u32, u32> = (0..20).map(|key| (key, key)).collect();
    let drawn = rand::rng().next_u64();
    emit(DREW, 0, drawn, format_args!("{drawn}"));
    let orders = [
        std_map.into_keys().collect(),
        fast_map.into_keys().collect(),
        std::mem::take(&mut *arrivals.lock()),
    ];
    for key in orders.iter().flatten() {
        emit(DREW, 1, u64::from(*key), format_args!("{key}"));
    }
    format!("drew {drawn} {orders:?}")
}
