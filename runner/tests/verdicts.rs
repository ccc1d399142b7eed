//! What processes leave behind, and the verdict on each, declared once and run for real. The
//! processes are shell scripts: what matters here is what they do to their pipes and how they end.

#![allow(
    clippy::disallowed_methods,
    reason = "it lives outside every world and waits for processes"
)]

use std::time::{Duration, Instant};

use protocol::{Clock, FailureKind, Limits, PROTOCOL, Policy, Record, Request, Verdict};
use runner::{Allowance, CancelToken, Ending, Program, RunResult, run_once};

/// What a script should be judged as.
#[derive(Debug, PartialEq)]
enum Expected {
    Pass,
    Fail(FailureKind),
}
use Expected::{Fail, Pass};

fn request() -> Request {
    Request {
        protocol: PROTOCOL,
        nonce: "n0nce".into(),
        test: "suite/test".into(),
        seed: 7,
        clock: Clock::Sim,
        policy: Policy::default(),
        vlevel: 0,
        trace: None,
        scenario: None,
        limits: Limits { rpcs: Some(100), ..Limits::default() },
    }
}

fn pass() -> Record {
    let Request { protocol, nonce, test, seed, clock, .. } = request();
    Record {
        protocol,
        nonce,
        test,
        seed,
        clock,
        verdict: Verdict::Pass,
        failure: None,
        warnings: Vec::new(),
        watched: Vec::new(),
        history: Vec::new(),
        virtual_s: 1.0,
        wall_s: 0.1,
        cpu_s: 0.1,
        servers: 3,
        rpcs: 100,
        bytes: 0,
        commits: 0,
        steps: 0,
        trace_hash: String::new(),
    }
}

fn fail() -> Record {
    Record {
        verdict: Verdict::Fail,
        failure: Some(protocol::Failure::new(FailureKind::Check, "no leader")),
        ..pass()
    }
}

/// Runs `script`, in which `$RECORD` is `record` as JSON.
fn run(script: &str, record: &Record, wall: Duration) -> RunResult {
    answer(&request(), script, record, wall)
}

/// Runs `script` as the answer to `request`.
fn answer(request: &Request, script: &str, record: &Record, wall: Duration) -> RunResult {
    let program = Program {
        args: vec!["-c".into(), format!("read -r request\n{script}").into()],
        env: vec![("RECORD".into(), serde_json::to_string(record).unwrap().into())],
        ..Program::new("/bin/sh")
    };
    let allowance = Allowance { wall, log_bytes: 1000, ..Allowance::for_test(Clock::Sim, 1.0) };
    run_once(&program, request, &allowance, &CancelToken::new().unwrap())
}

/// Long enough for every script that ends by itself.
const AMPLE: Duration = Duration::from_mins(1);

#[track_caller]
fn expect(script: &str, record: &Record, expected: &Expected) -> RunResult {
    let result = run(script, record, AMPLE);
    let found = match &result.ending {
        Ending::Passed => Pass,
        Ending::Failed(failure) => Fail(failure.kind),
        Ending::Cancelled => panic!("cancelled: {script}"),
    };
    assert_eq!(&found, expected, "{script}: {result:?}");
    assert_eq!(result.passed(), *expected == Pass);
    result
}

const SAY: &str = r#"printf '%s\n' "$RECORD""#;

