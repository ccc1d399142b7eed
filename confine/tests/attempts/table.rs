//! The attempts, declared once, and by which protection each must fail.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use confine::protection::Kind::{self, CleanStart, Files, Limits, Network, SystemCalls, UserId};
use confine::{Mode, Sandbox};
use libtest_mimic::Trial;

use crate::supervisor::HIDDEN;

/// An ordinary user, whom root becomes. It must not be one of a job's.
const ORDINARY: &str = "60705";

/// An attempt.
#[derive(Clone, Copy)]
struct Row {
    name: &'static str,
    /// Any of these is enough to refuse it.
    refused_by: &'static [Kind],
    /// Whether it succeeds without protection; on some machines some do not in any case.
    otherwise: Otherwise,
}

#[derive(Clone, Copy, PartialEq)]
enum Otherwise {
    Could,
    Perhaps,
}
use Otherwise::{Could, Perhaps};

const fn row(name: &'static str, refused_by: &'static [Kind], otherwise: Otherwise) -> Row {
    Row { name, refused_by, otherwise }
}

const ROWS: [Row; 30] = [
    row("read", &[Files], Could),
    row("list", &[Files], Could),
    row("overwrite", &[Files], Could),
    row("create", &[Files], Could),
    row("remove", &[Files], Could),
    row("rename", &[Files], Could),
    row("change-mode", &[SystemCalls], Could),
    row("execute", &[Files, SystemCalls], Could),
    row("read-parents-environment", &[Files], Could),
    row("read-parents-files", &[Files], Could),
    row("shared-memory", &[Files], Could),
    row("connect", &[Network], Could),
    row("bind", &[Network], Could),
    row("udp", &[Network], Could),
    row("abstract-socket", &[Network], Could),
    row("path-socket", &[Network], Could),
    row("signal-parent", &[SystemCalls], Could),
    row("signal-everybody", &[SystemCalls], Could),
    // Some systems let a process trace its own descendants only.
    row("trace-parent", &[SystemCalls], Perhaps),
    row("limit-parent", &[SystemCalls], Could),
    // Some systems let nobody but root make any.
    row("user-namespace", &[SystemCalls], Perhaps),
    row("new-session", &[SystemCalls], Could),
    row("fork", &[SystemCalls], Could),
    row("memory-file", &[SystemCalls], Could),
    row("show-memory", &[SystemCalls], Could),
    row("outlive-parent", &[SystemCalls], Could),
    row("inherited", &[CleanStart], Could),
    row("environment", &[CleanStart], Could),
    row("many-threads", &[Limits], Could),
    row("many-files", &[Limits], Could),
];

pub(crate) fn trials() -> Vec<Trial> {
    let root = nix::unistd::geteuid().is_root();
    let users = if root { vec!["root", ORDINARY] } else { vec!["me"] };
    let mut trials = Vec::new();
    for user in users {
        let who = if user == ORDINARY { "me" } else { user };
        let mut add = |name: &str, check: Box<dyn FnOnce() + Send>| {
            trials.push(Trial::test(format!("as_{who}::{name}"), move || {
                check();
                Ok(())
            }));
        };
        for row in ROWS {
            add(row.name, Box::new(move || refused(user, row)));
        }
        add("work", Box::new(move || works(user)));
        add("big-file", Box::new(move || big_file(user)));
        add("much-memory", Box::new(move || much_memory(user)));
        if user == "root" {
            add("be-root", Box::new(|| refused("root", row("be-root", &[UserId], Could))));
        }
    }
    trials
}

/// What a supervisor printed.
fn supervised(user: &str, mode: &str, attempt: &str) -> String {
    let folder = tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o777))
        .tempdir()
        .expect("a folder");
    // The umask has had its say.
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).expect("ours");
    let own = std::env::current_exe().expect("a path");
    // Also for the ordinary user, who reaches no more than a job's.
    let placed =
        Sandbox::new(Mode::Auto).expect("nothing is required").place(&own).expect("placed");
    let output = Command::new(placed.path())
        .args(["supervise", user, mode, attempt])
        .arg(folder.path())
        .output()
        .expect("started");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

fn refused(user: &str, row: Row) {
    let unprotected = supervised(user, "off", row.name);
    if row.otherwise == Could {
        assert!(unprotected.contains("\ncould: "), "{unprotected}");
    }
    let said = supervised(user, "auto", row.name);
    let in_force = row.refused_by.iter().any(|kind| said.contains(&format!("{kind}: in force\n")));
    if in_force {
        assert!(said.contains("\nrefused: "), "{said}");
        assert!(!said.contains(HIDDEN), "{said}");
    } else {
        let missing = |kind: &Kind| said.contains(&format!("{kind}: missing\n"));
        assert!(row.refused_by.iter().all(missing), "{said}");
    }
}

/// A program that does nothing special runs as ever, and has what the rules give it.
fn works(user: &str) {
    let said = supervised(user, "auto", "work");
    assert!(said.contains("\ncould: false 55 given\n"), "{said}");
}

fn big_file(user: &str) {
    assert!(supervised(user, "off", "big-file").contains("\ncould: "));
    let said = supervised(user, "auto", "big-file");
    // Whoever started us may have the signal ignored; then there is an error.
    let cut = ["signal: 25 (SIGXFSZ)", "refused: File too large"];
    assert!(cut.iter().any(|cut| said.contains(cut)), "{said}");
}

fn much_memory(user: &str) {
    assert!(supervised(user, "off", "much-memory").contains("\ncould: "));
    let said = supervised(user, "auto", "much-memory");
    assert!(said.contains("\nrefused: "), "{said}");
}
