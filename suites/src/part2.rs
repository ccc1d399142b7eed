//! COMP385 Lab 3, Part 2: log replication.

use crate::raft::concurrent::{CONCURRENT_STARTS_STEPS, Prelude, concurrent_starts};
use crate::raft::efficiency::{RPC_EFFICIENCY_STEPS, rpc_efficiency};
use crate::raft::replication::{self, LookAgain};
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
            steps: replication::WITHOUT_FAILURE_STEPS,
            run: |ctx| {
                on_cluster(ctx, Setup::comp385(5), |cluster| {
                    replication::without_failure(cluster, LookAgain::Yes)
                })
            },
            ..Test::USUAL
        },
        Test {
            id: "consensus-with-quorum",
            course_name: "TestConsensusWithQuorumPart2",
            description: "Two of three servers go on agreeing, and the third catches up",
            steps: replication::WITH_QUORUM_STEPS,
            run: |ctx| on_cluster(ctx, Setup::comp385(3), replication::with_quorum),
            ..Test::USUAL
        },
        Test {
            id: "consensus-without-quorum",
            course_name: "TestConsensusWithoutQuorumPart2",
            description: "Two of five servers commit nothing; with the others back, agreement \
                          goes on",
            steps: replication::WITHOUT_QUORUM_STEPS,
            run: |ctx| {
                on_cluster(ctx, Setup::comp385(5), |cluster| {
                    replication::without_quorum(cluster, 2..=3)
                })
            },
            ..Test::USUAL
        },
        Test {
            id: "concurrent-consensus",
            course_name: "TestConcurrentConsensusPart2",
            description: "A leader commits commands that are started at once, all in one term",
            steps: CONCURRENT_STARTS_STEPS,
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
            steps: replication::PARTITION_RECONNECT_STEPS,
            run: |ctx| {
                on_cluster(ctx, Setup::comp385(3), |cluster| {
                    replication::partition_reconnect(cluster)?;
                    replication::four_commits(cluster)
                })
            },
            ..Test::USUAL
        },
        Test {
            id: "reconcile-long-logs",
            course_name: "TestReconcileLongLogsPart2",
            description: "Servers with long tails of entries that were never committed catch up",
            steps: replication::RECONCILE_LONG_LOGS_STEPS,
            run: |ctx| on_cluster(ctx, Setup::comp385(5), replication::reconcile_long_logs),
            ..Test::USUAL
        },
        Test {
            id: "rpc-efficiency",
            course_name: "TestRpcEfficiencyPart2",
            description: "Elections, agreements and idleness need few RPCs",
            steps: RPC_EFFICIENCY_STEPS,
            run: |ctx| on_cluster(ctx, Setup::comp385(3), rpc_efficiency),
            ..Test::USUAL
        },
    ],
    ..Suite::USUAL
};
