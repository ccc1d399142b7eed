//! COMP385's `p2unit`: white-box tests of a Raft server.
//!
//! Each test builds a server in a given state, without peers or threads, calls one function, and
//! looks at the reply and at the state. Where a published test is stricter or laxer than the Raft
//! paper, the paper decides, and the test's description says so. The course has no tests of
//! RequestVote and of the election timer, and says so; here they are, in the same style.
//!
//! | module | what |
//! | --- | --- |
//! | `given` | servers, logs and messages in short notation |
//! | `expect` | checks that say what was expected and what was seen |
//! | `append` | a follower handles AppendEntries |
//! | `replies` | a leader handles the replies to its AppendEntries |
//! | `commit` | a leader advances its commit index |
//! | `vote` | a voter handles RequestVote |
//! | `ballots` | a candidate asks for votes and counts them |
//! | `timer` | what restarts the election timer, and what does not |

mod append;
mod ballots;
mod commit;
mod expect;
mod given;
mod replies;
mod timer;
mod vote;

use crate::suite::test;
use crate::{Needs, Suite, Together};

/// The suite: the course's tests in its order, then ours.
pub const SUITE: Suite = Suite {
    id: "p2unit",
    title: "Raft Part 2: unit tests",
    course: "COMP385",
    budget_s: 60.0,
    together: Some(Together::COMP385_RAFT),
    needs: Needs::RaftInternals,
    knobs: labrpc::Knobs::comp385(),
    tests: &[
        append::OLD_TERM,
        append::NEW_TERM,
        append::EMPTY_LOG,
        append::BASIC,
        append::LONG_PREV_INDEX,
        append::LONGER,
        append::CONFLICT_ONE,
        append::CONFLICT_TWO,
        append::CONFLICT_THREE,
        replies::NO_OP,
        replies::STOPS_LEADING,
        replies::SUCCESS_UPDATE_INDICES,
        replies::FAILURE_UPDATE_INDICES,
        commit::UPDATE_COMMIT_INDEX,
        append::REPEATED,
        append::OVERTAKEN,
        append::HEARTBEAT_KEEPS_LOG,
        append::HEARTBEAT_CONFLICT,
        append::HEARTBEAT_LONG_PREV_INDEX,
        append::COMMIT_LAST_NEW,
        append::COMMIT_NEVER_BACK,
        append::CANDIDATE_STEPS_DOWN,
        replies::OLDER_REQUEST,
        replies::LATE_SUCCESS,
        replies::LATE_FAILURE,
        replies::STALE_TERM,
        replies::NOT_LEADING,
        vote::GRANTED,
        vote::OLD_TERM,
        vote::NEW_TERM,
        vote::ALREADY_VOTED,
        vote::SAME_CANDIDATE,
        vote::OLDER_LAST_TERM,
        vote::NEWER_LAST_TERM,
        vote::SHORTER_LOG,
        vote::SAME_LOG,
        vote::LEADER_STEPS_DOWN,
        ballots::START_ELECTION,
        ballots::FIRST_ELECTION,
        ballots::MAJORITY,
        ballots::SAME_VOTER,
        ballots::REFUSED,
        ballots::HIGHER_TERM,
        ballots::STALE_TERM,
        ballots::NOT_RUNNING,
        timer::APPEND_ENTRIES,
        timer::APPEND_ENTRIES_REFUSED,
        timer::APPEND_ENTRIES_OLD_TERM,
        timer::VOTE_GRANTED,
        timer::VOTE_REFUSED,
        timer::VOTE_REFUSED_NEW_TERM,
        timer::VOTE_OLD_TERM,
        timer::ELECTION,
        timer::BALLOT_REPLY,
    ],
    ..Suite::USUAL
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_course_has_fourteen_tests_and_they_come_first() {
        let names: Vec<_> = SUITE.tests.iter().map(|t| t.course_name).collect();
        assert_eq!(names[0], "TestAppendEntriesOldTermP2Unit");
        assert_eq!(names[13], "TestUpdateCommitIndexP2Unit");
        assert!(names.iter().all(|n| n.starts_with("Test") && n.ends_with("P2Unit")));
    }

    #[test]
    fn names_and_ids_are_unique() {
        let ids: BTreeSet<_> = SUITE.tests.iter().map(|t| t.id).collect();
        let names: BTreeSet<_> = SUITE.tests.iter().map(|t| t.course_name).collect();
        assert_eq!((ids.len(), names.len()), (SUITE.tests.len(), SUITE.tests.len()));
    }
}
