//! From outcomes to the report: what holds whatever the runs and their order.

mod fixtures;

use std::time::Duration;

use fixtures::{
    disagreement, error, failed, killed, limited, panic, part2, passed, read, report, session,
    violation, watched,
};
use proptest::prelude::*;
use protocol::{Failure, FailureKind, Verdict};
use reports::model::Spread;
use reports::{Aggregate, Noted, Reading, Report, RunOutcome, Seed, TestVerdict};

/// A session of one test.
fn of_one(runs: impl IntoIterator<Item = RunOutcome>) -> Report {
    report(vec![part2(1)], 50, runs, false)
}

fn message(message: &str) -> Failure {
    Failure { message: message.to_owned(), details: Vec::new(), ..disagreement(0) }
}

#[test]
fn failures_that_differ_in_numbers_are_one() {
    let report = of_one((3..=9).map(|iteration| failed(0, iteration, disagreement(iteration))));
    let [failure] = &report.suites[0].tests[0].failures[..] else { panic!("{report:#?}") };
    assert_eq!(failure.runs, 7);
    assert_eq!(failure.seeds.len(), 7);
    assert!(failure.message.contains("index 3,"), "told by the earliest: {}", failure.message);
}

#[test]
fn failures_of_another_kind_or_place_are_others() {
    let elsewhere = Failure { location: Some("src/log.rs:1:1".to_owned()), ..panic() };
    let check = Failure { kind: FailureKind::Check, ..panic() };
    let runs = [panic(), elsewhere, check, panic()];
    let report = of_one((0..).zip(runs).map(|(iteration, failure)| failed(0, iteration, failure)));
    let runs: Vec<u64> =
        report.suites[0].tests[0].failures.iter().map(|group| group.runs).collect();
    assert_eq!(runs, [2, 1, 1], "the most frequent first");
}

#[test]
fn keeps_the_seeds_of_the_earliest_runs() {
    let report = of_one((0..40).rev().map(|iteration| failed(0, iteration, panic())));
    let earliest: Vec<Seed> = (0..10).map(|iteration| Seed(passed(0, iteration).seed)).collect();
    let failure = &report.suites[0].tests[0].failures[0];
    assert_eq!(failure.seeds, earliest);
    assert!(failure.replay.ends_with(&earliest[0].to_string()));
    assert!(failure.log.as_ref().unwrap().ends_with("-0.log"));
}

#[test]
fn says_which_failures_are_new_and_which_logs_to_keep() {
    let mut aggregate = Aggregate::new(vec![part2(1)], 50);
    let noted = |passed, new_failure, told| Noted { passed, new_failure, told, overrun: None };
    assert_eq!(aggregate.record(&passed(0, 0)), noted(true, false, false));
    assert_eq!(aggregate.record(&failed(0, 5, panic())), noted(false, true, true));
    assert_eq!(aggregate.record(&failed(0, 6, panic())), noted(false, false, false));
    assert_eq!(aggregate.record(&failed(0, 3, panic())), noted(false, false, true));
    assert_eq!(aggregate.record(&failed(0, 4, message("other"))), noted(false, true, true));
    assert_eq!(aggregate.progress("part2/consensus-no-failure"), Some((5, 4)));
}

#[test]
fn only_a_record_that_says_so_is_a_pass() {
    let no_record = RunOutcome { record: None, ..passed(0, 0) };
    let mut silent = passed(0, 1);
    silent.record.as_mut().unwrap().verdict = Verdict::Fail;
    let mut two_tongues = passed(0, 2);
    two_tongues.record.as_mut().unwrap().failure = Some(panic());
    let over_limit = RunOutcome { failure: Some(message("over the limit")), ..passed(0, 3) };
    for run in [no_record, silent, two_tongues, over_limit] {
        let report = of_one([run.clone()]);
        assert_eq!(report.suites[0].tests[0].verdict, TestVerdict::Fail, "{run:#?}");
        assert_eq!(report.totals.failed_runs, 1);
    }
}

