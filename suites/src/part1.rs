//! COMP385 Lab 3, Part 1: leader election.

use crate::raft::elections::{self, Tenure};
use crate::raft::{Setup, on_cluster};
use crate::{Needs, Suite, Test, Together};

/// The suite.
pub const SUITE: Suite = Suite {
    id: "part1",
    title: "Lab 3, Part 1: leader election",
    course: "COMP385",
    budget_s: 10.0,
    together: Some(Together::COMP385_RAFT),
    needs: Needs::Raft,
    knobs: labrpc::Knobs::comp385(),
    tests: &[
        Test {
            id: "election-no-failure",
            course_name: "TestElectionNoFailurePart1",
            description: "Three servers elect a leader, and nothing changes while nothing fails",
            steps: &[
                "1. Start three servers",
                "2. Wait for a leader",
                "3. Expect all servers in one term",
                "4. Expect the term unchanged after two election times",
                "5. Expect the same leader",
            ],
            run: |ctx| {
                on_cluster(ctx, Setup::comp385(3), |cluster| {
                    elections::without_failure(cluster, Tenure::Lasting)
                })
            },
            ..Test::USUAL
        },
        Test {
            id: "election-with-failure",
            course_name: "TestElectionWithFailurePart1",
            description: "A majority replaces a lost leader; a minority elects none; a leader that \
                          comes back does not disturb the new one",
            steps: &[
                "1. Wait for a leader",
                "2. Disconnect the leader",
                "3. Wait for a new leader",
                "4. Reconnect the old leader",
                "5. Expect the new leader to remain leader",
                "6. Disconnect the new leader and one more",
                "7. Expect no leader",
                "8. Reconnect one of them",
                "9. Wait for a leader",
                "10. Reconnect the other",
                "11. Expect the leader to remain leader",
            ],
            run: |ctx| {
                on_cluster(ctx, Setup::comp385(3), |cluster| {
                    elections::with_failure(cluster, Tenure::Lasting)
                })
            },
            ..Test::USUAL
        },
    ],
    ..Suite::USUAL
};
