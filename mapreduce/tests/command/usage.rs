//! What is wrong is said in one line that names it, with the documented code, and leaves nothing.

use std::fs;

use snapbox::cmd::Command;
use snapbox::str;

use crate::{Desk, words};

#[test]
fn help_of_every_command() {
    let desk = Desk::new();
    for command in ["run", "sequential", "coordinator", "worker"] {
        let page = format!("{}/tests/fixtures/help-{command}.txt", env!("CARGO_MANIFEST_DIR"));
        let page = snapbox::Data::read_from(page.as_ref(), None);
        desk.mapreduce(command).arg("--help").assert().success().stdout_eq(page.raw());
    }
}

fn refused(command: Command, code: i32, why: impl snapbox::IntoData) {
    command.assert().code(code).stdout_eq("").stderr_eq(why);
}

#[test]
fn bad_values() {
    let desk = Desk::new();
    desk.write("one.txt", "a");
    for (words, why) in [
        ("--app wcx one.txt", "error: invalid value 'wcx' for '--app <APP>'\n"),
        (
            "--app wc --workers 0 one.txt",
            "error: invalid value '0' for '--workers <N>': 0 is not in 1..=1000\n",
        ),
        (
            "--app wc --reduces 0 one.txt",
            "error: invalid value '0' for '--reduces <N>': 0 is not in 1..=10000\n",
        ),
        (
            "--app wc --memory lots one.txt",
            "error: invalid value 'lots' for '--memory <SIZE>': expected a size such as 64MiB or 2GB\n",
        ),
        (
            "--app wc --memory 10KiB one.txt",
            "error: invalid value '10KiB' for '--memory <SIZE>': expected at least 1MiB\n",
        ),
        (
            "--app wc --reissue-after soon one.txt",
            "error: invalid value 'soon' for '--reissue-after <TIME>': expected a time above 0, such as \
             10s or 500ms\n",
        ),
    ] {
        refused(desk.mapreduce(&format!("run --output out {words}")), 2, why);
    }
    assert_eq!(desk.files(), [""; 0]);
}

#[test]
fn no_files() {
    let desk = Desk::new();
    let why = str![[r#"
error: the following required arguments were not provided:
  <FILE>...

Usage: mapreduce run --app <APP> <FILE>...

For more information, try '--help'.

"#]];
    refused(desk.mapreduce("run --app wc"), 2, why);
}

#[test]
fn inputs_that_cannot_be_read() {
    let desk = Desk::new();
    desk.write("one.txt", "a");
    desk.write("bad.txt", b"good \xc3\x28 bad");
    for command in ["run", "sequential"] {
        for (files, why) in [
            (
                "one.txt nowhere.txt",
                "error: cannot read the input `nowhere.txt`: No such file or directory (os error 2)\n",
            ),
            ("one.txt out", "error: the input `out` is a folder\n"),
            ("/dev/null", "error: the input `/dev/null` is no regular file\n"),
            (
                "one.txt bad.txt",
                "error: the input `bad.txt` is not UTF-8: byte 5 (counted from 0) is wrong\n",
            ),
        ] {
            refused(desk.mapreduce(&format!("{command} --app wc --output out {files}")), 1, why);
            assert_eq!(desk.files(), [""; 0], "{command} {files}");
        }
    }
}

#[test]
fn a_table_that_is_none() {
    let desk = Desk::new();
    desk.write("bad.csv", "User ID,Agency,Year,Credit Score\n\n1,Equifax,2023,high\n");
    for command in ["run", "sequential"] {
        let why = str![[r#"
error: `bad.csv`, line 3: the field Credit Score is no whole number: `high`

"#]];
        refused(desk.mapreduce(&format!("{command} --app credit --output out bad.csv")), 1, why);
        assert_eq!(desk.files(), [""; 0]);
    }
}

#[test]
fn an_output_folder_that_is_none() {
    let desk = Desk::new();
    desk.write("one.txt", "a");
    for command in ["run", "sequential"] {
        for (folder, why) in [
            (
                "nowhere",
                "error: cannot use the folder `nowhere`: No such file or directory (os error 2)\n",
            ),
            ("one.txt", "error: cannot use the folder `one.txt`: Not a directory (os error 20)\n"),
        ] {
            let words = format!("{command} --app wc --output {folder} one.txt");
            refused(desk.mapreduce(&words), 1, why);
        }
    }
}

/// With files of at most a few kilobytes, as on a disk that is full.
#[test]
fn a_full_disk() {
    let desk = Desk::new();
    desk.write("one.txt", words(0..20_000));
    for command in ["run --workers 2", "sequential"] {
        let script = format!(
            "trap '' XFSZ; ulimit -f 8; exec '{}' {command} --app wc --output out one.txt",
            crate::program().display()
        );
        let shell = Command::new("sh").current_dir(desk.path("")).args(["-c", &script]);
        refused(
            shell,
            1,
            str![[r#"
error: cannot write `[..]out/[..]`: File too large (os error 27)

"#]],
        );
        assert_eq!(desk.files(), [""; 0], "{command}");
    }
}

/// The same when only the output is too large.
#[test]
fn no_room_for_the_output() {
    let desk = Desk::new();
    desk.write("one.txt", "a");
    fs::create_dir(desk.path("out/mr-out-0")).expect("made");
    desk.write("out/mr-out-0/mine.txt", "x");
    for command in ["run --reduces 1", "sequential"] {
        let words = format!("{command} --app wc --output out one.txt");
        let why = "error: cannot write `out/mr-out-0`: Is a directory (os error 21)\n";
        refused(desk.mapreduce(&words), 1, why);
        assert_eq!(desk.files(), ["mr-out-0"]);
        assert!(desk.path("out/mr-out-0/mine.txt").exists());
    }
}

#[test]
fn an_input_is_not_overwritten() {
    let desk = Desk::new();
    desk.write("out/mr-out-0", "a");
    for command in ["run", "sequential"] {
        let words = format!("{command} --app wc --output out out/mr-out-0");
        refused(
            desk.mapreduce(&words),
            1,
            str![[r#"
error: the input `out/mr-out-0` has the name of an output and is in the output's folder: it would be replaced; choose another folder for the output

"#]],
        );
        assert_eq!(desk.output(), ["a"]);
    }
}

#[test]
fn a_worker_without_a_coordinator() {
    let desk = Desk::new();
    let why = str![[r#"
error: no coordinator listens at the socket `out/mr.sock`

"#]];
    refused(desk.mapreduce("worker --app wc --output out"), 1, why);
}
