//! CS350 Homework 4, Part B: log replication and persistence.

use crate::raft::churn::{CHURN_STEPS, churn};
use crate::raft::concurrent::{CONCURRENT_STARTS_STEPS, Prelude, concurrent_starts};
use crate::raft::efficiency::{RPC_BYTES_STEPS, RPC_EFFICIENCY_STEPS, rpc_bytes, rpc_efficiency};
use crate::raft::figure8::{FIGURE8_STEPS, Figure8};
use crate::raft::persistence::{self, RestartAll};
use crate::raft::replication::{self, LookAgain};
use crate::raft::unreliable::{CONCURRENT_AGREEMENTS_STEPS, Heal, concurrent_agreements};
use crate::raft::{Setup, on_cluster};
use crate::suite::test;
use crate::{Needs, Suite, Together};

/// The suite.
pub const SUITE: Suite = Suite {
    id: "4b",
    title: "Homework 4, Part B: log replication and persistence",
    course: "CS350",
    budget_s: 540.0,
    together: Some(Together::CS350_RAFT),
    needs: Needs::Raft,
    knobs: labrpc::Knobs::cs350(),
    tests: &[
        test(
            "basic-agree",
            "TestBasicAgree4B",
            "Three servers agree on three commands at the expected indices",
            replication::WITHOUT_FAILURE_STEPS.split_at(2).0,
            |ctx| {
                on_cluster(ctx, Setup::cs350(3), |cluster| {
                    replication::without_failure(cluster, LookAgain::No)
                })
            },
        ),
        test(
            "rpc-bytes",
            "TestRPCBytes4B",
            "Large commands travel to each server once",
            RPC_BYTES_STEPS,
            |ctx| on_cluster(ctx, Setup::cs350(3), rpc_bytes),
        ),
        test(
            "fail-agree",
            "TestFailAgree4B",
            "Two of three servers go on agreeing, and the third catches up",
            replication::WITH_QUORUM_STEPS,
            |ctx| on_cluster(ctx, Setup::cs350(3), replication::with_quorum),
        ),
        test(
            "fail-no-agree",
            "TestFailNoAgree4B",
            "Two of five servers commit nothing; with the others back, agreement goes on",
            replication::WITHOUT_QUORUM_STEPS,
            |ctx| {
                on_cluster(ctx, Setup::cs350(5), |cluster| {
                    replication::without_quorum(cluster, 2..=4)
                })
            },
        ),
        test(
            "concurrent-starts",
            "TestConcurrentStarts4B",
            "A leader that has just accepted a command commits those that are started at once \
             after it, all in one term",
            CONCURRENT_STARTS_STEPS,
            |ctx| {
                on_cluster(ctx, Setup::cs350(3), |cluster| {
                    concurrent_starts(cluster, Prelude::OneCommand)
                })
            },
        ),
        test(
            "rejoin",
            "TestRejoin4B",
            "A leader that was cut off gives up the entries that it could not commit",
            replication::PARTITION_RECONNECT_STEPS.split_at(8).0,
            |ctx| on_cluster(ctx, Setup::cs350(3), replication::partition_reconnect),
        ),
        test(
            "backup",
            "TestBackup4B",
            "Servers with long tails of entries that were never committed catch up",
            replication::RECONCILE_LONG_LOGS_STEPS,
            |ctx| on_cluster(ctx, Setup::cs350(5), replication::reconcile_long_logs),
        ),
        test(
            "count",
            "TestCount4B",
            "Elections, agreements and idleness need few RPCs, and commands stand in the log as \
             they were started",
            RPC_EFFICIENCY_STEPS,
            |ctx| on_cluster(ctx, Setup::cs350(3), rpc_efficiency),
        ),
        test(
            "persist1",
            "TestPersist14B",
            "Crashed servers come back with what they had persisted, whichever crash",
            persistence::BASIC_PERSISTENCE_STEPS,
            |ctx| {
                on_cluster(ctx, Setup::cs350(3), |cluster| {
                    persistence::basic_persistence(cluster, RestartAll::Together)
                })
            },
        ),
        test(
            "persist2",
            "TestPersist24B",
            "Restarted followers that lag catch up with the one that is ahead",
            persistence::LAGGING_FOLLOWERS_STEPS,
            |ctx| on_cluster(ctx, Setup::cs350(5), persistence::recovery_with_lagging_followers),
        ),
        test(
            "persist3",
            "TestPersist34B",
            "A restarted leader brings a committed entry to the server that was cut off",
            persistence::PARTITIONED_LEADER_STEPS,
            |ctx| on_cluster(ctx, Setup::cs350(3), persistence::partitioned_leader_restarts),
        ),
        test(
            "figure8",
            "TestFigure84B",
            "A leader commits no entry of an earlier term by counting its replicas (Figure 8 of \
             the paper)",
            FIGURE8_STEPS,
            |ctx| on_cluster(ctx, Setup::cs350(5), |c| Figure8::CS350.run(c)),
        ),
        test(
            "unreliable-agree",
            "TestUnreliableAgree4B",
            "Consensus proceeds while messages are lost and delayed",
            CONCURRENT_AGREEMENTS_STEPS,
            |ctx| {
                on_cluster(ctx, UNRELIABLE, |cluster| {
                    concurrent_agreements(cluster, Heal::BeforeJoin)
                })
            },
        ),
        test(
            "figure8-unreliable",
            "TestFigure8Unreliable4B",
            "Figure 8 of the paper while leaders are cut off and messages are lost, delayed and \
             reordered. The last agreement must succeed on that network, too",
            FIGURE8_STEPS,
            |ctx| on_cluster(ctx, UNRELIABLE, |c| Figure8::CS350_UNRELIABLE.run(c)),
        ),
        test(
            "reliable-churn",
            "TestReliableChurn4B",
            "What clients saw committed stays in the log while servers come and go",
            CHURN_STEPS,
            |ctx| on_cluster(ctx, Setup::cs350(5), churn),
        ),
        test(
            "unreliable-churn",
            "TestUnreliableChurn4B",
            "What clients saw committed stays in the log while servers come and go and messages \
             are lost and delayed",
            CHURN_STEPS,
            |ctx| on_cluster(ctx, UNRELIABLE, churn),
        ),
    ],
    ..Suite::USUAL
};

/// A cluster whose network loses and delays messages.
const UNRELIABLE: Setup = Setup::cs350(5).unreliable();
