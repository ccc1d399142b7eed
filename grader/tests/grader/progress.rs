//! What is shown meanwhile, and what is said to who asks.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::{Desk, program};

/// A session that would take for ever, and what it says on standard error.
fn started(desk: &Desk, words: &[&str]) -> (Child, BufReader<impl Read + use<>>) {
    let mut grader = Command::new(program())
        .args(["run", "--suite", "stuck", "--count", "9", "--seed", "7", "--jobs", "1"])
        .args(words)
        .current_dir(desk.path(""))
        .env("GRADER_HARNESS", desk.path("fake-harness"))
        .env("GRADER_SANDBOX", "off")
        .env("GRADER_HISTORY", desk.path("history"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let said = BufReader::new(grader.stderr.take().expect("piped"));
    (grader, said)
}

fn end(mut grader: Child) {
    kill_process(Pid::from_child(&grader), Signal::INT).expect("sent");
    grader.wait().expect("ended");
}

#[test]
fn lines_or_nothing() {
    let desk = Desk::new();
    let said = |words: &str| {
        let run = desk.grader(&format!("run --suite steady,broken --seed 1 {words}")).assert();
        String::from_utf8_lossy(&run.get_output().stderr).into_owned()
    };
    // Without a terminal all but nothing are lines.
    for mode in ["auto", "bar", "plain"] {
        let said = said(&format!("--progress {mode}"));
        assert!(said.contains("FAIL broken/fails, run 1"), "{mode}: {said}");
        assert!(said.contains("pass  steady/first 1 of 1"), "{mode}: {said}");
    }
    assert_eq!(said("--progress none"), "");
    desk.write("grader.toml", "progress = 'none'\n");
    assert_eq!(said(""), "");
}

#[test]
fn the_signal_usr1_is_answered() {
    let desk = Desk::new();
    let (grader, said) = started(&desk, &[]);
    desk.wait_for_runs(1);
    kill_process(Pid::from_child(&grader), Signal::USR1).expect("sent");
    let mut lines = said.lines().map_while(Result::ok);
    let answer = lines.find(|line| line.starts_with("0 of 9 runs, 0 failed, after "));
    assert!(answer.is_some_and(|line| line.ends_with(", seed 7")));
    let worker = lines.next().expect("a worker");
    assert!(worker.starts_with("  stuck/hangs, run 1, seed "), "{worker}");
    end(grader);
}

/// The session on a terminal, which `script` gives it; then what it left behind.
fn on_a_terminal(desk: &Desk) -> Child {
    // The shell must outlive a Ctrl-C, whichever of the two sees it first.
    let line = format!(
        "trap : INT; {} run --suite stuck --count 9 --seed 7 --jobs 1; stty -a",
        program().display()
    );
    Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .current_dir(desk.path(""))
        .env("GRADER_HARNESS", desk.path("fake-harness"))
        .env("GRADER_SANDBOX", "off")
        .env("GRADER_HISTORY", desk.path("history"))
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`script` is part of every Debian")
}

#[test]
fn a_key_on_the_terminal_is_answered_and_the_terminal_is_given_back() {
    let desk = Desk::new();
    let mut script = on_a_terminal(&desk);
    desk.wait_for_runs(1);
    let mut keyboard = script.stdin.take().expect("piped");
    let mut screen = script.stdout.take().expect("piped");
    keyboard.write_all(b"x").expect("typed");
    let mut seen = String::new();
    let mut until = |what: &str| {
        let mut bytes = [0; 4096];
        while !seen.contains(what) {
            let read = screen.read(&mut bytes).expect("a screen");
            assert!(read > 0, "there is no {what:?} in {seen}");
            seen.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
    };
    until("0 of 9 runs, 0 failed, after ");
    until("  stuck/hangs, run 1, seed ");
    keyboard.write_all(b"\x03").expect("Ctrl-C");
    until(" icanon");
    until(" echo ");
    assert!(!seen.contains("-icanon") && !seen.contains("-echo "), "{seen}");
    script.wait().expect("ended");
}

/// Ctrl-C takes back what was typed before it: who was about to read that must not wait for more.
#[test]
fn ctrl_c_right_after_a_key_ends_the_session() {
    for pause in (0..8).map(|step| Duration::from_micros(40 * step)) {
        let desk = Desk::new();
        let mut script = on_a_terminal(&desk);
        desk.wait_for_runs(1);
        let mut keyboard = script.stdin.take().expect("piped");
        keyboard.write_all(b"x").expect("typed");
        thread::sleep(pause);
        keyboard.write_all(b"\x03").expect("Ctrl-C");
        let mut seen = String::new();
        script.stdout.take().expect("piped").read_to_string(&mut seen).expect("text");
        assert!(seen.contains("stopped early: 0 of 9 runs done"), "{seen}");
        script.wait().expect("ended");
    }
}
