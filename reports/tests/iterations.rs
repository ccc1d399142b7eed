//! The time limit of suites as a whole, iteration by iteration.

mod fixtures;

use std::time::Duration;

use fixtures::{error, killed, limited, part2, passed, report, session};
use protocol::SuiteInfo;
use reports::model::{IterationReport, IterationTime, Spread};
use reports::{Aggregate, Overrun, RunOutcome};

/// A run of `test` that took `seconds`.
fn took(test: usize, iteration: u64, seconds: f64) -> RunOutcome {
    let mut run = passed(test, iteration);
    run.record.as_mut().unwrap().virtual_s = seconds;
    run
}

/// What `runs` of a suite of two tests come to, of which an iteration may take ten seconds.
fn of(runs: impl IntoIterator<Item = RunOutcome>) -> IterationReport {
    let mut report = report(vec![limited(2, 10.0)], 50, runs, false);
    assert_eq!(report.iterations.len(), 1);
    report.iterations.remove(0)
}

#[test]
fn an_iteration_takes_the_sum_of_its_runs() {
    let runs =
        [took(0, 0, 4.0), took(0, 1, 5.0), took(1, 1, 5.0), took(1, 0, 3.5), took(0, 2, 9.0)];
    let all = of(runs);
    assert_eq!((all.ended, all.unmeasured, all.over), (2, 0, 0), "the limit itself is allowed");
    assert_eq!(all.iteration_s, Some(Spread { min: 7.5, median: 7.5, max: 10.0 }));
    assert_eq!(all.earliest_over, []);
}

#[test]
fn over_the_limit_is_a_failure_of_the_iteration_and_of_no_test() {
    let runs = [took(0, 0, 6.0), took(1, 0, 4.1), took(0, 1, 6.0), took(1, 1, 4.0)];
    let report = report(vec![limited(2, 10.0)], 2, runs, false);
    let all = &report.iterations[0];
    assert_eq!((all.ended, all.over), (2, 1));
    assert_eq!(all.earliest_over, [IterationTime { iteration: 0, time_s: 10.1 }]);
    assert_eq!((report.totals.pass, report.totals.failed_runs), (2, 0));
}

#[test]
fn says_so_once_as_soon_as_it_is_over() {
    let mut aggregate = Aggregate::new(vec![limited(2, 10.0)], 1);
    assert_eq!(
        aggregate.record(&took(0, 7, 11.0)).overrun,
        Some(Overrun {
            name: "COMP385 Raft".to_owned(),
            iteration: 7,
            time_s: 11.0,
            limit_s: 10.0,
        })
    );
    assert_eq!(aggregate.record(&took(1, 7, 2.0)).overrun, None);
    let report = aggregate.report(&session(), Duration::ZERO, false);
    assert_eq!(report.iterations[0].over, 1);
    assert_eq!(report.iterations[0].earliest_over[0].time_s.to_string(), "13");
}

#[test]
fn a_run_without_a_record_leaves_its_iteration_unmeasured_unless_the_others_are_over() {
    let all = of([
        took(0, 0, 4.0),
        killed(1, 0),
        error(0, 1),
        took(1, 1, 10.5),
        took(0, 2, 1.0),
        took(1, 2, 1.0),
    ]);
    assert_eq!((all.ended, all.unmeasured, all.over), (3, 2, 1));
    assert_eq!(all.iteration_s, Some(Spread { min: 2.0, median: 2.0, max: 2.0 }));
}

#[test]
fn suites_of_one_name_count_together_and_others_not_at_all() {
    let part3 = |limit_s| {
        let mut suite = limited(1, limit_s);
        suite.id = "part3".to_owned();
        suite.tests[0].id = "part3/basic".to_owned();
        suite
    };
    let left_out = SuiteInfo { id: "p2unit".to_owned(), implemented: false, ..part3(10.0) };
    let mut alone = part2(1);
    alone.tests[0].id = "labrpc/basic".to_owned();
    let mut aggregate = Aggregate::new(vec![limited(1, 10.0), left_out, part3(10.0), alone], 1);
    aggregate.record(&took(0, 0, 6.0));
    aggregate.record(&RunOutcome { test: "labrpc/basic".to_owned(), ..took(0, 0, 60.0) });
    let last = RunOutcome { test: "part3/basic".to_owned(), ..took(0, 0, 6.0) };
    assert!(aggregate.record(&last).overrun.is_some());
    let report = aggregate.report(&session(), Duration::ZERO, false);
    let [all] = &report.iterations[..] else { panic!("{report:#?}") };
    assert_eq!((&all.suites[..], all.ended), (&["part2".to_owned(), "part3".to_owned()][..], 1));
}

#[test]
fn iterations_without_end_stay_bounded() {
    let runs = (0..5_000).flat_map(|i| [took(0, i, 6.0), took(1, i, 5.0 + i as f64)]);
    let all = of(runs);
    assert_eq!((all.ended, all.over), (5_000, 5_000));
    let earliest: Vec<u64> = all.earliest_over.iter().map(|over| over.iteration).collect();
    assert_eq!(earliest, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let Spread { min, median, max } = all.iteration_s.unwrap();
    assert_eq!((min, max), (11.0, 5_010.0), "exact whatever the sample");
    assert!((2_000.0..3_000.0).contains(&median), "{median} is far from the middle");
}
