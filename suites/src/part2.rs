//! COMP385 Lab 3, Part 2: log replication.

mod scenarios;

use crate::raft::concurrent::{Prelude, concurrent_starts};
use crate::raft::efficiency::rpc_efficiency;
use crate::raft::{Setup, on_cluster};
use crate::{Needs, Suite, Test, Together};

/// The suite.
pub const SUITE: Suite = Suite {
    id: "part2",
    title: "Lab 3, Part 2: log replication",
    course: "COMP385",
    budget_s: 60.0,
    together: Some(Together::COMP385_RAFT),
    needs: Needs::Raft,
    knobs: labrpc::Knobs::comp385(),
    tests: &[
        Test {
            id: "consensus-no-failure",
            course_name: "TestConsensusNoFailurePart2",
            description: "Five servers agree on three commands at the expected indices",
            steps: &[
                "1. Expect nothing committed at the index",
                "2. Agree on a command and expect it at that index",
                "3. Expect the command there on all five servers",
            ],
            run: |ctx| on_cluster(ctx, Setup::comp385(5), scenarios::without_failure),
            ..Test::USUAL
        },
        Test {
            id: "consensus-with-quorum",
            course_name: "TestConsensusWithQuorumPart2",
            description: "Two of three servers go on agreeing, and the third catches up",
            steps: &[
                "1. Agree on three servers",
                "2. Disconnect a follower",
                "3. Agree a few times on two servers",
                "4. Reconnect the follower",
                "5. Agree on three servers",
            ],
            run: |ctx| on_cluster(ctx, Setup::comp385(3), scenarios::with_quorum),
            ..Test::USUAL
        },
        Test {
            id: "consensus-without-quorum",
            course_name: "TestConsensusWithoutQuorumPart2",
            description: "Two of five servers commit nothing; with the others back, agreement \
                          goes on",
            steps: &[
                "1. Agree on five servers",
                "2. Disconnect three servers",
                "3. Start a command on the leader",
                "4. Expect that nobody commits it",
                "5. Reconnect the servers",
                "6. Start a command on the leader and agree on five servers",
            ],
            run: |ctx| {
                on_cluster(ctx, Setup::comp385(5), |cluster| {
                    scenarios::without_quorum(cluster, 2..=3)
                })
            },
            ..Test::USUAL
        },
        Test {
            id: "concurrent-consensus",
            course_name: "TestConcurrentConsensusPart2",
            description: "A leader commits commands that are started at once, all in one term",
            steps: &[
                "1. Wait for a leader",
                "2. Start five commands on it at once, from five threads",
                "3. Expect all of them committed by all servers in that term",
            ],
            run: |ctx| {
                on_cluster(ctx, Setup::comp385(3), |cluster| {
                    concurrent_starts(cluster, Prelude::Nothing)
                })
            },
            ..Test::USUAL
        },
        Test {
            id: "partition-reconnect",
            course_name: "TestPartitionReconnectPart2",
            description: "A leader that was cut off gives up the entries that it could not commit",
            steps: &[
                "1. Agree on three servers",
                "2. Disconnect the leader",
                "3. Start commands on it, to be discarded later",
                "4. Agree on the two others",
                "5. Disconnect the new leader and reconnect the old one",
                "6. Agree on two servers",
                "7. Reconnect the last server",
                "8. Agree on three servers",
                "9. Expect four committed entries: those of 1, 4, 6 and 8",
            ],
            run: |ctx| {
                on_cluster(ctx, Setup::comp385(3), |cluster| {
                    scenarios::partition_reconnect(cluster)?;
                    scenarios::four_commits(cluster)
                })
            },
            ..Test::USUAL
        },
        Test {
            id: "reconcile-long-logs",
            course_name: "TestReconcileLongLogsPart2",
            description: "Servers with long tails of entries that were never committed catch up",
            steps: &[
                "1. Agree on five servers; let 0 be the leader",
                "2. Leave 0 and 1 alone and start 50 commands on 0",
                "3. Disconnect 0 and 1",
                "4. Reconnect 2, 3 and 4 and agree 50 times on them",
                "5. Disconnect one of the three that does not lead and start 50 commands on the \
                 leader",
                "6. Let 0, 1 and the one just disconnected alone be up, and agree 50 times on them",
                "7. Reconnect all servers",
                "8. Agree on five servers",
            ],
            run: |ctx| on_cluster(ctx, Setup::comp385(5), scenarios::reconcile_long_logs),
            ..Test::USUAL
        },
        Test {
            id: "rpc-efficiency",
            course_name: "TestRpcEfficiencyPart2",
            description: "Elections, agreements and idleness need few RPCs",
            steps: &[
                "1. Wait for the first leader: it takes 1 to 30 RPCs",
                "2. Count the RPCs received so far",
                "3. Start twelve commands on the leader and wait for the first eleven",
                "4. Expect at most 42 RPCs for them, if the term did not change",
                "5. Expect at most 60 RPCs in a second of idleness",
            ],
            run: |ctx| on_cluster(ctx, Setup::comp385(3), rpc_efficiency),
            ..Test::USUAL
        },
    ],
};
