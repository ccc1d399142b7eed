//! What the runs say about properties that must hold at every moment.

mod fixtures;

use fixtures::{error, failed, killed, panic, part2, passed, report, violation, watched};
use reports::RunOutcome;
use reports::model::PropertyReport;
use reports::verdict::Standing;

const PROPERTY: &str = "election safety";

/// What `runs` of one test say about the only property.
fn of(runs: impl IntoIterator<Item = RunOutcome>) -> PropertyReport {
    let report = report(vec![part2(1)], 50, runs, false);
    let [property] = &report.suites[0].tests[0].properties[..] else { panic!("{report:#?}") };
    property.clone()
}

fn seen(iteration: u64) -> RunOutcome {
    watched(passed(0, iteration), PROPERTY, 4, None)
}

fn counts(property: &PropertyReport) -> (u64, u64, u64) {
    (property.held, property.not_observed, property.violated)
}

fn reasons(property: &PropertyReport) -> Vec<(&str, u64)> {
    property.reasons.iter().map(|reason| (reason.reason.as_str(), reason.runs)).collect()
}

#[test]
fn holds_when_it_was_observed_in_every_run() {
    let property = of((0..50).map(seen));
    assert_eq!((property.standing, counts(&property)), (Standing::Held, (50, 0, 0)));
    assert_eq!((property.checks, reasons(&property)), (200, vec![]));
}

#[test]
fn never_holds_where_it_was_not_observed() {
    let unseen = watched(passed(0, 0), PROPERTY, 4, Some("7 messages could not be read"));
    let idle = watched(passed(0, 0), PROPERTY, 0, None);
    for run in [unseen, idle] {
        let property = of([run]);
        assert_eq!((property.standing, counts(&property)), (Standing::NotObserved, (0, 1, 0)));
        assert_eq!(property.reasons.len(), 1);
    }
}

#[test]
fn holds_in_part_when_some_runs_say_nothing() {
    let unseen = |iteration| {
        let why = format!("{iteration} messages could not be read");
        watched(passed(0, iteration), PROPERTY, 1, Some(&why))
    };
    let silent = [killed(0, 7), passed(0, 8), failed(0, 9, panic())];
    let property = of((3..7).rev().map(unseen).chain(silent).chain([seen(1), error(0, 2)]));
    assert_eq!((property.standing, counts(&property)), (Standing::HeldInPart, (1, 7, 0)));
    let silent = "the run ended without a word about it";
    assert_eq!(reasons(&property), [("3 messages could not be read", 4), (silent, 3)]);
}

#[test]
fn holds_in_a_run_that_failed_for_another_reason() {
    let other = violation("log matching", 1);
    let runs = [failed(0, 0, panic()), failed(0, 1, other)];
    let report = report(vec![part2(1)], 2, runs.map(|run| watched(run, PROPERTY, 4, None)), false);
    let properties = &report.suites[0].tests[0].properties;
    let standings: Vec<_> =
        properties.iter().map(|p| (p.property.as_str(), p.standing, counts(p))).collect();
    assert_eq!(
        standings,
        [(PROPERTY, Standing::Held, (2, 0, 0)), ("log matching", Standing::Violated, (0, 1, 1)),]
    );
}

#[test]
fn is_violated_by_the_failure_that_names_it_whatever_the_record_says() {
    let run = watched(failed(0, 1, violation(PROPERTY, 1)), PROPERTY, 4, Some("no word"));
    let property = of([seen(0), run]);
    assert_eq!((property.standing, counts(&property)), (Standing::Violated, (1, 0, 1)));
}

#[test]
fn counts_once_a_run() {
    let property = of([watched(seen(0), PROPERTY, 2, Some("twice in one record"))]);
    assert_eq!((counts(&property), property.checks), ((1, 0, 0), 4));
}

#[test]
fn distinct_reasons_without_end_stay_bounded() {
    let property = of((0..500).map(|iteration| {
        let why = char::from_u32(0x4e00 + iteration as u32).unwrap().to_string();
        watched(passed(0, iteration), PROPERTY, 0, Some(&why))
    }));
    assert_eq!((property.reasons.len(), property.not_observed), (20, 500));
}

#[test]
fn violations_of_different_properties_are_different_failures() {
    let runs = ["election safety", "log matching", "election safety"];
    let runs = (0..)
        .zip(runs)
        .map(|(iteration, property)| failed(0, iteration, violation(property, iteration)));
    let failures = &report(vec![part2(1)], 3, runs, false).suites[0].tests[0].failures;
    let found: Vec<_> = failures.iter().map(|group| (group.title(), group.runs)).collect();
    assert_eq!(
        found,
        [
            ("safety violated (election safety)".to_owned(), 2),
            ("safety violated (log matching)".to_owned(), 1)
        ]
    );
}
