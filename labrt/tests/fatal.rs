//! What ends the whole process: stack overflows and other faults, each in a child process.

mod common;

use std::os::unix::process::ExitStatusExt;

use common::{child, output, text};
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

#[test]
fn an_abort_ends_the_process_as_ever() {
    let command = child("an_abort_ends_the_process_as_ever", || {
        let _ = world::run(Config::sim(1), || std::process::abort());
    });
    assert_eq!(output(command).status.signal(), Some(nix::libc::SIGABRT));
}

#[test]
fn an_exit_ends_the_process_as_ever() {
    let command = child("an_exit_ends_the_process_as_ever", || {
        let _ = world::run(Config::sim(1), || std::process::exit(3));
    });
    assert_eq!(output(command).status.code(), Some(3));
}
