//! From a submission's package to a harness: with a toolkit that is small enough to build in a test.

use std::fs;

use snapbox::cmd::Command;
use snapbox::str;

use crate::Desk;
use crate::toolkit::{desk_with_toolkit, grader, library, write_submission};

/// A desk with a toolkit, and with `lib` as the submission `mine`.
fn desk(lib: &str) -> Desk {
    let desk = desk_with_toolkit();
    write_submission(&desk.path("mine"), "mine", lib);
    desk
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
    // Each was built once, and nothing is left of the making.
    let mut programs = crate::files(&desk.path("target/grader/programs"));
    programs.sort();
    assert_eq!(programs.len(), 2, "{programs:?}");
    assert!(
        programs[0].starts_with("mine-") && programs[1].starts_with("reference-"),
        "{programs:?}"
    );
}

#[test]
fn a_program_carries_its_sources_and_a_change_makes_another() {
    let desk = desk(MINE);
    let sources = || {
        let done = grader(&desk, "list --json -S mine").assert().success();
        let listed: serde_json::Value =
            serde_json::from_slice(&done.get_output().stdout).expect("JSON");
        let sources = listed["suites"][0]["tests"][0]["description"].as_str().expect("a text");
        sources.split(' ').map(std::path::PathBuf::from).collect::<Vec<_>>()
    };
    let first = sources();
    assert!(first[0].is_absolute() && first[0].ends_with("source/Cargo.toml"), "{first:?}");
    assert!(first[1].ends_with("source/src/lib.rs") && first[1].is_file(), "{first:?}");
    assert_eq!(sources(), first);
    fs::write(desk.path("mine/src/lib.rs"), format!("{MINE} // changed")).expect("written");
    assert_ne!(sources(), first);
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

/// What `grader list -S mine` says when it refuses to build it.
fn refused(desk: &Desk) -> String {
    let done = grader(desk, "list -S mine").assert().code(101);
    String::from_utf8_lossy(&done.get_output().stderr).into_owned()
}

/// Adds lines to a file of the submission.
fn append(desk: &Desk, file: &str, text: &str) {
    let file = desk.path("mine").join(file);
    let old = fs::read_to_string(&file).unwrap_or_default();
    fs::write(file, old + text).expect("written");
}

#[test]
fn what_a_submission_may_not_ask_for_is_named_by_line() {
    let desk = desk(MINE);
    append(&desk, "Cargo.toml", "nowhere = { path = '../nowhere' }\n");
    let said = refused(&desk);
    assert!(
        said.contains("is not built: Cargo.toml:7: a submission may not depend on `nowhere`"),
        "{said}"
    );
    append(&desk, "Cargo.toml", "[patch.crates-io]\n");
    fs::create_dir(desk.path("mine/.cargo")).expect("made");
    fs::write(desk.path("mine/build.rs"), "fn main() {}").expect("written");
    let said = refused(&desk);
    for what in
        ["Cargo.toml:8: [patch] is refused", "build.rs: build scripts", ".cargo: a submission"]
    {
        assert!(said.lines().any(|line| line.starts_with(what)), "{said}");
    }
    assert!(said.ends_with("is not built: 3 things are refused\n"), "{said}");
}

#[test]
fn a_course_may_allow_more() {
    let text =
        "pub fn submission() -> contracts::Submission { contracts::Submission(extra::NAME) }";
    let desk = desk(text);
    append(&desk, "Cargo.toml", "extra = { path = '../toolkit/extra' }\n");
    assert!(refused(&desk).contains("a submission may not depend on `extra`"));
    let extra = desk.path("toolkit/extra");
    let settings = format!("[build.dependencies]\nextra = {{ path = {extra:?} }}\n");
    desk.write("grader.toml", &settings);
    append(&desk, "Cargo.toml", "\n[features]\ndefault = []\n");
    let manifest = desk.path("mine/Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("a file");
    fs::write(&manifest, text.replace("{ path = '../toolkit/extra' }", "'0.1'")).expect("written");
    let done = grader(&desk, "list --json -S mine").assert().success();
    let listed: serde_json::Value =
        serde_json::from_slice(&done.get_output().stdout).expect("JSON");
    assert_eq!(listed["submission"], "extra");
}

#[test]
fn unsafe_code_is_refused_unless_the_course_takes_it() {
    let text =
        format!("{MINE}\npub fn f(x: &i32) -> i32 {{ unsafe {{ *std::ptr::from_ref(x) }} }}");
    let desk = desk(&text);
    let said = refused(&desk);
    assert!(said.contains("--> src/lib.rs:2:"), "{said}");
    assert!(
        said.ends_with("usage of an `unsafe` block; this course takes no unsafe code\n"),
        "{said}"
    );
    desk.write("grader.toml", "[build]\nallow-unsafe = true\n");
    grader(&desk, "list -S mine").assert().success();
}

#[test]
fn sources_elsewhere_are_out_of_reach() {
    let desk = desk(&format!("#[path = \"../../toolkit/harness/src/lib.rs\"] mod stolen;\n{MINE}"));
    let said = refused(&desk);
    assert!(said.contains("couldn't read"), "{said}");
}

#[test]
fn the_compiler_is_confined_and_includes_no_other_file() {
    let secret = tempfile::NamedTempFile::new().expect("a file");
    let desk =
        desk(&format!("pub const SECRET: &str = include_str!({:?});\n{MINE}", secret.path()));
    // The attempt is a real one.
    grader(&desk, "list -S mine --sandbox off").assert().success();
    let done = grader(&desk, "list -S mine --sandbox require").output().expect("ended");
    let said = String::from_utf8_lossy(&done.stderr);
    match done.status.code() {
        Some(123) => eprintln!("not tried: {said}"),
        code => {
            assert_eq!(code, Some(101), "{said}");
            assert!(said.contains("couldn't read"), "{said}");
        }
    }
}

#[test]
fn a_harness_that_speaks_but_runs_nothing_passes_nothing() {
    let desk = desk(&library("exits"));
    grader(&desk, "run -S mine").assert().code(100).stderr_eq(str![[r#"
building the suites …
...
"#]]);
}
