//! The suites against the references, in both worlds, and against one that is open and shy.

mod common;
mod open;

use std::convert::identity;

use common::{Run, find, raft_suites};
use labrt::world::Config;
use suites::Test;

fn run(test: &Test, config: Config) -> Run {
    let both = raft::submission().bank::<bank::Bank>();
    common::run(|| (), identity, test, both, config)
}

#[test]
fn the_reference_passes_every_test_on_the_simulated_clock() {
    for test in raft_suites().flat_map(|suite| suite.tests) {
        for seed in 0..5 {
            let Run { result, tally, stats } = run(test, Config::sim(seed));
            assert_eq!(result, Ok(()), "{} with seed {seed}", test.course_name);
            assert!(stats.time.as_secs_f64() < test.time_limit_s, "{}", test.course_name);
            assert_eq!(tally.warnings, [""; 0], "{}", test.course_name);
        }
    }
}

#[test]
fn the_reference_passes_on_the_real_clock_what_takes_few_seconds() {
    for course_name in ["TestElectionNoFailurePart1", "TestConsensusNoFailurePart2"] {
        let run = run(find(course_name), Config::real(1));
        assert_eq!(run.result, Ok(()), "{course_name}");
    }
}

#[test]
fn the_reference_bank_passes_every_test_and_goes_through_its_steps() {
    for test in suites::bank::SUITE.tests {
        for seed in 0..20 {
            let Run { result, tally, stats } = run(test, Config::sim(seed));
            assert_eq!(result, Ok(()), "{} with seed {seed}", test.course_name);
            assert!(stats.time.as_secs_f64() < test.time_limit_s, "{}", test.course_name);
            assert_eq!(tally.steps, test.steps, "{}", test.course_name);
            assert_eq!(tally.warnings, [""; 0], "{}", test.course_name);
            for watched in tally.watched {
                assert!(watched.checks > 0, "{watched:?} in {}", test.course_name);
            }
        }
    }
}

#[test]
fn the_reference_bank_passes_on_the_real_clock_what_takes_little() {
    for course_name in ["TestFewTransfers", "TestCreateAccountOnce", "TestMoneyIsConserved"] {
        let run = run(find(course_name), Config::real(1));
        assert_eq!(run.result, Ok(()), "{course_name}");
        assert_eq!(run.tally.warnings, [""; 0], "{course_name}");
    }
}

#[test]
fn a_check_that_the_real_clock_cannot_make_is_said_to_be_left_out() {
    let run = run(find("TestPausedTransfer"), Config::real(1));
    assert_eq!(run.result, Ok(()));
    let not_observed: Vec<_> =
        run.tally.watched.iter().map(|w| w.not_observed.as_deref()).collect();
    assert_eq!(not_observed, [Some("threads are paused on the simulated clock only")]);
}
