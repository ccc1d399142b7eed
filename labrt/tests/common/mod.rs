//! Running one body of test code in every kind of world, and in a process of its own.

#![allow(dead_code, reason = "each test binary uses a part of this")]

use std::path::Path;
use std::process::{Command, Output};

use labrt::time::Duration;
use labrt::world::{self, Config, End, Outcome, Policy, Verdict, VerdictKind};

/// Every policy, and one that delays very often.
pub(crate) const POLICIES: [Policy; 4] = [
    Policy::Fifo,
    Policy::Random { delay_one_in: 40 },
    Policy::Random { delay_one_in: 3 },
    Policy::Pct { depth: 3, length: 500 },
];

#[allow(unused_macros, reason = "not every test binary has such tests")]
/// Makes of each function two tests, `name::sim` and `name::real`.
macro_rules! in_both_worlds {
    ($($(#[doc = $doc:literal])* fn $name:ident() $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports, reason = "not every body needs all")]
            use super::*;

            $(#[doc = $doc])*
            fn body() $body

            #[test]
            fn sim() {
                common::in_simulated_worlds(body);
            }

            #[test]
            fn real() {
                common::in_a_real_world(body);
            }
        }
    )*};
}
#[allow(unused_imports, reason = "not every test binary has such tests")]
pub(crate) use in_both_worlds;

pub(crate) fn in_simulated_worlds(body: fn()) {
    for policy in POLICIES {
        for seed in 0..4 {
            let outcome = world::run(Config { policy, ..Config::sim(seed) }, body);
            if let Err(verdict) = outcome.returned() {
                panic!("policy {policy:?}, seed {seed}: {verdict}");
            }
        }
    }
}

pub(crate) fn in_a_real_world(body: fn()) {
    if let Err(verdict) = world::run(Config::real(1), body).returned() {
        panic!("{verdict}");
    }
}

/// Runs `body` with the default policy, which must end with a verdict of this kind.
#[track_caller]
pub(crate) fn verdict_of<T: Send + 'static>(
    kind: VerdictKind,
    body: impl FnOnce() -> T + Send + 'static,
) -> Verdict {
    verdict_with(Config::sim(1), kind, body).0
}

/// As [`verdict_of`], in the world of `config`; with the notes of the run.
#[track_caller]
pub(crate) fn verdict_with<T: Send + 'static>(
    config: Config,
    kind: VerdictKind,
    body: impl FnOnce() -> T + Send + 'static,
) -> (Verdict, Vec<String>) {
    let config =
        Config { time_limit: config.time_limit.or(Some(Duration::from_hours(1))), ..config };
    let Outcome { end, stats } = world::run(config, body);
    match end {
        End::Verdict(verdict) => {
            assert_eq!(verdict.kind, kind, "{verdict}");
            (verdict, stats.notes)
        }
        End::Returned(_) => panic!("the world returned without a verdict"),
        End::Ended(_) => panic!("the world was ended without a verdict"),
    }
}

/// The place of the line of a test file that ends with `marker` as a comment, as `file:line`.
pub(crate) fn marked_line(file: &str, marker: &str) -> String {
    let name = Path::new(file).file_name().expect("a file");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    let source = std::fs::read_to_string(path).expect("the test's own source");
    let marker = format!("// {marker}");
    let line = source.lines().position(|line| line.ends_with(&marker)).expect("the marker");
    format!("{}:{}", name.to_string_lossy(), line + 1)
}

/// The place of a marked line of the calling file.
#[allow(unused_macros, reason = "not every test binary has such tests")]
macro_rules! line_of {
    ($marker:literal) => {
        common::marked_line(file!(), $marker)
    };
}
#[allow(unused_imports, reason = "not every test binary has such tests")]
pub(crate) use line_of;

const CHILD: &str = "LABRT_TEST_CHILD";

/// In the child process: runs `body` and ends. In the test itself: the command that gets there.
/// `test` is the full name of the calling test.
pub(crate) fn child(test: &str, body: impl FnOnce()) -> Command {
    if std::env::var_os(CHILD).is_some_and(|name| name == test) {
        body();
        labrt::exit_now(0);
    }
    let mut command = Command::new(std::env::current_exe().expect("the test's own program"));
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(CHILD, test);
    command
}

/// Runs the command to its end.
pub(crate) fn output(mut command: Command) -> Output {
    command.output().expect("the child runs")
}

/// What a process wrote, as text.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
