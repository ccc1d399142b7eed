//! The driver and the suites against a Raft that cheats: right ones pass, and each fault is found by
//! the check that is there for it, in words that say what is wrong.

mod common;
mod demands;
mod ideal;
mod waste;

use common::{Run, find, raft_suites};
use contracts::Submission;
use ideal::{Fault, Ideal};
use labrt::world::Config;
use suites::{Context, Suite, Test};

fn run(test: &Test, fault: Fault, config: Config) -> Run {
    let submission = Submission::new("ideal").raft::<Ideal>();
    // It cheats: its servers agree without a message.
    common::run(move || ideal::begin(fault), Context::without_checkers, test, submission, config)
}

/// The suites that a course has published.
fn courses_raft_suites() -> impl Iterator<Item = &'static Suite> {
    raft_suites().filter(|suite| suite.id != suites::raft_plus::SUITE.id)
}

/// Every seed of a few must end in this failure, at this step.
fn expect_failure(course_name: &str, fault: Fault, message: &str, step: &str) {
    for seed in 0..5 {
        let failure = run(find(course_name), fault, Config::sim(seed))
            .result
            .expect_err("the fault is found");
        assert!(
            failure.message.contains(message),
            "{fault:?}, seed {seed}: {message:?} is not in {:?}",
            failure.message
        );
        let at = failure.step.as_deref().unwrap_or_default();
        assert!(at.starts_with(step), "{fault:?}, seed {seed}: at step {at:?}");
    }
}

