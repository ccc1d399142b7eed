//! The terminal report, as people see it.

mod fixtures;

use fixtures::{
    all_pass, disagreement, error, failed, flaky, limited, panic, part2, passed, read, report,
    sandbox, unsafe_and_slow,
};
use insta::assert_snapshot;
use protocol::{Clock, Failure, FailureKind};
use reports::Report;
use reports::terminal::{Options, render};
use unicode_width::UnicodeWidthStr;

fn text(report: &Report, width: usize) -> String {
    render(report, Options { width, color: false })
}

#[test]
fn all_pass_in_80_columns() {
    assert_snapshot!(text(&all_pass(), 80));
}

#[test]
fn all_pass_in_120_columns() {
    assert_snapshot!(text(&all_pass(), 120));
}

#[test]
fn all_pass_in_200_columns() {
    assert_snapshot!(text(&all_pass(), 200));
}

/// The lines about protections, of which those are missing that have a reason here.
fn confined(mode: &str, missing: [Option<&str>; 3]) -> String {
    let report = Report { sandbox: Some(sandbox(mode, missing)), ..all_pass() };
    let text = text(&report, 80);
    let lines = text.lines().skip_while(|line| !line.contains("confined"));
    let lines: Vec<&str> = lines.take_while(|line| !line.starts_with("logs of")).collect();
    lines[..lines.len() - 2].join("\n")
}

#[test]
fn how_far_runs_were_confined_is_a_line() {
    assert_snapshot!(confined("auto", [None; 3]), @"confined: 3 protections, all in force");
    let old = Some("this kernel has no landlock");
    assert_snapshot!(confined("auto", [old, None, Some("seccomp: not permitted")]), @r"
    confined only in part: no files (this kernel has no landlock); no system calls
    (seccomp: not permitted)
    ");
    assert_snapshot!(confined("off", [Some("switched off"); 3]), @"not confined: the submission could do what whoever started this can");
}

#[test]
fn flaky_in_80_columns() {
    assert_snapshot!(text(&flaky(), 80));
}

#[test]
fn flaky_in_120_columns() {
    assert_snapshot!(text(&flaky(), 120));
}

#[test]
fn flaky_in_colour() {
    assert_snapshot!(render(&flaky(), Options { width: 80, color: true }).replace('\u{1b}', "␛"));
}

#[test]
fn properties_and_iterations_in_80_columns() {
    assert_snapshot!(text(&unsafe_and_slow(), 80));
}

#[test]
fn properties_and_iterations_in_120_columns() {
    assert_snapshot!(text(&unsafe_and_slow(), 120));
}

#[test]
fn iterations_within_their_limit() {
    let runs = (0..3).flat_map(|iteration| [passed(0, iteration), passed(1, iteration)]);
    assert_snapshot!(text(&report(vec![limited(2, 600.0)], 3, runs, false), 80));
}

#[test]
fn one_run_only() {
    let report = report(vec![part2(2)], 1, [passed(0, 0), failed(1, 0, panic())], false);
    assert_snapshot!(text(&report, 80));
}

#[test]
fn servers_stand_beside_the_name_where_a_column_is_too_wide() {
    assert_snapshot!(text(&report(vec![part2(1)], 1, [passed(0, 0)], false), 80));
}

#[test]
fn sources_that_were_read_in_80_columns() {
    assert_snapshot!(text(&read(), 80));
}

#[test]
fn interrupted_before_every_test_ran() {
    let runs = (0..12).map(|iteration| passed(0, iteration)).chain([error(1, 0)]);
    assert_snapshot!(text(&report(vec![part2(3)], 50, runs, true), 80));
}

#[test]
fn not_implemented_suite() {
    let mut left_out = part2(3);
    left_out.implemented = false;
    assert_snapshot!(text(&report(vec![left_out], 50, [], false), 80));
}

#[test]
fn unwritten_code_is_told_once_a_place() {
    let unwritten = |message: &str, location: &str| Failure {
        location: Some(location.to_owned()),
        ..Failure::new(FailureKind::NotImplemented, message)
    };
    let make = || unwritten("`todo!()` was reached: make a server", "src/raft/server.rs:35:9");
    let vote = || unwritten("`todo!()` was reached", "src/raft/election.rs:40:9");
    // The last test fails in another way as well, so that it is a failure like others.
    let runs = |iteration| {
        let other = if iteration == 0 { panic() } else { vote() };
        [failed(0, iteration, make()), failed(1, iteration, make()), failed(2, iteration, other)]
    };
    let some = report(vec![part2(3)], 2, (0..2).flat_map(runs), false);
    assert_snapshot!(text(&some, 80));
    let all = report(vec![part2(1)], 1, [failed(0, 0, vote())], false);
    assert_snapshot!(text(&all, 80));
}

#[test]
fn slow_suite_on_the_real_clock() {
    let mut suite = part2(1);
    suite.budget_s = 2.0;
    let mut slow = report(vec![suite], 3, (0..3).map(|iteration| passed(0, iteration)), false);
    slow.clock = Clock::Real;
    slow.notes.push(
        "address randomisation could not be switched off: operation not permitted".to_owned(),
    );
    assert_snapshot!(text(&slow, 80));
}

#[test]
fn many_distinct_failures_are_cut_short() {
    let runs = (0..60).map(|iteration| {
        let name = char::from_u32(0x4e00 + iteration as u32).unwrap();
        let failure = Failure { message: format!("way {name}"), ..disagreement(iteration) };
        failed(0, iteration, failure)
    });
    assert_snapshot!(text(&report(vec![part2(1)], 60, runs, false), 80));
}

#[test]
fn hostile_text_is_shown_and_not_obeyed() {
    let failure = Failure {
        kind: FailureKind::Panic,
        message: format!("\u{1b}]0;owned\u{7} \u{202e}reversed\r\n{}", "x".repeat(10_000_000)),
        property: None,
        step: Some("\u{1b}[2J".to_owned()),
        location: Some("src/\u{8}.rs".to_owned()),
        details: vec!["\u{1b}[31m".to_owned(); 1_000],
    };
    let text = text(&report(vec![part2(1)], 1, [failed(0, 0, failure)], false), 80);
    assert!(text.len() < 10_000, "{} bytes", text.len());
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text}");
    assert!(!text.contains('\u{202e}'));
}

#[test]
fn keeps_to_the_width_but_for_what_is_copied() {
    for (report, width) in [flaky(), all_pass(), unsafe_and_slow(), read()]
        .iter()
        .flat_map(|r| [(r, 80), (r, 100), (r, 200)])
    {
        for line in text(report, width).lines() {
            let copied = line.contains("replay  ") || line.contains("log     ");
            assert!(copied || line.width() <= width, "wider than {width}: {line}");
        }
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    let (flaky, watched) = (flaky(), unsafe_and_slow());
    for (report, width) in [20, 80, 120, 200].into_iter().flat_map(|w| [(&flaky, w), (&watched, w)])
    {
        let coloured = render(report, Options { width, color: true });
        assert_ne!(coloured, text(report, width));
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), text(report, width));
    }
}
