//! An audit through the real command, of a corpus and with a toolkit that are small enough to build in a test.

use std::fs;

use snapbox::str;

use crate::toolkit::{desk_with_suites, desk_with_toolkit, grader, library, write_submission};
use crate::{Desk, read_json};

/// A desk with a toolkit whose reference for the lab `bank` passes every test.
fn desk() -> Desk {
    let desk = desk_with_suites("bank");
    write_submission(&desk.path("toolkit/bank"), "bank", &library("good"));
    desk
}

/// The diff that makes the runs of the reference end in this way.
fn change(way: &str) -> String {
    format!(
        "diff --git a/src/lib.rs b/src/lib.rs\n--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -1,3 +1,3 @@\n \
         pub fn submission() -> contracts::Submission {{\n-    contracts::Submission(\"good\")\n\
         +    contracts::Submission(\"{way}\")\n }}\n"
    )
}

/// Writes a file of the toolkit.
fn write(desk: &Desk, file: &str, text: &str) {
    let file = desk.path("toolkit").join(file);
    fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    fs::write(file, text).expect("written");
}

/// Adds a bug whose runs end in this way, and for which this test is meant.
fn add_bug(desk: &Desk, name: &str, way: &str, test: &str) {
    let about = format!(
        "title = 'It does what is wrong'\nbreaks = 'Thou shalt not'\nsuites = ['bank']\ntests = ['{test}']\n\
         origin = 'Haste'\n"
    );
    write(desk, &format!("bugs/bank/{name}/bug.toml"), &about);
    write(desk, &format!("bugs/bank/{name}/change.patch"), &change(way));
}

/// Adds a variant whose runs end in this way.
fn add_variant(desk: &Desk, name: &str, way: &str) {
    let about = "title = 'Another way'\ndiffers = 'In everything'\n";
    write(desk, &format!("variants/bank/{name}/variant.toml"), about);
    write(desk, &format!("variants/bank/{name}/change.patch"), &change(way));
}

