//! Processes that die, stand still, come too late or do not belong.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use rustix::process::{Signal, kill_process};

use crate::processes::{Process, attempts, runs, stop, wait_for};
use crate::{Desk, program};

/// Bytes of a book over which a map takes a while.
const LONG_BOOK: usize = 1_000_000;

/// What the sequential runner has to say of a word count.
fn expected(desk: &Desk, files: &str) -> Vec<String> {
    desk.mapreduce(&format!("sequential --app wc --output out {files}")).assert().success();
    desk.output()
}

fn start_coordinator(desk: &Desk, words: &str) -> Process {
    let coordinator = Process::start(desk, &format!("coordinator --output out {words}"));
    wait_for("a coordinator", || desk.path("out/mr.sock").exists().then_some(()));
    coordinator
}

fn start_worker(desk: &Desk) -> Process {
    Process::start(desk, "worker --app wc --output out")
}

const WELL: (Option<i32>, String) = (Some(0), String::new());

#[test]
fn a_worker_that_dies_in_a_task() {
    let desk = Desk::new();
    let books = desk.books(2, LONG_BOOK);
    let expected = expected(&desk, &books);
    let coordinator = start_coordinator(&desk, &format!("--reissue-after 200ms {books}"));
    let victim = start_worker(&desk);
    victim.stop_in_a_task(&desk);
    victim.signal(Signal::KILL);
    assert_eq!(victim.end().0, None);
    assert_eq!(attempts(&desk.path("out")).len(), 1, "what it leaves");

    let heir = start_worker(&desk);
    assert_eq!(coordinator.end(), WELL);
    assert_eq!(heir.end(), WELL);
    assert_eq!(desk.output(), expected);
}

#[test]
fn a_worker_that_wakes_up_after_the_job() {
    let desk = Desk::new();
    let books = desk.books(2, LONG_BOOK);
    let expected = expected(&desk, &books);
    let coordinator = start_coordinator(&desk, &format!("--reissue-after 200ms {books}"));
    let sleeper = start_worker(&desk);
    sleeper.stop_in_a_task(&desk);
    let other = start_worker(&desk);
    assert_eq!(coordinator.end(), WELL);
    assert_eq!(other.end(), WELL);
    assert_eq!(desk.output(), expected);

    sleeper.signal(Signal::CONT);
    assert_eq!(sleeper.end(), WELL);
    assert_eq!(desk.output(), expected);
}

#[test]
fn a_backup_task_does_not_wait_for_the_time_to_be_over() {
    let desk = Desk::new();
    let books = desk.books(2, LONG_BOOK);
    let expected = expected(&desk, &books);
    let words = format!("--reissue-after 1h --backup-tasks {books}");
    let coordinator = start_coordinator(&desk, &words);
    let sleeper = start_worker(&desk);
    sleeper.stop_in_a_task(&desk);
    let other = start_worker(&desk);
    assert_eq!(coordinator.end(), WELL);
    assert_eq!(other.end(), WELL);
    assert_eq!(desk.output(), expected);
}

#[test]
fn a_coordinator_that_dies() {
    let desk = Desk::new();
    let books = desk.books(2, LONG_BOOK);
    let expected = expected(&desk, &books);
    let coordinator = start_coordinator(&desk, &books);
    let worker = start_worker(&desk);
    worker.stop_in_a_task(&desk);
    coordinator.signal(Signal::KILL);
    assert_eq!(coordinator.end().0, None);
    worker.signal(Signal::CONT);
    // It notices that it is alone.
    assert_eq!(worker.end(), WELL);

    let left = desk.files();
    assert!(left.contains(&"mr.sock".to_owned()), "{left:?}");
    desk.mapreduce(&format!("run --app wc --output out {books}")).assert().success();
    assert_eq!(desk.output(), expected);
}