#[test]
fn errors_of_ours_are_neither_passed_nor_failed() {
    let report = of_one((0..5).map(|i| passed(0, i)).chain([error(0, 5)]));
    let test = &report.suites[0].tests[0];
    assert_eq!((test.runs, test.failed, test.errors), (5, 0, 1));
    assert_eq!(test.verdict, TestVerdict::Undetermined);
    assert_eq!(test.failures[0].kind, FailureKind::Internal);
    assert_eq!(test.sampled_runs.len(), 5);
}

#[test]
fn what_is_left_out_is_not_implemented() {
    let mut suite = part2(2);
    suite.implemented = false;
    let totals = report(vec![suite], 50, [], false).totals;
    assert_eq!((totals.tests, totals.not_implemented, totals.undetermined), (2, 2, 0));
    let missing = Failure { kind: FailureKind::NotImplemented, ..message("no internals") };
    let totals = of_one([failed(0, 0, missing)]).totals;
    assert_eq!((totals.not_implemented, totals.fail), (1, 0));
}

#[test]
fn a_suite_is_slow_by_the_sum_of_its_medians() {
    let iteration = |tests: usize, budget_s| {
        let mut suite = part2(2);
        suite.budget_s = budget_s;
        let runs = (0..tests).flat_map(|test| (0..3).map(move |i| passed(test, i)));
        let suite = report(vec![suite], 3, runs, false).suites.remove(0);
        (suite.iteration_s, suite.slow)
    };
    // Virtual times are 2 s, 2.48 s and 2.74 s, and six times as long.
    assert_eq!(iteration(2, 17.0), (Some(17.36), true));
    assert_eq!(iteration(2, 18.0), (Some(17.36), false));
    assert_eq!(iteration(1, 1.0), (None, false), "not before every test was measured");
}

#[test]
fn medians_of_very_many_runs_come_from_a_fair_sample() {
    let runs = 20_000;
    let report = of_one((0..runs).map(|iteration| {
        let mut run = passed(0, iteration);
        run.record.as_mut().unwrap().rpcs = iteration;
        run
    }));
    let test = &report.suites[0].tests[0];
    assert_eq!(test.sampled_runs.len(), reports::sample::SAMPLE_CAP);
    let Spread { min, median, max } = test.rpcs.unwrap();
    assert_eq!((min, max), (0, runs - 1), "exact whatever the sample");
    assert!((9_000..11_000).contains(&median), "{median} is far from the middle");
}

#[test]
fn distinct_failures_without_end_stay_bounded() {
    let runs = 5_000_u32;
    let report = of_one((0..runs).map(|i| {
        let name = char::from_u32(0x4e00 + i).unwrap();
        failed(0, i.into(), message(&name.to_string()))
    }));
    let test = &report.suites[0].tests[0];
    assert_eq!(test.failures.len(), reports::groups::GROUP_CAP);
    let listed: u64 = test.failures.iter().map(|group| group.runs).sum();
    assert_eq!(listed + test.unlisted_failures, u64::from(runs));
}

/// Runs of two tests: which test, and how it ended.
fn plan() -> impl Strategy<Value = Vec<RunOutcome>> {
    prop::collection::vec((0..2_usize, 0..12_u8), 0..120).prop_map(|plan| {
        let runs = (0..).zip(plan).map(|(iteration, (test, end))| match end {
            0 => failed(test, iteration, disagreement(iteration)),
            1 => failed(test, iteration, panic()),
            2 => killed(test, iteration),
            3 => error(test, iteration),
            4 => {
                let mut run = passed(test, iteration);
                run.record.as_mut().unwrap().warnings = vec![format!("{iteration} threads left")];
                run
            }
            5 => {
                let why = format!("{iteration} restarts were too few");
                watched(passed(test, iteration), "one vote a term", 3, Some(&why))
            }
            6 => failed(test, iteration, violation("election safety", iteration)),
            7 => watched(passed(test, iteration), "election safety", iteration % 2, None),
            _ => passed(test, iteration),
        });
        runs.collect()
    })
}

