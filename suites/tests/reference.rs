//! The suites against the reference Raft, in both worlds.

mod common;

use std::convert::identity;

use common::{Run, find, raft_suites};
use labrt::world::Config;
use suites::Test;

fn run(test: &Test, config: Config) -> Run {
    common::run(|| (), identity, test, raft::submission(), config)
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
