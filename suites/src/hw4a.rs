//! CS350 Homework 4, Part A: leader election.

use crate::raft::elections::{self, Tenure};
use crate::raft::{Setup, on_cluster};
use crate::{Needs, Suite, Test, Together};

/// The suite.
pub const SUITE: Suite = Suite {
    id: "4a",
    title: "Homework 4, Part A: leader election",
    course: "CS350",
    budget_s: 60.0,
    together: Some(Together::CS350_RAFT),
    needs: Needs::Raft,
    knobs: labrpc::Knobs::cs350(),
    tests: &[
        Test {
            id: "initial-election",
            course_name: "TestInitialElection4A",
            description: "Three servers elect a leader; a term that changes while nothing fails is \
                          a warning",
            steps: &[
                "1. Start three servers",
                "2. Wait for a leader",
                "3. Expect all servers in one term",
                "4. Look for a changed term after two election times",
                "5. Expect one leader",
            ],
            run: |ctx| {
                on_cluster(ctx, Setup::cs350(3), |cluster| {
                    elections::without_failure(cluster, Tenure::Any)
                })
            },
            ..Test::USUAL
        },
        Test {
            id: "re-election",
            course_name: "TestReElection4A",
            description: "A majority replaces a lost leader and a minority elects none, whoever \
                          comes back",
            steps: &[
                "1. Wait for a leader",
                "2. Disconnect the leader",
                "3. Wait for a new leader",
                "4. Reconnect the old leader",
                "5. Expect one leader, whichever",
                "6. Disconnect the new leader and one more",
                "7. Expect no leader",
                "8. Reconnect one of them",
                "9. Wait for a leader",
                "10. Reconnect the other",
                "11. Expect one leader, whichever",
            ],
            run: |ctx| {
                on_cluster(ctx, Setup::cs350(3), |cluster| {
                    elections::with_failure(cluster, Tenure::Any)
                })
            },
            ..Test::USUAL
        },
        Test {
            id: "many-elections",
            course_name: "TestManyElections4A",
            description: "Seven servers have a leader whichever three of them are cut off",
            steps: elections::MANY_STEPS,
            run: |ctx| on_cluster(ctx, Setup::cs350(7), elections::many),
            ..Test::USUAL
        },
    ],
    ..Suite::USUAL
};
