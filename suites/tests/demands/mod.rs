//! What CS350 demands: a Raft that meets it passes, and each fault is found by the demand that it breaks,
//! by none where the course does not demand it.

mod scripted;

use std::convert::identity;

use contracts::Submission;
use labrt::world::Config;
use suites::{Failure, Kind};

use super::common::{self, Run, find};
use scripted::{Fault, Scripted};

const ELECTION: &str = "TestInitialElection4A";
const AGREEMENT: &str = "TestBasicAgree4B";

fn run(course_name: &str, fault: Fault, seed: u64) -> Run {
    let submission = Submission::new("scripted").raft::<Scripted>();
    let before = move || scripted::begin(fault);
    common::run(before, identity, find(course_name), submission, Config::sim(seed))
}

/// Every seed of a few must end in a failure of this kind, with these words.
fn expect_failure(course_name: &str, fault: Fault, expected: Kind, words: &[&str]) {
    for seed in 0..5 {
        let Failure { kind, message, .. } =
            run(course_name, fault, seed).result.expect_err("the fault is found");
        assert_eq!(kind, expected, "{fault:?}, seed {seed}: {message}");
        for words in words {
            assert!(
                message.contains(words),
                "{fault:?}, seed {seed}: {words:?} not in {message:?}"
            );
        }
    }
}

/// Every seed of a few must pass with this warning and no other.
fn expect_warning(course_name: &str, fault: Fault, words: &str) {
    for seed in 0..5 {
        let Run { result, tally, .. } = run(course_name, fault, seed);
        assert_eq!(result, Ok(()), "{fault:?}, seed {seed}");
        assert_eq!(tally.warnings.len(), 1, "{fault:?}, seed {seed}: {:?}", tally.warnings);
        assert!(tally.warnings[0].contains(words), "{fault:?}: {:?}", tally.warnings[0]);
    }
}

/// How often the run was watched for a demand.
fn checks(run: &Run, demand: &str) -> Option<u64> {
    let watched = run.tally.watched.iter().find(|watched| watched.property == demand)?;
    watched.not_observed.is_none().then_some(watched.checks)
}

#[test]
fn who_meets_the_demands_passes_and_was_watched() {
    for seed in 0..5 {
        let run = run(ELECTION, Fault::None, seed);
        assert_eq!(run.result, Ok(()));
        assert_eq!(run.tally.warnings, [""; 0]);
        assert!(checks(&run, "few heartbeats") > Some(20), "{:?}", run.tally.watched);
        assert_eq!(checks(&run, "new leader in time"), Some(1), "{:?}", run.tally.watched);
    }
}

#[test]
fn many_heartbeats_are_found_whatever_their_name() {
    for fault in [Fault::BeatsOften, Fault::BeatsUnderAnotherName] {
        let words =
            &["at most 10 requests a second from leader 0 to server ", "; counted 12 in 0."];
        expect_failure(ELECTION, fault, Kind::Check, words);
        let elsewhere = run("TestElectionNoFailurePart1", fault, 1);
        assert_eq!(elsewhere.result, Ok(()), "COMP385 does not count them there");
    }
}

#[test]
fn no_leader_within_five_seconds() {
    for fault in [Fault::NobodyStands, Fault::RefusesTheLeader] {
        let words = &[
            "expected a new leader within 5 s: servers 0, 1, 2 have been up and connected on a \
             reliable network since 0.0",
            " and at 5.",
        ];
        expect_failure(AGREEMENT, fault, Kind::Liveness, words);
    }
}

#[test]
fn calls_that_wait_for_an_rpc() {
    for (fault, words) in [
        (Fault::StartCalls, "server 1: start calls Own.Ping at server 2 itself, and waits"),
        (Fault::MakeCalls, "server 0: make calls Own.Ping at server 1 itself, and waits"),
    ] {
        expect_failure(AGREEMENT, fault, Kind::Check, &[words]);
        let elsewhere = run("TestConsensusNoFailurePart2", fault, 1);
        assert!(elsewhere.tally.warnings.iter().any(|warning| warning.contains(words)));
    }
}

#[test]
fn a_winner_that_waits_is_a_warning() {
    expect_warning(ELECTION, Fault::WinnerWaits, "server 0 won term 1 at 0.3");
}

#[test]
fn a_term_that_changes_without_a_failure_is_a_warning() {
    expect_warning(
        ELECTION,
        Fault::RestlessTerm,
        "expected term 1 to last, since nothing failed; after 2 s it is term 2",
    );
}