#[test]
fn a_right_raft_passes_every_test_of_a_course_and_goes_through_its_steps() {
    for test in courses_raft_suites().flat_map(|suite| suite.tests) {
        for seed in 0..3 {
            let Run { result, mut tally, .. } = run(test, Fault::None, Config::sim(seed));
            assert_eq!(result, Ok(()), "{} with seed {seed}", test.course_name);
            assert_eq!(tally.steps.pop().as_deref(), Some("End: stop all servers"));
            assert_eq!(tally.steps, test.steps, "{}", test.course_name);
            assert_eq!(tally.warnings, [""; 0], "{}", test.course_name);
            assert!([3, 5, 7].contains(&tally.servers));
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_run_and_another_seed_another() {
    for test in courses_raft_suites().flat_map(|suite| suite.tests) {
        let hash = |seed| run(test, Fault::None, Config::sim(seed)).stats.hash;
        let (once, again, other) = (hash(1), hash(1), hash(2));
        assert_eq!(once, again, "{}", test.course_name);
        assert_ne!(once, other, "{}", test.course_name);
    }
}

#[test]
fn the_real_clock_passes_what_takes_few_seconds() {
    for course_name in ["TestElectionNoFailurePart1", "TestConsensusNoFailurePart2"] {
        let run = run(find(course_name), Fault::None, Config::real(1));
        assert_eq!(run.result, Ok(()), "{course_name}");
    }
}

/// It shares memory, which no course's suite sees.
#[test]
fn servers_that_share_memory_know_what_nobody_can_have_told_them() {
    expect_failure(
        "TestTwoClustersPlus",
        Fault::None,
        "expected command 100 at index 1; it is at index 7",
        "6. Connect the servers",
    );
}

#[test]
fn commits_are_counted() {
    let run = run(find("TestConsensusNoFailurePart2"), Fault::None, Config::sim(1));
    assert_eq!(run.tally.commits, 3);
}

#[test]
fn an_index_left_out() {
    expect_failure(
        "TestRpcEfficiencyPart2",
        Fault::SkipsAnIndex,
        " at index 3, expected index 2: since its start it has applied up to index 1",
        "3. Start twelve commands",
    );
}

#[test]
fn an_index_applied_twice() {
    expect_failure(
        "TestConsensusNoFailurePart2",
        Fault::AppliesTwice,
        "server 1 applied 100 at index 1, expected index 2",
        "2. Agree",
    );
}

#[test]
fn two_commands_at_an_index() {
    expect_failure(
        "TestConsensusNoFailurePart2",
        Fault::AppliesAnotherCommand,
        "applied different commands at index 2: server",
        "2. Agree",
    );
}

#[test]
fn a_restart_that_goes_on_instead_of_beginning_anew() {
    expect_failure(
        "TestBasicPersistencePart3",
        Fault::GapAfterRestart,
        "at index 2, expected index 1: since its start it has applied nothing",
        "3. Agree",
    );
}

#[test]
fn a_restart_that_forgets() {
    expect_failure("TestBasicPersistencePart3", Fault::ForgetsOverRestart, "999", "3. Agree");
}

#[test]
fn two_leaders_in_a_term() {
    expect_failure(
        "TestElectionNoFailurePart1",
        Fault::TwoLeaders,
        "expected at most one leader a term; servers 0 and 1 both claim to lead term",
        "2. Wait for a leader",
    );
}

#[test]
fn no_leader_at_all() {
    expect_failure(
        "TestElectionNoFailurePart1",
        Fault::NoLeader,
        "expected one leader among servers 0, 1, 2; after 10 tries (",
        "2. Wait for a leader",
    );
    expect_failure(
        "TestElectionNoFailurePart1",
        Fault::NoLeader,
        "none claimed leadership (terms: 0: 0, 1: 0, 2: 0)",
        "2. Wait for a leader",
    );
}

#[test]
fn a_leader_without_a_majority() {
    expect_failure(
        "TestElectionWithFailurePart1",
        Fault::LeadsAlone,
        "expected no leader among server ",
        "7. Expect no leader",
    );
}

#[test]
fn a_term_that_does_not_last() {
    expect_failure(
        "TestElectionNoFailurePart1",
        Fault::RestlessTerm,
        "expected term 1 to last, since nothing failed; after 2 s it is term 2",
        "4. Expect the term unchanged",
    );
}

#[test]
fn a_leader_that_is_pushed_aside() {
    expect_failure(
        "TestElectionWithFailurePart1",
        Fault::Usurper,
        "to remain leader, but server ",
        "5. Expect the new leader",
    );
}

#[test]
fn nothing_is_ever_committed() {
    expect_failure(
        "TestConsensusNoFailurePart2",
        Fault::NeverCommits,
        "expected agreement on command 100 by 5 servers; after 2.",
        "2. Agree",
    );
    expect_failure(
        "TestBasicPersistencePart3",
        Fault::NeverCommits,
        "times, last by server",
        "1. Agree",
    );
}

#[test]
fn a_commit_without_a_majority() {
    expect_failure(
        "TestConsensusWithoutQuorumPart2",
        Fault::CommitsAlone,
        "already applied 20",
        "4. Expect that nobody commits it",
    );
}

#[test]
fn an_index_that_is_not_the_expected_one() {
    expect_failure(
        "TestConsensusNoFailurePart2",
        Fault::NoOp,
        "expected command 100 at index 1; it is at index 2",
        "2. Agree",
    );
}

#[test]
fn index_zero() {
    expect_failure(
        "TestConsensusNoFailurePart2",
        Fault::IndexZero,
        "accepted 100 at index 0; the first index is 1",
        "2. Agree",
    );
}

#[test]
fn a_leader_that_refuses() {
    expect_failure(
        "TestConsensusNoFailurePart2",
        Fault::RefusesCommands,
        "expected agreement on command 100 by 5 servers; after 10.0 s none of servers 0, 1, 2, 3, 4 \
         has accepted it",
        "2. Agree",
    );
}

#[test]
fn too_many_rpcs() {
    expect_failure(
        "TestRpcEfficiencyPart2",
        Fault::Chatty,
        "expected 1 to 30 RPCs until the first leader, got ",
        "1. Wait for the first leader",
    );
}

#[test]
fn a_kill_that_waits_is_a_warning() {
    let Run { result, tally, .. } =
        run(find("TestElectionNoFailurePart1"), Fault::SlowKill, Config::sim(1));
    assert_eq!(result, Ok(()));
    assert_eq!(tally.warnings[0], "server 0: kill took longer than 1 s; it must return at once");
}

#[test]
fn where_the_course_demands_it_a_kill_that_waits_is_a_failure() {
    expect_failure(
        "TestInitialElection4A",
        Fault::SlowKill,
        "server 0: kill took longer than 1 s; it must return at once",
        "End: stop all servers",
    );
}

#[test]
fn every_id_and_course_name_is_unique_and_every_test_is_complete() {
    let tests: Vec<&Test> = suites::all().iter().flat_map(|s| s.tests).collect();
    for test in &tests {
        let same = tests.iter().filter(|t| t.course_name == test.course_name);
        assert_eq!(same.count(), 1, "{}", test.course_name);
        assert!(!test.id.is_empty() && !test.description.is_empty(), "{test:?}");
        assert!(test.time_limit_s > 0.0 && test.points > 0, "{test:?}");
    }
    for suite in suites::all() {
        for test in suite.tests {
            let same = suite.tests.iter().filter(|t| t.id == test.id);
            assert_eq!(same.count(), 1, "{}/{}", suite.id, test.id);
        }
    }
}

#[test]
fn the_book_lists_every_test() {
    let book = include_str!("../../docs/suites.md");
    for test in suites::all().iter().flat_map(|suite| suite.tests) {
        let row = format!("| `{}` | {} | {} |", test.id, test.course_name, test.description);
        assert!(book.contains(&row), "docs/suites.md lacks the row\n{row}");
    }
}