#[test]
fn a_corpus_that_is_as_it_should_be() {
    let desk = desk();
    add_bug(&desk, "halves", "half", "bank/one");
    add_variant(&desk, "other", "well");
    grader(&desk, "audit --lab bank --count 4 --seed 1 --json audit.json").assert().success();

    let audit = read_json(&desk.path("audit.json"));
    let schema = include_str!("../../../reports/schema/audit-1.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).expect("JSON");
    jsonschema::validate(&schema, &audit).expect("what the schema says");
    assert_eq!(audit["bugs"][0]["status"], "caught");
    assert_eq!(audit["bugs"][0]["together"]["iterations"], 4);
    assert_eq!(audit["bugs"][0]["together"]["caught"], 4);
    assert_eq!(audit["variants"][0]["status"], "left-alone");
    assert_eq!(audit["variants"][0]["runs"], 8);
    assert_eq!(audit["tests"][0]["alone"][0], "halves");
    assert_eq!(audit["tests"][1]["caught"], 0);
}

#[test]
fn iterations_end_when_a_bug_is_settled() {
    let desk = desk();
    add_bug(&desk, "halves", "half", "bank/one");
    add_bug(&desk, "hides", "well", "bank/one");
    let iterations = |flags: &str| {
        let words = format!("audit --count 30 --seed 1 {flags} --json audit.json");
        grader(&desk, &words).assert().code(119);
        let audit = read_json(&desk.path("audit.json"));
        [0, 1].map(|bug| audit["bugs"][bug]["together"]["iterations"].as_u64().expect("a number"))
    };
    assert_eq!(iterations(""), [5, 30], "what is not seen may still be");
    assert_eq!(iterations("--exhaustive"), [30, 30]);
}

#[test]
fn each_lapse_and_each_false_alarm_is_told() {
    let desk = desk();
    add_bug(&desk, "elsewhere", "half", "bank/two");
    add_bug(&desk, "hidden", "well", "bank/one");
    add_variant(&desk, "blamed", "half");
    grader(&desk, "audit --count 2 --seed 1").assert().code(119).stdout_eq(str![[r#"
2 bugs, at most 2 iterations of each suite; 1 correct variant, 2 iterations of each suite; seed 1

bank: 2 bugs

      bank  of  runs  found in
  elsewhere: caught, but not by the tests meant for it
       100   2     1   [..]
  hidden: missed
         ·   2

Figures are the iterations, in per cent, in which a suite saw the bug; · is none, and a suite without one did not run.
"of" is how many iterations its suites made, "runs" how many of them find it with 99 %, and "found in" the time that
this takes on average.

bank/elsewhere: caught, but not by the tests meant for it
  It does what is wrong
  It breaks: Thou shalt not
  bank: seen in over 22 % of 2 iterations, so 1 iteration would find it with 99 %
  bank/two: seen in under 78 % of 2 iterations
    bank/one saw it in over 22 % of its runs: it checks

bank/hidden: missed
  It does what is wrong
  It breaks: Thou shalt not
  bank: seen in under 78 % of 2 iterations
  bank/one: seen in under 78 % of 2 iterations

Caught by one test only:
  bank/one: elsewhere

Tests that catch nothing that no other test catches, and how many bugs they catch:
  bank: two (0)

bank: 1 correct variant
  blamed: false alarm (4 runs)
    bank/one failed 100 % of 2 runs (seed 16089933075597680956): it checks

2 bugs: none caught
not as it should be: 1 caught, but not by the tests meant for it; 1 missed
1 correct variant: 1 not left alone
at most 2 iterations of each suite, [..]; seed 1

"#]]);
}

#[test]
fn a_patch_that_no_longer_applies_is_an_error_before_anything_is_built() {
    let desk = desk();
    add_bug(&desk, "stale", "half", "bank/one");
    write_submission(&desk.path("toolkit/bank"), "bank", &library("better"));
    grader(&desk, "audit").assert().code(96).stdout_eq("").stderr_eq(str![[r#"
error: [..]/toolkit/bugs/bank/stale/change.patch does not apply to src/lib.rs: hunk 1 finds no place, because the reference has changed there; make the patch anew

"#]]);
}

#[test]
fn a_test_that_is_none_is_named() {
    let desk = desk();
    add_bug(&desk, "halves", "half", "bank/won");
    grader(&desk, "audit").assert().code(96).stdout_eq("").stderr_eq(str![[r#"
building the suites …
error: bug.toml of bank/halves names the test `bank/won`, which is none (did you mean `bank/two`?)

"#]]);
}

#[test]
fn what_does_not_compile_is_broken_and_the_others_are_looked_at() {
    let desk = desk();
    add_bug(&desk, "halves", "half", "bank/one");
    add_bug(&desk, "typo", "half\" + 1 + \"", "bank/one");
    grader(&desk, "audit --count 2 --json audit.json").assert().code(119);
    let audit = read_json(&desk.path("audit.json"));
    assert_eq!(audit["bugs"][0]["status"], "caught");
    assert_eq!(audit["bugs"][1]["status"], "broken");
    assert!(audit["bugs"][1]["reason"].as_str().expect("why").contains("does not build"));
}

#[test]
fn what_matches_nothing_and_a_toolkit_without_a_corpus() {
    let desk = desk();
    add_bug(&desk, "halves", "half", "bank/one");
    grader(&desk, "audit --only ^raft/").assert().code(4).stdout_eq("").stderr_eq(str![[r#"
error: no entry of the corpus matches `^raft/`

"#]]);
    let bare = desk_with_toolkit();
    grader(&bare, "audit").assert().code(96).stdout_eq("").stderr_eq(str![[r#"
error: only a clone of the toolkit has `bugs` and `variants`; name one with --toolkit DIR

"#]]);
}

#[test]
fn a_page_and_places_that_cannot_be_written() {
    let desk = desk();
    add_bug(&desk, "halves", "half", "bank/one");
    grader(&desk, "audit --html gone/audit.html").assert().code(110).stdout_eq("").stderr_eq(str![
        [r#"
error: cannot write the report gone/audit.html: [..]

"#]
    ]);
    grader(&desk, "audit --html - --json -").assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: standard output has room for one report

"#]]);
    let said = grader(&desk, "audit --count 2 --seed 1 --html - --json audit.json");
    let page = said.assert().success().get_output().stdout.clone();
    let page = String::from_utf8(page).expect("text");
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>"), "{page}");
    assert!(page.contains("1 of 1 bug caught"), "{page}");
    assert_eq!(read_json(&desk.path("audit.json"))["bugs"][0]["status"], "caught");
}