#[test]
fn a_second_coordinator() {
    let desk = Desk::new();
    let books = desk.books(2, 10_000);
    let expected = expected(&desk, &books);
    let first = start_coordinator(&desk, &books);
    let why = "error: another coordinator listens at the socket `out/mr.sock`\n";
    for command in ["coordinator", "run --app wc"] {
        let second = desk.mapreduce(&format!("{command} --output out {books}"));
        second.assert().code(1).stderr_eq(why);
    }
    let elsewhere = desk.mapreduce(&format!("coordinator --output out --socket other {books}"));
    elsewhere.assert().code(1).stderr_eq("error: another job is running in the folder `out`\n");

    assert_eq!(start_worker(&desk).end(), WELL);
    assert_eq!(first.end(), WELL);
    assert_eq!(desk.output(), expected);
}

#[test]
fn a_worker_of_another_build() {
    let desk = Desk::new();
    let books = desk.books(1, 10_000);
    let expected = expected(&desk, &books);
    let coordinator = start_coordinator(&desk, &books);
    let mut other = fs::read(program()).expect("a program");
    other.push(0);
    desk.write("mapreduce", other);
    fs::set_permissions(desk.path("mapreduce"), PermissionsExt::from_mode(0o755)).expect("set");
    let refused = snapbox::cmd::Command::new(desk.path("mapreduce"))
        .current_dir(desk.path(""))
        .args(["worker", "--app", "wc", "--output", "out"]);
    refused.assert().code(1).stderr_eq(
        "error: the coordinator at `out/mr.sock` refused this worker: it is of another build than \
         the coordinator\n",
    );

    assert_eq!(start_worker(&desk).end(), WELL);
    assert_eq!(coordinator.end(), WELL);
    assert_eq!(desk.output(), expected);
}

#[test]
fn ctrl_c_ends_a_job_and_leaves_nothing() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let desk = Desk::new();
        let books = desk.books(1, LONG_BOOK);
        let run = Process::start(&desk, &format!("run --app wc --workers 2 --output out {books}"));
        let workers = run.stop_workers_in_a_task(2, &desk);
        run.signal(signal);
        assert_eq!(run.end(), (Some(code), "error: interrupted\n".to_owned()));
        assert!(!workers.into_iter().any(runs));
        assert_eq!(desk.files(), [""; 0]);
    }
}

#[test]
fn ctrl_c_ends_the_sequential_runner_and_leaves_nothing() {
    let desk = Desk::new();
    let books = desk.books(2, LONG_BOOK);
    let run = Process::start(&desk, &format!("sequential --app wc --output out {books}"));
    // Where it has not yet begun to reduce.
    let maps = || {
        let attempts = attempts(&desk.path("out"));
        attempts.len() == 1 && !attempts[0].join("mr-out-0").exists()
    };
    stop(|| vec![run.pid()], maps);
    run.signal(Signal::INT);
    run.signal(Signal::CONT);
    assert_eq!(run.end(), (Some(130), "error: interrupted\n".to_owned()));
    assert_eq!(desk.files(), [""; 0]);
}

#[test]
fn a_worker_of_a_run_is_replaced() {
    let desk = Desk::new();
    let books = desk.books(2, LONG_BOOK);
    let expected = expected(&desk, &books);
    let words = format!("run --app wc --workers 1 --reissue-after 200ms --output out {books}");
    let run = Process::start(&desk, &words);
    let workers = run.stop_workers_in_a_task(1, &desk);
    kill_process(workers[0], Signal::KILL).expect("it runs");
    assert_eq!(run.end(), WELL);
    assert_eq!(desk.output(), expected);
}

#[test]
fn workers_that_keep_dying_fail_the_job() {
    let desk = Desk::new();
    desk.write("one.txt", "a");
    // A process that writes to a file dies of it. The one that leads writes to none.
    let script = format!(
        "ulimit -c 0; ulimit -f 0; exec '{}' run --app wc --workers 2 --reissue-after 10ms --output out one.txt",
        program().display()
    );
    let shell = snapbox::cmd::Command::new("sh").current_dir(desk.path("")).args(["-c", &script]);
    let why = "error: the workers keep dying: signal: 25 (SIGXFSZ)\n";
    shell.assert().code(1).stderr_eq(why);
    assert_eq!(desk.files(), [""; 0]);
}
