//! Two reports, compared.

mod fixtures;
mod schemas;

use insta::assert_snapshot;
use proptest::prelude::*;
use protocol::Clock;
use reports::compare::{Change, Compared, Comparison, Figure, render};
use reports::terminal::Options;
use reports::{Report, RunOutcome};
use unicode_width::UnicodeWidthStr;

use schemas::{obeys, schema};

use fixtures::{
    all_pass, disagreement, error, failed, flaky, panic, part2, passed, read, report,
    unsafe_and_slow,
};

const ALPHA: f64 = 0.05;

/// One test, of whose `runs` the first `failures` fail.
fn with(failures: u64, runs: u64) -> Report {
    let run = |iteration| {
        if iteration < failures {
            failed(0, iteration, disagreement(iteration))
        } else {
            passed(0, iteration)
        }
    };
    report(vec![part2(1)], runs, (0..runs).map(run), false)
}

fn compare(before: &Report, after: &Report) -> Comparison {
    Comparison::of(before, after, ALPHA)
}

fn change(before: &Report, after: &Report) -> Change {
    compare(before, after).tests[0].change
}

#[test]
fn noise_is_no_regression() {
    for (before, after) in
        [((0, 50), (1, 50)), ((0, 1), (1, 1)), ((3, 50), (7, 50)), ((0, 3), (3, 3))]
    {
        let comparison = compare(&with(before.0, before.1), &with(after.0, after.1));
        assert!(!comparison.regressed(), "{before:?} {after:?}");
    }
    assert_eq!(change(&with(0, 50), &with(1, 50)), Change::Undecided);
    assert_eq!(change(&with(3, 50), &with(7, 50)), Change::Same);
}

#[test]
fn a_change_beyond_noise_has_a_name() {
    let cases = [
        ((0, 50), (20, 50), Change::Flakier),
        ((0, 50), (50, 50), Change::Worse),
        ((20, 50), (50, 50), Change::Worse),
        ((20, 50), (0, 50), Change::Better),
        ((50, 50), (10, 50), Change::Steadier),
    ];
    for (before, after, expected) in cases {
        let (before, after) = (with(before.0, before.1), with(after.0, after.1));
        assert_eq!(change(&before, &after), expected);
        let regressed = matches!(expected, Change::Worse | Change::Flakier);
        assert_eq!(compare(&before, &after).regressed(), regressed);
    }
}

#[test]
fn a_report_is_like_itself() {
    for report in [all_pass(), flaky(), unsafe_and_slow(), read()] {
        let comparison = compare(&report, &report);
        assert!(!comparison.regressed());
        let changes: Vec<Change> = comparison.tests.iter().map(|test| test.change).collect();
        assert!(changes.iter().all(|change| matches!(change, Change::Same | Change::Unknown)));
    }
}

/// `report` whose runs cost so much more.
fn dearer(factor: f64) -> Report {
    let run = |iteration| {
        let mut run: RunOutcome = passed(0, iteration);
        let record = run.record.as_mut().unwrap();
        record.virtual_s *= factor;
        run
    };
    report(vec![part2(1)], 50, (0..50).map(run), false)
}

#[test]
fn what_costs_more_has_regressed() {
    let test = |factor| -> Compared { compare(&dearer(1.0), &dearer(factor)).tests.remove(0) };
    let dear = test(1.5);
    assert_eq!((dear.costs.len(), dear.costs[0].figure), (1, Figure::VirtualTime));
    assert!(dear.regressed() && dear.change == Change::Same);
    assert!(!test(0.5).regressed() && !test(0.5).costs.is_empty());
    assert_eq!(test(1.05).costs, [], "less than a tenth");
    let mut real = dearer(1.5);
    real.clock = Clock::Real;
    let comparison = compare(&dearer(1.0), &real);
    assert!(!comparison.regressed());
    assert!(
        comparison.notes[0].starts_with("the clock was sim and is real"),
        "{:?}",
        comparison.notes
    );
}

#[test]
fn new_failures_are_told() {
    let other = report(vec![part2(1)], 50, (0..50).map(|i| failed(0, i, panic())), false);
    let comparison = compare(&with(50, 50), &other);
    assert_eq!(comparison.tests[0].change, Change::Same);
    assert_eq!(
        comparison.tests[0].new_failures,
        ["panic: index out of bounds: the len is 5 but the index is 6"]
    );
}

#[test]
fn tests_come_go_and_are_not_known() {
    let two = report(vec![part2(2)], 1, [passed(0, 0), passed(1, 0)], false);
    let changes = |before: &Report, after: &Report| -> Vec<Change> {
        compare(before, after).tests.iter().map(|test| test.change).collect()
    };
    assert_eq!(changes(&with(0, 1), &two), [Change::Same, Change::New]);
    assert_eq!(changes(&two, &with(0, 1)), [Change::Same, Change::Gone]);
    let broken = report(vec![part2(1)], 1, [error(0, 0)], false);
    assert_eq!(changes(&with(0, 1), &broken), [Change::Unknown]);
    let mut left_out = part2(1);
    left_out.implemented = false;
    let left_out = report(vec![left_out], 1, [], false);
    assert_eq!(changes(&left_out, &with(1, 1)), [Change::New]);
    assert_eq!(changes(&with(0, 1), &left_out), [Change::Worse]);
}

/// A comparison with something in every section.
fn rich() -> Comparison {
    let mut comparison = compare(&all_pass(), &flaky());
    comparison.tests.extend(compare(&with(20, 50), &with(0, 50)).tests);
    comparison.tests.extend(compare(&dearer(1.0), &dearer(1.5)).tests);
    comparison
}

#[test]
fn as_text() {
    assert_snapshot!(render(&rich(), Options { width: 80, color: false }));
}

#[test]
fn as_json_it_obeys_its_schema() {
    let schema = schema(include_str!("../schema/comparison-1.schema.json"));
    let json = obeys(&schema, &rich().to_json());
    let back: Comparison = serde_json::from_value(json).unwrap();
    assert_eq!(back.tests.len(), rich().tests.len());
}

proptest! {
    #[test]
    fn it_fits_any_window(width in 80_usize..200, text in "\\PC{0,80}|.{0,40}") {
        let mut comparison = rich();
        comparison.notes.push(text.clone());
        for test in &mut comparison.tests {
            test.new_failures.push(text.clone());
        }
        let plain = render(&comparison, Options { width, color: false });
        for line in plain.lines() {
            prop_assert!(line.width() <= width, "{line:?}");
        }
        let colored = render(&comparison, Options { width, color: true });
        prop_assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
    }
}
