//! What Gradescope reads.

mod fixtures;
mod schemas;

use fixtures::{
    all_pass, disagreement, error, failed, flaky, killed, panic, part2, passed, read, report,
    unsafe_and_slow,
};
use insta::assert_snapshot;
use proptest::prelude::*;
use protocol::{Failure, FailureKind, Policy};
use reports::gradescope::{Options, Output, Visibility, render, render_failure};
use reports::score::{Flaky, Scheme};
use reports::{Report, RunOutcome};
use serde_json::Value;

fn options<'a>(scheme: &'a Scheme, visibility: &'a dyn Fn(&str) -> Visibility) -> Options<'a> {
    Options { scheme, visibility, output: Output::Text, leaderboard: false }
}

fn text(report: &Report, scheme: &Scheme) -> String {
    render(
        report,
        options(scheme, &|id| match id {
            _ if id.ends_with("reconcile-long-logs") => Visibility::Hidden,
            _ => Visibility::Visible,
        }),
    )
}

/// The results as JSON, which obey the schema.
fn results(text: &str) -> Value {
    schemas::obeys(&schemas::schema(include_str!("../schema/gradescope.schema.json")), text)
}

#[test]
fn layout_is_stable() {
    assert_snapshot!(text(&flaky(), &Scheme::default()));
}

#[test]
fn what_is_written_obeys_the_schema() {
    let mut left_out = part2(3);
    left_out.implemented = false;
    let mut pct = flaky();
    pct.policy = Some(Policy::Pct { depth: 3, length: 100_000 });
    let broken = report(vec![part2(2)], 4, [error(0, 0), killed(1, 0)], true);
    let left_out = report(vec![left_out], 50, [], false);
    for report in [all_pass(), flaky(), unsafe_and_slow(), read(), left_out, pct, broken] {
        results(&text(&report, &Scheme::default()));
    }
    results(&render_failure("`me` does not build", "error: expected `;`\n --> src/lib.rs:1:1\n"));
}

#[test]
fn only_what_passed_in_every_run_has_points() {
    let all = results(&text(&all_pass(), &Scheme::default()));
    assert_eq!(all["score"], 30.0);
    let some = results(&text(&flaky(), &Scheme::default()));
    assert_eq!(some["score"], 10.0);
    let statuses: Vec<_> = some["tests"].as_array().unwrap().iter().map(|t| &t["status"]).collect();
    assert_eq!(statuses, ["passed", "failed", "failed"]);
    let scheme = Scheme { flaky: Flaky::Proportional, ..Scheme::default() };
    assert_eq!(results(&text(&flaky(), &scheme))["tests"][2]["score"], 9.4);
    // An error of the grader's own is no pass.
    let broken = report(vec![part2(1)], 2, [passed(0, 0), error(0, 1)], false);
    assert_eq!(results(&text(&broken, &Scheme::default()))["tests"][0]["status"], "failed");
}

#[test]
fn what_was_read_is_told_without_runs() {
    let read = results(&text(&read(), &Scheme::default()));
    let of = |test: usize| (&read["tests"][test]["name"], read["tests"][test]["output"].as_str());
    let (name, formatting) = of(1);
    assert_eq!(name, "style/formatting");
    assert_eq!(formatting, Some("Every file is as rustfmt writes it\nKept."));
    let todo = of(2).1.unwrap_or_default();
    assert!(todo.contains("Not kept.\n\n123 findings\n  src/raft.rs:1: TODO: lock\n"), "{todo}");
    assert!(!todo.contains("run") && todo.ends_with("and 23 more"), "{todo}");
    assert!(of(3).1.is_some_and(|text| text.contains("clippy gave up")));
}

#[test]
fn suites_that_took_too_long_stand_beside_the_tests() {
    let slow = results(&text(&unsafe_and_slow(), &Scheme::default()));
    let last = slow["tests"].as_array().unwrap().last().unwrap();
    assert_eq!(last["name"], "time limit of COMP385 Raft as a whole");
    assert_eq!((&last["status"], &last["max_score"]), (&"failed".into(), &0.0.into()));
}

