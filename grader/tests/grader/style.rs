//! The suite `style` through the real command: it reads a submission's sources and runs nothing of it.

use crate::Desk;
use crate::toolkit::{desk_with_toolkit, grader, library, write_submission};

/// A desk with a submission whose runs would never end well, and with more in its library.
fn desk(more: &str) -> Desk {
    let desk = desk_with_toolkit();
    let documented = library("exits").replace("pub fn", "/// What it implements.\npub fn");
    let text = format!("//! A submission.\n\n{documented}{more}");
    write_submission(&desk.path("mine"), "mine", &text);
    desk
}

/// The tests of the suite with their verdicts, and all findings.
fn judged(desk: &Desk, code: i32) -> (Vec<(String, String)>, Vec<String>) {
    let words = "run -S mine --suite style --count 20 --json report.json";
    grader(desk, words).assert().code(code);
    let report = crate::read_json(&desk.path("report.json"));
    let tests = report["suites"][0]["tests"].as_array().expect("tests");
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let verdicts = tests.iter().map(|test| (text(&test["id"]), text(&test["verdict"])));
    let details = tests.iter().flat_map(|test| test["failures"].as_array().expect("failures"));
    let details = details.flat_map(|failure| failure["details"].as_array().expect("details"));
    (verdicts.collect(), details.map(text).collect())
}

#[test]
fn clean_sources_pass_whatever_they_would_do_if_they_ran() {
    let (verdicts, findings) = judged(&desk(""), 0);
    assert_eq!(verdicts.len(), 6);
    assert!(verdicts.iter().all(|(_, verdict)| verdict == "pass"), "{verdicts:?} {findings:?}");
}

#[test]
fn each_finding_has_its_file_and_line() {
    let more =
        "\n// TODO: more\n// let x = f(1);\npub fn f(x: u32) -> u32 {\n  return x;\n}\nfn g() {}\n";
    let desk = desk(more);
    let (verdicts, findings) = judged(&desk, 100);
    assert!(verdicts.iter().all(|(_, verdict)| verdict == "fail"), "{verdicts:?} {findings:?}");
    for start in [
        "src/lib.rs:8: TODO: more",
        "src/lib.rs:9: code in a comment: `let x = f(1);`",
        "src/lib.rs:10: missing documentation for a function",
        "src/lib.rs:11: unneeded `return` statement",
        "src/lib.rs:13: function `g` is never used",
    ] {
        assert!(
            findings.iter().any(|finding| finding.starts_with(start)),
            "{start}: {findings:#?}"
        );
    }
    // It does not run unless it is asked for.
    grader(&desk, "run -S mine --json all.json").assert().code(100);
    let all = std::fs::read_to_string(desk.path("all.json")).expect("a report");
    assert!(!all.contains("style/"), "{all}");
}
