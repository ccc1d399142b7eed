//! Proves the suite `p2unit`: the reference passes every test, and a Raft that breaks one rule
//! fails those tests that are about this rule, and no other.

mod faulty;

use std::collections::BTreeSet;

use contracts::Submission;
use contracts::raft::RaftInternals;
use faulty::Faulty;
use labrpc::Network;
use labrt::world::{self, Config, End};
use suites::p2unit::SUITE;
use suites::{Context, Failure, Tally, Test};

/// Runs one test in a world of its own.
fn run(submission: &Submission, test: &'static Test) -> (Result<(), Failure>, Tally) {
    let submission = submission.clone();
    let outcome = world::run(Config::sim(1), move || {
        let ctx = Context::new(submission, Network::new());
        let result = (test.run)(&ctx);
        (result, ctx.tally())
    });
    match outcome.end {
        End::Returned(result) => result,
        other => panic!("{}: {other:?}", test.course_name),
    }
}

fn submission<R: RaftInternals>() -> Submission {
    Submission::new("faulty").raft_internals::<R>()
}

/// The ids of the tests that a faulty Raft fails.
fn failed_by<F: faulty::Fault>() -> Vec<&'static str> {
    let submission = submission::<Faulty<F>>();
    let failed = SUITE.tests.iter().filter(|test| run(&submission, test).0.is_err());
    failed.map(|test| test.id).collect()
}

/// For each fault a test that exactly the given tests find it; and one that no test is idle.
macro_rules! faults {
    ($($name:ident: $fault:ident => [$($id:literal),+ $(,)?],)+) => {
        $(
            #[test]
            fn $name() {
                assert_eq!(failed_by::<faulty::$fault>(), [$($id),+]);
            }
        )+

        #[test]
        fn every_test_finds_a_fault() {
            let finders = BTreeSet::from([$($($id),+),+]);
            let idle: Vec<_> =
                SUITE.tests.iter().map(|t| t.id).filter(|id| !finders.contains(id)).collect();
            assert_eq!(idle, Vec::<&str>::new());
        }
    };
}

