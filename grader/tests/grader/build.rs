//! From a submission's package to a harness: with a toolkit that is small enough to build in a test.

use std::fs;
use std::path::Path;

use snapbox::cmd::Command;
use snapbox::str;

use crate::Desk;

const CONTRACTS: &str = "pub struct Submission(pub &'static str);";

const HARNESS: &str = r##"
pub fn main(submission: fn() -> contracts::Submission) -> std::process::ExitCode {
    println!(r#"{{"protocol":3,"submission":"{}","suites":[{{"id":"s","title":"Suite","course":"C",
        "budget_s":1,"implemented":true,"tests":[{{"id":"s/t","course_name":"TestT",
        "description":"d","steps":[],"points":1,"limits":{{}}}}]}}]}}"#, submission().0);
    std::process::ExitCode::SUCCESS
}
"##;

/// Writes a library package.
fn package(folder: &Path, manifest: &str, lib: &str) {
    fs::create_dir_all(folder.join("src")).expect("a folder");
    fs::write(folder.join("Cargo.toml"), manifest).expect("written");
    fs::write(folder.join("src/lib.rs"), lib).expect("written");
}

fn manifest(name: &str, more: &str) -> String {
    format!("[package]\nname = '{name}'\nversion = '0.1.0'\nedition = '2024'\n{more}\n")
}

/// A desk with a toolkit, and with `lib` as the submission `mine`.
fn desk(lib: &str) -> Desk {
    let desk = Desk::new();
    let toolkit = desk.path("toolkit");
    let contracts = "[dependencies]\ncontracts = { path = '../contracts' }";
    package(&toolkit.join("contracts"), &manifest("contracts", ""), CONTRACTS);
    package(&toolkit.join("harness"), &manifest("harness", contracts), HARNESS);
    let reference =
        "pub fn submission() -> contracts::Submission { contracts::Submission(\"model\") }";
    package(&toolkit.join("reference"), &manifest("reference", contracts), reference);
    let contracts = "[dependencies]\ncontracts = { path = '../toolkit/contracts' }";
    package(&desk.path("mine"), &manifest("mine", contracts), lib);
    desk
}

/// `grader WORDS`, with that toolkit, and with what cargo needs.
fn grader(desk: &Desk, words: &str) -> Command {
    let mut command = desk.bare(words).env("GRADER_TOOLKIT", desk.path("toolkit"));
    for name in ["HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
        if let Some(value) = std::env::var_os(name) {
            command = command.env(name, value);
        }
    }
    command
}

const MINE: &str =
    "pub fn submission() -> contracts::Submission { contracts::Submission(\"my own\") }";

#[test]
fn the_submission_is_the_named_one_else_the_one_here_else_the_reference() {
    let desk = desk(MINE);
    let submission = |command: Command| {
        let done = command.assert().success();
        let listed: serde_json::Value =
            serde_json::from_slice(&done.get_output().stdout).expect("JSON");
        listed["submission"].as_str().expect("a name").to_owned()
    };
    assert_eq!(submission(grader(&desk, "list --json -S mine")), "my own");
    assert_eq!(submission(grader(&desk, "list --json -S mine/Cargo.toml")), "my own");
    assert_eq!(submission(grader(&desk, "list --json").current_dir(desk.path("mine"))), "my own");
    assert_eq!(submission(grader(&desk, "list --json")), "model");
    desk.write("grader.toml", "submission = 'mine'");
    assert_eq!(submission(grader(&desk, "list --json")), "my own");
    // Nothing was written where the submission is.
    assert_eq!(crate::files(&desk.path("mine")).len(), 2);
    // What a command held for itself is gone with it.
    let packages = crate::files(&desk.path("target/grader"));
    assert_eq!(packages.len(), 2);
    for package in packages {
        let files = crate::files(&desk.path("target/grader").join(package));
        assert!(!files.iter().any(|file| file.starts_with("running-")), "{files:?}");
    }
}

#[test]
fn a_compile_error_is_shown_and_named() {
    let desk = desk("pub fn submission() -> contracts::Submission { nothing }");
    let done = grader(&desk, "run -S mine").assert().code(101);
    let said = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
    assert!(said.contains("--> "), "the compiler's own words: {said}");
    let last = said.lines().last().unwrap_or_default();
    let named = "does not build: cannot find value `nothing` in this scope";
    assert!(last.starts_with("error: `mine` in ") && last.ends_with(named), "{last}");
}

#[test]
fn a_library_without_the_function_learns_what_is_missing() {
    let done = grader(&desk("pub fn submit() {}"), "run -S mine").assert().code(101);
    let said = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
    assert!(
        said.trim_end().ends_with("needs `pub fn submission() -> contracts::Submission`"),
        "{said}"
    );
}

#[test]
fn what_cargo_refuses_is_shown_and_named() {
    let desk = desk(MINE);
    let manifest = desk.path("mine/Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("a file");
    fs::write(&manifest, text + "nowhere = { path = '../nowhere' }\n").expect("written");
    let done = grader(&desk, "run -S mine").assert().code(101);
    let said = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
    assert!(said.contains("nowhere/Cargo.toml"), "{said}");
}

#[test]
fn a_harness_that_speaks_but_runs_nothing_passes_nothing() {
    grader(&desk(MINE), "run -S mine").assert().code(100).stderr_eq(str![[r#"
building `mine` …
...
"#]]);
}
