//! Every fixture gets the verdict that it should.

use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use protocol::{Clock, FailureKind, Limits, Request};
use runner::Ending;

use crate::check;
use crate::fixtures::{EXPECTED, Expected};
use crate::processes::{request, run, run_within};

pub(crate) fn trials() -> Vec<Trial> {
    let fixtures = EXPECTED.iter().map(|&(test, clock, expected)| {
        let name = format!("verdict::{test}::{clock}");
        check(name, move || verdict(test, clock, expected))
    });
    fixtures
        .chain([
            check("a_pass_has_its_figures", a_pass_has_its_figures),
            check("a_failure_names_its_step", a_failure_names_its_step),
            check("a_panic_names_its_source", a_panic_names_its_source),
            check("limits_can_be_replaced", limits_can_be_replaced),
            check("a_flood_is_cut", a_flood_is_cut),
            check("descriptors_do_not_leak", descriptors_do_not_leak),
            check("what_spins_is_killed", what_spins_is_killed),
            check("grandchildren_do_not_stay", grandchildren_do_not_stay),
        ])
        .collect()
}

fn verdict(test: &str, clock: Clock, expected: Expected) {
    let result = run(&Request { clock, ..request(test) });
    let found = match &result.ending {
        Ending::Passed => Expected::Pass,
        Ending::Failed(failure) => Expected::Fail(failure.kind),
        Ending::Cancelled => panic!("cancelled"),
    };
    assert_eq!(found, expected, "{result:?}");
}

fn a_pass_has_its_figures() {
    let record = run(&request("tiny/passes")).record.unwrap();
    assert_eq!((record.servers, record.commits), (3, 12));
    assert_eq!(record.warnings, ["only just"]);
    assert!(record.virtual_s >= 0.001, "{record:?}");
    assert!(record.wall_s > 0.0 && record.cpu_s > 0.0, "{record:?}");
    assert!(record.steps > 0, "{record:?}");
    assert_eq!(record.trace_hash.len(), 16);
}

fn a_failure_names_its_step() {
    let result = run(&request("tiny/fails"));
    let failure = result.failure().unwrap();
    assert_eq!(failure.message, "expected a leader, saw none");
    assert_eq!(failure.step.as_deref(), Some("1. Look"));
}

fn a_panic_names_its_source() {
    for test in ["tiny/panics", "tiny/panics-in-drop"] {
        let result = run(&request(test));
        let location = result.failure().unwrap().location.clone();
        let location = location.unwrap_or_default();
        assert!(location.contains("runs/fixtures.rs:"), "{test}: {result:?}");
    }
}

fn limits_can_be_replaced() {
    let more = Limits { rpcs: Some(3), ..Limits::default() };
    let result = run(&Request { limits: more, ..request("tiny/sends-too-much") });
    assert!(result.passed(), "{result:?}");
    let result = run(&request("tiny/sends-too-much"));
    assert_eq!(result.failure().unwrap().message, "sent 3 RPCs, the limit is 2");
}

fn a_flood_is_cut() {
    let result = run(&request("tiny/prints-a-lot"));
    assert!(result.passed(), "{:?}", result.ending);
    assert!(result.log.cut() > 700_000, "{} bytes", result.log.cut());
    assert_eq!(result.log.last_lines(1), ["x".repeat(99)]);
}

/// A file that whoever started us left open for its children does not reach the submission.
fn descriptors_do_not_leak() {
    let mut secret = tempfile::NamedTempFile::with_prefix("grades").unwrap();
    rustix::io::fcntl_setfd(secret.as_file_mut(), rustix::io::FdFlags::empty()).unwrap();
    let result = run(&request("tiny/lists-its-files"));
    let open = &result.failure().unwrap().message;
    assert!(open.contains("pipe:"), "{open}");
    assert!(!open.contains("grades"), "{open}");
}

fn what_spins_is_killed() {
    let spinning = Request { clock: Clock::Real, ..request("tiny/spins-outside") };
    let result = run_within(&spinning, Duration::from_millis(200));
    assert_eq!(result.failure().unwrap().kind, FailureKind::Killed);
}

fn grandchildren_do_not_stay() {
    let result = run(&Request { clock: Clock::Real, ..request("tiny/leaves-a-grandchild") });
    assert!(result.passed(), "{result:?}");
    let said = result.log.last_lines(1).remove(0);
    let pid = said.strip_prefix("grandchild ").unwrap();
    let runs = || {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let state = stat.rsplit(") ").next().unwrap_or_default();
        !(state.is_empty() || state.starts_with('Z'))
    };
    // The kernel ends a killed process in its own time.
    let start = Instant::now();
    while runs() && start.elapsed() < Duration::from_mins(1) {
        std::thread::yield_now();
    }
    assert!(!runs(), "{said} is still there");
}
