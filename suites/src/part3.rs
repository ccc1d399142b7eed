//! COMP385 Lab 3, Part 3: persistence.

use crate::raft::figure8::{FIGURE8_STEPS, Figure8};
use crate::raft::persistence::{
    BASIC_PERSISTENCE_STEPS, LAGGING_FOLLOWERS_STEPS, RestartAll, basic_persistence,
    recovery_with_lagging_followers,
};
use crate::raft::{Setup, on_cluster};
use crate::{Needs, Suite, Test, Together};

/// The suite.
pub const SUITE: Suite = Suite {
    id: "part3",
    title: "Lab 3, Part 3: persistence",
    course: "COMP385",
    budget_s: 60.0,
    together: Some(Together::COMP385_RAFT),
    needs: Needs::Raft,
    knobs: labrpc::Knobs::comp385(),
    tests: &[
        Test {
            id: "basic-persistence",
            course_name: "TestBasicPersistencePart3",
            description: "Crashed servers come back with what they had persisted, whichever crash",
            steps: BASIC_PERSISTENCE_STEPS,
            run: |ctx| {
                on_cluster(ctx, Setup::comp385(3), |cluster| {
                    basic_persistence(cluster, RestartAll::InTurn)
                })
            },
            ..Test::USUAL
        },
        Test {
            id: "recovery-with-lagging-followers",
            course_name: "TestRecoveryWithLaggingFollowersPart3",
            description: "Restarted followers that lag catch up with the one that is ahead",
            steps: LAGGING_FOLLOWERS_STEPS,
            run: |ctx| on_cluster(ctx, Setup::comp385(5), recovery_with_lagging_followers),
            ..Test::USUAL
        },
        Test {
            id: "figure8",
            course_name: "TestFigure8Part3",
            description: "A leader commits no entry of an earlier term by counting its replicas \
                          (Figure 8 of the paper)",
            steps: FIGURE8_STEPS,
            run: |ctx| on_cluster(ctx, Setup::comp385(5), |c| Figure8::COMP385.run(c)),
            ..Test::USUAL
        },
    ],
    ..Suite::USUAL
};
