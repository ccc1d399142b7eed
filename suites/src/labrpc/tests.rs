//! The suite passes on our network in both worlds, and fails on networks that do less.

use contracts::Submission;
use labrpc::Network;
use labrpc::knobs::{Chance, Knobs};
use labrt::time::Duration;
use labrt::world::{Config, End, Policy, run};

use super::*;
use crate::{Context, Failure, Test};

const NEVER: Chance = Chance { num: 0, den: 1 };
const ALWAYS: Chance = Chance { num: 1, den: 1 };

/// Runs one test on a network with `knobs`; its failure, if it fails.
fn failure(test: &Test, knobs: Knobs, config: Config) -> Option<Failure> {
    let context = Context::new(Submission::new("none"), Network::with_knobs(knobs));
    let body = test.run;
    match run(config, move || body(&context)).end {
        End::Returned(result) => result.err(),
        other => panic!("{}: {other:?}", test.id),
    }
}

fn passes(config: &Config) {
    for test in SUITE.tests {
        for knobs in [Knobs::comp385(), Knobs::cs350()] {
            let failure = failure(test, knobs, config.clone());
            assert_eq!(failure, None, "{} with {config:?}", test.id);
        }
    }
}

#[test]
fn passes_in_a_simulated_world() {
    (0..5).for_each(|seed| passes(&Config::sim(seed)));
}

#[test]
fn passes_in_a_real_world() {
    passes(&Config::real(0));
}

#[test]
fn fails_on_networks_that_do_less() {
    let full = Knobs::comp385();
    let short_waits = Knobs { unreachable_long: full.unreachable, ..full };
    let long_waits = Knobs { unreachable: full.unreachable_long, ..full };
    let keeps_replies = Knobs { reply_loss: NEVER, ..full };
    let loses_all = Knobs { request_loss: ALWAYS, ..full };
    let in_order = Knobs { request_delay: Duration::ZERO, ..full };
    let prompt = Knobs { late_reply: NEVER, ..full };
    let too_late = Knobs { late_reply_extra: Duration::from_secs(20), ..full };
    let planted = [
        (faults::LONG_DELAYS, short_waits),
        (faults::LONG_DELAYS, long_waits),
        (faults::UNRELIABLE, keeps_replies),
        (faults::UNRELIABLE, loses_all),
        (faults::CONCURRENT_ONE, in_order),
        (faults::LONG_REORDERING, prompt),
        (faults::LONG_REORDERING, too_late),
    ];
    // The random policy delays threads and so reorders calls by itself.
    let in_turn = Config { policy: Policy::Fifo, ..Config::sim(0) };
    for (test, knobs) in planted {
        let failure = failure(&test, knobs, in_turn.clone());
        assert!(failure.is_some(), "{} passes with {knobs:?}", test.id);
    }
}

#[test]
fn ids_and_course_names_are_unique_and_steps_are_named() {
    for (place, test) in SUITE.tests.iter().enumerate() {
        assert!(!test.steps.is_empty(), "{} has no steps", test.id);
        for other in &SUITE.tests[place + 1..] {
            assert_ne!(test.id, other.id);
            assert_ne!(test.course_name, other.course_name);
        }
    }
}
