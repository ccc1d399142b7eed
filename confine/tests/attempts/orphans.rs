//! A process that adopts orphans, and those that come to it.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use confine::children;
use libtest_mimic::Trial;
use rustix::process::{Pid, test_kill_process};

pub(crate) fn trials() -> Vec<Trial> {
    let scene = |name: &'static str| {
        Trial::test(format!("orphans::{name}"), move || {
            let own = std::env::current_exe().expect("a path");
            let output = Command::new(own).args(["orphans", name]).output().expect("started");
            assert!(output.status.success(), "{output:?}");
            Ok(())
        })
    };
    vec![
        scene("ended"),
        scene("spared"),
        Trial::test("orphans::parent", || {
            ends_with_its_parent();
            Ok(())
        }),
    ]
}

/// One scene, in a process of its own: what it does, it does to all of its children.
pub(crate) fn play(scene: &str) -> ExitCode {
    match scene {
        "ended" => daemons_are_ended(),
        "spared" => children_and_their_groups_are_spared(),
        "waits" => return wait_for_a_confined_child(),
        other => panic!("no scene is called {other}"),
    }
    ExitCode::SUCCESS
}

/// A daemon has left its group and its session, and so has its child; a kill of the group misses both.
fn daemons_are_ended() {
    let mut there_before = Command::new("/bin/sleep").arg("1000").spawn().expect("a child");
    children::adopt_orphans().expect("it is Linux");
    let daemon = "setsid sh -c 'echo $$; sleep 1000 & echo $!; wait' &";
    let mut job = children::spawn(shell(daemon).process_group(0)).expect("a job");
    let mut lines = BufReader::new(job.stdout.take().expect("piped")).lines();
    let pids: Vec<Pid> = lines.by_ref().take(2).map(|line| pid(&line.expect("text"))).collect();
    job.wait().expect("a child");
    drop(job);
    // Their parent has ended, but that may take the kernel a while to tell.
    let start = Instant::now();
    while pids.iter().any(|&pid| test_kill_process(pid).is_ok()) {
        assert!(start.elapsed() < PATIENCE, "still there: {pids:?}");
        children::end_orphans();
    }
    assert!(there_before.try_wait().expect("a child").is_none(), "it is no orphan");
    there_before.kill().expect("ours");
    there_before.wait().expect("ours");
}

/// Neither a child nor an orphan in the group of a child that runs is touched.
fn children_and_their_groups_are_spared() {
    children::adopt_orphans().expect("it is Linux");
    let inner = "sh -c 'sleep 1000 & echo $!'; read line";
    let mut job = children::spawn(shell(inner).process_group(0)).expect("a job");
    let mut lines = BufReader::new(job.stdout.take().expect("piped")).lines();
    let orphan = pid(&lines.next().expect("a line").expect("text"));
    children::end_orphans();
    assert!(test_kill_process(orphan).is_ok(), "its job is not over");
    assert!(job.try_wait().expect("a child").is_none(), "it is our own");
    job.stdin.take().expect("piped").write_all(b"\n").expect("it reads");
    job.wait().expect("a child");
    drop(job);
    children::end_orphans();
    assert!(test_kill_process(orphan).is_err(), "{orphan:?} is still there");
}

/// A confined program ends when whoever started it is killed, although nobody can tell it to.
fn ends_with_its_parent() {
    let own = std::env::current_exe().expect("a path");
    let mut parent = Command::new(own)
        .args(["orphans", "waits"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut lines = BufReader::new(parent.stdout.take().expect("piped")).lines();
    // The program itself says so: it runs.
    let program = pid(&lines.next().expect("a line").expect("text"));
    parent.kill().expect("ours");
    parent.wait().expect("ours");
    let start = Instant::now();
    while alive(program) {
        assert!(start.elapsed() < PATIENCE, "{program:?} is still there");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn wait_for_a_confined_child() -> ExitCode {
    let sandbox = confine::Sandbox::new(confine::Mode::Auto).expect("nothing is required");
    let job = sandbox.job().expect("a job");
    let mut command = job.command("/bin/sh".as_ref(), &confine::Rules::of_system());
    let mut child = command.args(["-c", "echo $$; exec sleep 1000"]).spawn().expect("started");
    child.wait().expect("a child");
    ExitCode::SUCCESS
}

/// Whether a process runs: one that nobody has waited for yet does not.
fn alive(pid: Pid) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
    stat.is_ok_and(|stat| !stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('Z')))
}

/// What must happen happens at once; only a kernel under load takes a while.
const PATIENCE: Duration = Duration::from_secs(20);

fn shell(script: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped());
    shell
}

fn pid(text: &str) -> Pid {
    Pid::from_raw(text.parse().expect("a process id")).expect("not 0")
}