proptest! {
    #[test]
    fn the_order_in_which_runs_end_does_not_show(
        (runs, shuffled) in plan().prop_flat_map(|runs| {
            let shuffled = Just(runs.clone()).prop_shuffle();
            (Just(runs), shuffled)
        })
    ) {
        let of = |runs: Vec<RunOutcome>| report(vec![limited(2, 3.0)], 60, runs, false);
        prop_assert_eq!(of(runs), of(shuffled));
    }

    #[test]
    fn counts_add_up(runs in plan()) {
        let (errors, counted): (Vec<_>, Vec<_>) = runs.iter().partition(|run| {
            run.failure.as_ref().is_some_and(|failure| failure.kind == FailureKind::Internal)
        });
        let failed_runs = counted.iter().filter(|run| run.failure.is_some()).count() as u64;
        let report = report(vec![part2(2)], 120, runs.clone(), false);
        let totals = report.totals;
        prop_assert_eq!(totals.runs, counted.len() as u64);
        prop_assert_eq!(totals.errors, errors.len() as u64);
        prop_assert_eq!(totals.failed_runs, failed_runs);
        let verdicts = totals.pass + totals.flaky + totals.fail;
        prop_assert_eq!(verdicts + totals.not_implemented + totals.undetermined, totals.tests);
        for test in report.tests() {
            let listed: u64 = test.failures.iter().map(|group| group.runs).sum();
            prop_assert_eq!(listed, test.failed + test.errors);
            prop_assert_eq!(test.sampled_runs.len() as u64, test.runs);
            for run in &test.sampled_runs {
                prop_assert_eq!(run.passed, run.failure.is_none());
                let group = run.failure.map(|failure| &test.failures[failure]);
                prop_assert!(group.is_none_or(|group| group.kind != FailureKind::Internal));
            }
            prop_assert_eq!(test.verdict == TestVerdict::Pass, test.failed + test.errors == 0 && test.runs > 0);
        }
    }

    #[test]
    fn spreads_are_those_of_the_runs(runs in plan()) {
        let report = report(vec![part2(2)], 120, runs.clone(), false);
        for test in report.tests() {
            let records = runs.iter().filter(|run| run.test == test.id).filter_map(|run| run.record.as_ref());
            let mut bytes: Vec<u64> = records.map(|record| record.bytes).collect();
            bytes.sort_unstable();
            let spread = bytes.first().map(|&min| Spread {
                min,
                median: bytes[(bytes.len() - 1) / 2],
                max: bytes[bytes.len() - 1],
            });
            prop_assert_eq!(test.bytes, spread);
        }
    }
}

#[test]
fn a_snapshot_leaves_the_tally_as_it_was() {
    let mut aggregate = Aggregate::new(vec![part2(1)], 2);
    let now = |aggregate: &Aggregate| aggregate.report(&session(), Duration::ZERO, false);
    aggregate.record(&passed(0, 0));
    let early = now(&aggregate);
    assert_eq!(now(&aggregate), early);
    aggregate.record(&passed(0, 1));
    assert_eq!(now(&aggregate).totals.runs, 2);
    assert_eq!(early.totals.runs, 1);
}

#[test]
fn a_look_at_the_sources_counts_as_one_run_and_costs_nothing() {
    let report = read();
    let totals = report.totals;
    assert_eq!((totals.tests, totals.pass, totals.fail, totals.undetermined), (4, 2, 1, 1));
    assert_eq!((totals.runs, totals.failed_runs, totals.errors), (52, 1, 1));
    let alone = of_one((0..50).map(|iteration| passed(0, iteration)));
    assert_eq!((totals.cpu_s, totals.virtual_s), (alone.totals.cpu_s, alone.totals.virtual_s));
}

#[test]
#[should_panic(expected = "which is run")]
fn a_test_that_is_run_cannot_be_read() {
    let reading = Reading { test: passed(0, 0).test, failure: None, replay: String::new() };
    Aggregate::new(vec![part2(1)], 1).read(&reading);
}

#[test]
#[should_panic(expected = "which only reads")]
fn a_test_that_reads_cannot_be_run() {
    let suite = protocol::SuiteInfo { reads: true, ..part2(1) };
    Aggregate::new(vec![suite], 1).record(&passed(0, 0));
}
