//! What ends the whole process: stack overflows and other faults, each in a child process.

mod common;

use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use common::{child, line_of, output, text};
use labrt::thread::Builder;
use labrt::world::{self, Config};

#[allow(unconditional_recursion, reason = "it is to overflow the stack")]
fn recurse(depth: u64) -> u64 {
    std::hint::black_box(recurse(std::hint::black_box(depth + 1)) + 1)
}

#[test]
fn a_stack_overflow_names_the_thread_and_has_its_own_status() {
    let command = child("a_stack_overflow_names_the_thread_and_has_its_own_status", || {
        let _ = world::run(Config::sim(1), || {
            Builder::new().server("server 3").name("deep").spawn(|| recurse(0)).join()
        });
    });
    let output = output(command);
    assert_eq!(output.status.code(), Some(labrt::EXIT_STACK_OVERFLOW));
    let line = text(&output.stderr);
    assert!(line.starts_with("labrt: stack overflow: server 3/deep used up its 256 KiB"), "{line}");
    assert_eq!(line.lines().count(), 1, "{line}");
}

#[test]
fn any_other_fault_ends_the_process_as_ever() {
    let command = child("any_other_fault_ends_the_process_as_ever", || {
        let _ = world::run(Config::sim(1), || {
            nix::sys::signal::raise(nix::sys::signal::Signal::SIGSEGV)
        });
    });
    assert_eq!(output(command).status.signal(), Some(nix::libc::SIGSEGV));
}

/// The standard library lets one thread of a process exit, once, so each world has its own.
fn exit_in(config: Config) {
    let outcome = world::run(config, || {
        let body = || std::process::exit(0); // exit
        Builder::new().server("server 1").name("handler").spawn(body).join()
    });
    eprintln!("{}", outcome.returned().expect_err("a verdict"));
    labrt::exit_now(3);
}

#[test]
fn an_exit_is_a_verdict_in_a_simulated_world() {
    let test = "an_exit_is_a_verdict_in_a_simulated_world";
    expect_exit_verdict(child(test, || exit_in(Config::sim(1))));
}

#[test]
fn an_exit_is_a_verdict_in_the_real_world() {
    let test = "an_exit_is_a_verdict_in_the_real_world";
    expect_exit_verdict(child(test, || exit_in(Config::real(1))));
}

fn expect_exit_verdict(command: Command) {
    let output = output(command);
    assert_eq!(output.status.code(), Some(3), "the process goes on");
    let told = text(&output.stderr);
    let message = "exit: server 1/handler called `exit` with status 0 before the test was over";
    assert!(told.starts_with(message) && told.contains(&line_of!("exit")), "{told}");
}
