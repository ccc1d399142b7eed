//! Gradescope: its results are there whatever comes, and the script that it runs sees to that.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::toolkit::{desk_with_toolkit, grader, library, variables, write_submission};
use crate::{Desk, program, read_json};

/// The results, which obey the schema.
fn results(file: &Path) -> Value {
    let schema =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../reports/schema/gradescope.schema.json");
    let schema = jsonschema::draft202012::new(&read_json(&schema)).expect("a schema");
    let results = read_json(file);
    let faults: Vec<String> = schema.iter_errors(&results).map(|error| error.to_string()).collect();
    assert_eq!(faults, [""; 0], "{results}");
    results
}

fn output(results: &Value) -> &str {
    results["output"].as_str().expect("a text")
}

#[test]
fn points_are_given_by_the_settings() {
    let desk = Desk::new();
    let toml =
        "gradescope = 'results.json'\nhidden = ['broken/exits']\n[points.suites]\nsteady = 40\n";
    desk.write("grader.toml", toml);
    desk.grader("run --suite steady,broken --seed 1").assert().code(100);
    let results = results(&desk.path("results.json"));
    assert_eq!(results["score"], 40.0);
    let tests = results["tests"].as_array().expect("tests");
    let of = |name: &str| {
        let is_it =
            |test: &&Value| test["name"].as_str().is_some_and(|known| known.starts_with(name));
        tests.iter().find(is_it).unwrap_or_else(|| panic!("no {name} in {tests:#?}"))
    };
    assert_eq!(
        (&of("steady/first")["score"], &of("steady/first")["status"]),
        (&20.0.into(), &"passed".into())
    );
    assert_eq!(
        (&of("broken/fails")["score"], &of("broken/fails")["status"]),
        (&0.0.into(), &"failed".into())
    );
    assert_eq!(of("broken/exits")["visibility"], "hidden");
    assert!(of("broken/fails")["output"].as_str().is_some_and(|text| text.contains("two leaders")));
}

#[test]
fn points_for_what_there_is_not_are_refused_and_told() {
    let desk = Desk::new();
    desk.write("grader.toml", "[points.suites]\nstedy = 40\n");
    desk.grader("run --gradescope results.json").assert().code(2);
    let results = results(&desk.path("results.json"));
    assert_eq!(results["score"], 0.0);
    assert!(output(&results).ends_with("there is no suite `stedy`"), "{results}");
}

#[test]
fn results_go_to_standard_output_alone() {
    let desk = Desk::new();
    let done = desk.grader("run --suite steady --gradescope -").assert().success();
    let results: Value = serde_json::from_slice(&done.get_output().stdout).expect("JSON");
    assert_eq!(results["tests"].as_array().map(Vec::len), Some(2));
    desk.grader("run --suite steady --gradescope - --json -").assert().code(2);
    desk.grader("run --gradescope missing/results.json").assert().code(110);
}

#[test]
fn what_does_not_build_is_told_in_the_compilers_words() {
    let desk = desk_with_toolkit();
    let lib = "pub fn submission() -> contracts::Submission { nothing }";
    write_submission(&desk.path("mine"), "mine", lib);
    grader(&desk, "run -S mine --gradescope results.json --color always").assert().code(101);
    let results = results(&desk.path("results.json"));
    assert_eq!(results["score"], 0.0);
    let output = output(&results);
    assert!(output.starts_with("No test was run: `mine` in "), "{output}");
    assert!(
        output.contains("cannot find value `nothing`") && output.contains("src/lib.rs:1"),
        "{output}"
    );
    assert!(!output.contains('\u{1b}') && !output.contains("\\u{1b}"), "{output}");
}

/// A folder as Gradescope has it, with the autograder unpacked and `grader` as its grader.
fn autograder(desk: &Desk, grader: &Path) {
    desk.bare("new raft scaffold --ci gradescope").assert().success();
    let zip = fs::File::open(desk.path("scaffold/autograder.zip")).expect("a file");
    let mut zip = zip::ZipArchive::new(zip).expect("a zip");
    zip.extract(desk.path("autograder/source")).expect("extracted");
    let release = desk.path("autograder/toolkit/target/release");
    fs::create_dir_all(&release).expect("made");
    symlink(grader, release.join("grader")).expect("linked");
    // The suites of the small toolkit are others.
    fs::write(desk.path("autograder/source/grader.toml"), "count = 2\n").expect("written");
    fs::create_dir(desk.path("autograder/submission")).expect("made");
}

fn run_autograder(desk: &Desk) -> (Output, Value) {
    let script = desk.path("autograder/source/run_autograder");
    assert_ne!(script.metadata().expect("a file").permissions().mode() & 0o100, 0);
    let ended = Command::new(script)
        .current_dir(desk.path(""))
        .env("AUTOGRADER_ROOT", desk.path("autograder"))
        .envs(variables(desk))
        .output()
        .expect("a shell");
    (ended, results(&desk.path("autograder/results/results.json")))
}

#[test]
fn the_autograder_grades_a_package_or_a_folder_with_one() {
    for folder in ["autograder/submission", "autograder/submission/my-raft"] {
        let desk = desk_with_toolkit();
        autograder(&desk, program());
        write_submission(&desk.path(folder), "mine", &library("half"));
        let (ended, results) = run_autograder(&desk);
        assert!(ended.status.success(), "{ended:?}");
        assert_eq!(results["score"], 3.0, "{results}");
        assert_eq!(results["tests"].as_array().map(Vec::len), Some(2));
    }
}

#[test]
fn the_autograder_has_results_whatever_comes() {
    let desk = desk_with_toolkit();
    autograder(&desk, program());
    let (ended, nothing) = run_autograder(&desk);
    assert!(ended.status.success(), "{ended:?}");
    assert!(output(&nothing).starts_with("No test was run: no submission in "), "{nothing}");

    write_submission(&desk.path("autograder/submission"), "mine", "fn");
    let (_, broken) = run_autograder(&desk);
    assert!(output(&broken).contains("does not build"), "{broken}");

    let grader = desk.write("killed", "#!/bin/sh\nkill -9 $$\n");
    fs::set_permissions(&grader, PermissionsExt::from_mode(0o755)).expect("made executable");
    let desk = Desk::new();
    autograder(&desk, &grader);
    let (ended, killed) = run_autograder(&desk);
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(killed["score"], 0);
    assert!(output(&killed).starts_with("The grader did not finish"), "{killed}");
}