#[test]
fn only_a_record_and_status_0_pass() {
    let no_record = Fail(FailureKind::NoRecord);
    let exit = Fail(FailureKind::Exit);
    expect(SAY, &pass(), &Pass);
    expect("exit 0", &pass(), &exit);
    expect("exit 3", &pass(), &exit);
    expect(&format!("{SAY}; exit 1"), &pass(), &exit);
    expect(&format!("{SAY}; {SAY}"), &pass(), &no_record);
    expect(&format!("echo PASSED; {SAY}"), &pass(), &no_record);
    expect(&format!("{SAY}; echo"), &pass(), &no_record);
    expect(r#"printf '%s' "$RECORD""#, &pass(), &no_record);
    expect("echo '{}'", &pass(), &no_record);
    expect(&format!("echo forged; {SAY}; exit 1"), &fail(), &no_record);
    expect(&format!("{SAY} >&2"), &pass(), &exit);
}

#[test]
fn a_record_must_answer_this_request() {
    let others = [
        Record { nonce: "guessed".into(), ..pass() },
        Record { seed: 8, ..pass() },
        Record { test: "suite/easier".into(), ..pass() },
        Record { clock: Clock::Real, ..pass() },
        Record { protocol: PROTOCOL + 1, ..pass() },
        Record { failure: fail().failure, nonce: "guessed".into(), ..pass() },
        Record { failure: None, ..fail() },
        Record { rpcs: 101, ..pass() },
    ];
    for other in others {
        expect(SAY, &other, &Fail(FailureKind::NoRecord));
    }
}

#[test]
fn a_failure_in_a_record_stands_however_the_process_ends() {
    for ending in ["exit 0", "exit 1", "kill -ABRT $$"] {
        let result = expect(&format!("{SAY}; {ending}"), &fail(), &Fail(FailureKind::Check));
        assert_eq!(result.record, Some(fail()));
    }
}

#[test]
fn each_kind_of_death_has_its_own_name() {
    let deaths = [
        ("kill -ABRT $$", FailureKind::Abort),
        ("kill -SEGV $$", FailureKind::Crash),
        ("kill -BUS $$", FailureKind::Crash),
        ("kill -KILL $$", FailureKind::Killed),
        ("exit 70", FailureKind::StackOverflow),
    ];
    for (script, kind) in deaths {
        expect(script, &pass(), &Fail(kind));
    }
}

#[test]
fn a_death_quotes_the_last_panic() {
    let script =
        "echo \"labrt: thread 'server 2/ticker' panicked at src/x.rs:1:2: oh\" >&2; kill -ABRT $$";
    let result = run(script, &pass(), AMPLE);
    let failure = result.failure().unwrap();
    assert_eq!(failure.location.as_deref(), Some("src/x.rs:1:2"));
    assert_eq!(failure.details, ["thread 'server 2/ticker' panicked at src/x.rs:1:2: oh"]);
}

#[test]
fn a_flood_of_output_is_cut_and_said() {
    let result = expect(
        &format!("head -c 3000000 /dev/zero | tr '\\0' x >&2; echo end >&2; {SAY}"),
        &pass(),
        &Pass,
    );
    assert_eq!(result.log.cut(), 3_000_004 - 2000);
    assert_eq!(result.log.to_bytes().last_chunk(), Some(b"xend\n"));
    expect("head -c 3000000 /dev/zero", &pass(), &Fail(FailureKind::NoRecord));
}

#[test]
fn a_grandchild_that_holds_the_pipes_neither_hangs_the_run_nor_outlives_it() {
    let result = expect(&format!("sleep 1000 & echo grandchild $! >&2; {SAY}"), &pass(), &Pass);
    let line = result.log.last_lines(1).remove(0);
    let pid = line.rsplit(' ').next().unwrap();
    assert!(gone(pid), "{line} is still there");
}

/// Whether no process with this id runs, or becomes so soon: the kernel ends a killed process in its
/// own time, and whoever inherits it may let it lie as a zombie.
fn gone(pid: &str) -> bool {
    let runs = || {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit(") ").next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
    };
    let start = Instant::now();
    while runs() && start.elapsed() < AMPLE {
        std::thread::yield_now();
    }
    !runs()
}

#[test]
fn closing_the_pipes_early_is_not_the_end() {
    let script = "exec >&- 2>&-; sleep 0.05; exit 5";
    let result = expect(script, &pass(), &Fail(FailureKind::Exit));
    assert_eq!(result.exit, "status 5");
}

#[test]
fn temporary_files_on_the_real_clock_go_with_the_run() {
    let request = Request { clock: Clock::Real, ..request() };
    let script = r#"(while touch "$TMPDIR/file"; do :; done) & echo "$TMPDIR"; exit 3"#;
    let result = answer(&request, &format!("exec >&2; {script}"), &pass(), AMPLE);
    let folder = result.log.last_lines(1)[0].clone();
    assert!(folder.contains("/run-"), "{result:?}");
    assert!(!std::path::Path::new(&folder).exists(), "{folder} is still there");
}

#[test]
fn a_process_that_does_not_end_is_killed() {
    for script in ["sleep 1000", "trap '' TERM INT; sleep 1000 & wait", "kill -STOP $$"] {
        let result = run(script, &pass(), Duration::from_millis(50));
        assert_eq!(result.failure().unwrap().kind, FailureKind::Killed, "{script}");
    }
}

#[test]
fn a_run_can_be_cancelled_from_another_thread() {
    let program =
        Program { args: vec!["-c".into(), "sleep 1000".into()], ..Program::new("/bin/sh") };
    let allowance = Allowance::for_test(Clock::Sim, 120.0);
    let cancel = CancelToken::new().unwrap();
    let result = std::thread::scope(|scope| {
        let run = scope.spawn(|| run_once(&program, &request(), &allowance, &cancel));
        cancel.cancel();
        run.join().unwrap()
    });
    assert_eq!(result.ending, Ending::Cancelled);
}

#[test]
fn what_cannot_be_started_says_nothing_about_the_submission() {
    let program = Program::new("/no/such/harness");
    let allowance = Allowance::for_test(Clock::Sim, 120.0);
    let result = run_once(&program, &request(), &allowance, &CancelToken::new().unwrap());
    let failure = result.failure().unwrap();
    assert_eq!(failure.kind, FailureKind::Internal);
    assert!(failure.message.contains("/no/such/harness"), "{failure}");
}

#[test]
#[cfg(target_os = "linux")]
fn cpu_time_is_limited() {
    let program = Program {
        args: vec!["-c".into(), "while :; do :; done".into()],
        ..Program::new("/bin/sh")
    };
    let allowance =
        Allowance { cpu: Some(Duration::from_secs(1)), ..Allowance::for_test(Clock::Sim, 120.0) };
    let result = run_once(&program, &request(), &allowance, &CancelToken::new().unwrap());
    assert_eq!(result.failure().unwrap().kind, FailureKind::Killed);
    assert!(result.exit.contains("SIGXCPU"), "{}", result.exit);
}

#[test]
fn nonces_differ() {
    let (one, two) = (runner::secret::nonce().unwrap(), runner::secret::nonce().unwrap());
    assert_eq!(one.len(), 32);
    assert_ne!(one, two);
}