#[test]
fn what_is_hidden_is_marked_and_told_nowhere_else() {
    let some = results(&text(&flaky(), &Scheme::default()));
    let visibility = |test: usize| some["tests"][test]["visibility"].clone();
    assert_eq!((visibility(0), visibility(2)), ("visible".into(), "hidden".into()));
    let output = some["output"].as_str().unwrap();
    assert!(!output.contains("flaky") && !output.contains("points"), "{output}");
    let scheme = Scheme::default();
    let all = results(&render(&flaky(), options(&scheme, &|_| Visibility::Visible)));
    assert!(all["output"].as_str().unwrap().contains("1 flaky"), "{all}");
}

#[test]
fn what_is_seen_later_says_when() {
    let scheme = Scheme::default();
    let later = options(&scheme, &|id| match id {
        _ if id.ends_with("no-failure") => Visibility::AfterDueDate,
        _ => Visibility::AfterPublished,
    });
    let json = results(&render(&flaky(), later));
    let visibility = |test: usize| json["tests"][test]["visibility"].clone();
    assert_eq!((visibility(0), visibility(1)), ("after_due_date".into(), "after_published".into()));
}

#[test]
fn tests_are_told_with_colours_or_in_markdown() {
    let scheme = Scheme::default();
    let all = options(&scheme, &|_| Visibility::Visible);
    let ansi = results(&render(&flaky(), Options { output: Output::Ansi, ..all }));
    assert_eq!(ansi["test_output_format"], "ansi");
    assert!(ansi["tests"][2]["output"].as_str().unwrap().starts_with("\u{1b}["));
    let md = results(&render(&flaky(), Options { output: Output::Markdown, ..all }));
    assert_eq!(md["test_output_format"], "md");
    assert!(md["tests"][2]["output"].as_str().unwrap().contains("```text"));
}

#[test]
fn who_passes_everything_is_compared() {
    let scheme = Scheme::default();
    let all = Options { leaderboard: true, ..options(&scheme, &|_| Visibility::Visible) };
    let rows = results(&render(&all_pass(), all))["leaderboard"].clone();
    assert_eq!(rows[1]["name"], "RPCs");
    assert_eq!((&rows[1]["value"], &rows[1]["order"]), (&612.0.into(), &"asc".into()));
    assert!(results(&render(&flaky(), all)).get("leaderboard").is_none());
}

#[test]
fn a_submission_that_does_not_build_has_no_points_and_a_reason() {
    let failure = results(&render_failure("`me` does not build: expected `;`", "error: …\n"));
    assert_eq!(failure["score"], 0.0);
    assert_eq!(failure["output"], "`me` does not build: expected `;`\n\nerror: …");
    let long = results(&render_failure("no", &"x".repeat(1 << 20)));
    assert!(long["output"].as_str().unwrap().len() < 10_000);
}

fn fails_with(message: String, details: Vec<String>) -> RunOutcome {
    let failure = Failure { details, ..Failure::new(FailureKind::Panic, message) };
    failed(0, 0, failure)
}

proptest! {
    /// Whatever a submission says, the file is what Gradescope expects, and no text of it holds a control
    /// character but the end of a line.
    #[test]
    fn what_a_submission_says_does_nothing(message in any::<String>(), detail in any::<String>()) {
        let hostile = format!("\u{1b}[31m{message}\u{202e}</pre><script>");
        let run = fails_with(hostile.clone(), vec![detail.clone()]);
        let report = report(vec![part2(1)], 1, [run], false);
        let texts = [text(&report, &Scheme::default()), render_failure(&hostile, &detail)];
        for text in texts {
            let json = results(&text);
            let said = [&json["output"], &json["tests"][0]["output"]];
            for said in said.into_iter().filter_map(Value::as_str) {
                prop_assert!(!said.chars().any(|c| c.is_control() && c != '\n'), "{said:?}");
            }
            prop_assert_eq!(&json["output_format"], "text");
            prop_assert_eq!(&json["test_output_format"], "text");
        }
    }
}

#[test]
fn a_test_that_fails_in_many_ways_tells_of_some() {
    let runs = (0..20).map(|i| {
        let failure = if i % 2 == 0 { panic() } else { disagreement(i) };
        failed(
            0,
            i,
            Failure { message: failure.message.clone() + &" x".repeat(i as usize), ..failure },
        )
    });
    let report = report(vec![part2(1)], 20, runs, false);
    let json = results(&text(&report, &Scheme::default()));
    let output = json["tests"][0]["output"].as_str().unwrap();
    assert!(output.contains("It also failed in other ways."), "{output}");
    assert!(output.len() < 10_000);
}