faults! {
    truncating_without_a_conflict: TruncatesAlways => [
        "append-entries-overtaken",
        "append-entries-heartbeat-keeps-log",
        "append-entries-commit-last-new",
    ],
    committing_past_the_last_new_entry: CommitsPastLastNew => [
        "append-entries-basic",
        "append-entries-commit-last-new",
    ],
    moving_the_commit_index_back: CommitGoesBack => ["append-entries-commit-never-back"],
    a_follower_without_the_hint: NoHint => [
        "append-entries-long-prev-index",
        "append-entries-conflict-one",
        "append-entries-conflict-two",
        "append-entries-heartbeat-conflict",
        "append-entries-heartbeat-long-prev-index",
    ],
    heartbeats_without_the_consistency_check: TrustsHeartbeats => [
        "append-entries-heartbeat-conflict",
        "append-entries-heartbeat-long-prev-index",
        "reset-timer-append-entries-refused",
    ],
    serving_an_old_leader: ServesOldLeader => [
        "append-entries-old-term",
        "reset-timer-append-entries-old-term",
    ],
    a_candidate_that_ignores_the_leader_of_its_term: IgnoresLeader => [
        "append-entries-candidate-steps-down",
        "send-ballot-not-running",
    ],
    a_leader_that_ignores_the_hint: IgnoresHint => ["send-append-entries-failure-update-indices"],
    using_replies_of_an_earlier_term: UsesStaleAppendReplies => ["send-append-entries-stale-term"],
    dropping_replies_to_older_requests: DropsOlderReplies => ["send-append-entries-older-request"],
    moving_the_match_index_back: MatchGoesBack => ["send-append-entries-late-success"],
    believing_every_refusal: BelievesLateRefusals => ["send-append-entries-late-failure"],
    believing_the_replys_next_index: MatchesByReply => [
        "send-append-entries-success-update-indices",
    ],
    ignoring_a_later_term_in_replies: IgnoresLaterTerms => [
        "send-append-entries-stops-leading",
        "send-ballot-higher-term",
        "reset-timer-ballot-reply",
    ],
    committing_entries_of_earlier_terms_by_counting: CountsOldTerms => ["update-commit-index"],
    voting_twice_in_a_term: VotesTwice => [
        "request-vote-already-voted",
        "reset-timer-vote-refused",
    ],
    refusing_the_candidate_that_has_the_vote: VotesOnce => ["request-vote-same-candidate"],
    comparing_logs_by_length_only: ComparesLengthOnly => [
        "request-vote-older-last-term",
        "request-vote-newer-last-term",
    ],
    comparing_logs_by_term_only: ComparesTermOnly => ["request-vote-shorter-log"],
    counting_stale_votes: CountsStaleVotes => ["send-ballot-stale-term"],
    counting_a_voter_twice: CountsVoterTwice => ["send-ballot-same-voter"],
    counting_refusals_as_votes: CountsRefusals => ["send-ballot-refused"],
    a_timer_that_restarts_on_a_refused_vote: RestartsOnRefusedVote => [
        "reset-timer-vote-refused",
        "reset-timer-vote-refused-new-term",
        "reset-timer-vote-old-term",
    ],
    a_timer_that_restarts_for_an_old_leader: RestartsForOldLeader => [
        "reset-timer-append-entries-old-term",
    ],
    a_timer_that_restarts_on_a_ballots_reply: RestartsOnBallotReply => ["reset-timer-ballot-reply"],
    a_timer_that_never_restarts: NeverRestarts => [
        "reset-timer-append-entries",
        "reset-timer-append-entries-refused",
        "reset-timer-vote-granted",
        "reset-timer-election",
    ],
    keeping_its_term: KeepsItsTerm => [
        "append-entries-new-term",
        "request-vote-new-term",
        "request-vote-older-last-term",
        "request-vote-newer-last-term",
        "request-vote-shorter-log",
        "request-vote-same-log",
        "request-vote-leader-steps-down",
        "reset-timer-vote-refused-new-term",
    ],
    refusing_the_first_entries: ForgetsSentinel => [
        "append-entries-empty-log",
        "append-entries-basic",
        "append-entries-candidate-steps-down",
        "reset-timer-append-entries",
    ],
    appending_blindly: AppendsBlindly => [
        "append-entries-basic",
        "append-entries-longer",
        "append-entries-conflict-three",
        "append-entries-repeated",
        "append-entries-overtaken",
    ],
    storing_one_entry_of_several: StoresOne => [
        "append-entries-longer",
        "append-entries-conflict-three",
        "append-entries-repeated",
        "append-entries-overtaken",
    ],
    counting_heartbeats_as_entries: CountsHeartbeats => ["send-append-entries-no-op"],
    committing_on_every_success: CommitsOnSuccess => ["send-append-entries-not-leading"],
    refusing_equal_logs: RefusesEqualLogs => [
        "request-vote-granted",
        "request-vote-new-term",
        "request-vote-same-candidate",
        "request-vote-same-log",
        "reset-timer-vote-granted",
    ],
    voting_in_old_terms: VotesInOldTerms => ["request-vote-old-term", "reset-timer-vote-old-term"],
    ballots_without_the_log: HidesItsLog => ["start-election"],
    ballots_that_name_an_entry_of_an_empty_log: NamesNothing => ["first-election"],
    leading_by_a_minority: LeadsByMinority => ["send-ballot-majority", "send-ballot-same-voter"],
}

#[test]
fn the_reference_passes_every_test_without_a_warning() {
    for test in SUITE.tests {
        let (result, tally) = run(&raft::submission(), test);
        assert_eq!(result, Ok(()), "{}", test.course_name);
        assert_eq!(tally.warnings, Vec::<String>::new(), "{}", test.course_name);
    }
}

#[test]
fn the_courses_commit_index_on_an_empty_log_passes_with_a_warning() {
    let test = SUITE.tests.iter().find(|t| t.id == "append-entries-empty-log").unwrap();
    let submission = submission::<Faulty<faulty::CommitsPastLastNew>>();
    let (result, tally) = run(&submission, test);
    assert_eq!(result, Ok(()));
    assert_eq!(tally.warnings, ["course value, not the paper's"]);
}

#[test]
fn a_failure_says_what_was_expected_and_what_was_seen() {
    let test = SUITE.tests.iter().find(|t| t.id == "append-entries-overtaken").unwrap();
    let (result, tally) = run(&submission::<Faulty<faulty::TruncatesAlways>>(), test);
    assert_eq!(result.unwrap_err().message, "log: expected [0 2 2 2 3 3], saw [0 2 2 2]");
    assert_eq!(tally.step.as_deref(), Some("handle AppendEntries"));
}
