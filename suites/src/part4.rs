//! COMP385 Lab 3, Part 4: faulty networks.

use crate::raft::figure8::{FIGURE8_STEPS, Figure8};
use crate::raft::unreliable::{CONCURRENT_AGREEMENTS_STEPS, Heal, concurrent_agreements};
use crate::raft::{Setup, on_cluster};
use crate::{Needs, Suite, Test, Together};

/// A cluster whose network loses and delays messages.
const UNRELIABLE: Setup = Setup::comp385(5).unreliable();

/// The suite.
pub const SUITE: Suite = Suite {
    id: "part4",
    title: "Lab 3, Part 4: faulty networks",
    course: "COMP385",
    budget_s: 60.0,
    together: Some(Together::COMP385_RAFT),
    needs: Needs::Raft,
    knobs: labrpc::Knobs::comp385(),
    tests: &[
        Test {
            id: "unreliable",
            course_name: "TestUnreliablePart4",
            description: "Consensus proceeds while messages are lost and delayed",
            steps: CONCURRENT_AGREEMENTS_STEPS,
            run: |ctx| {
                on_cluster(ctx, UNRELIABLE, |cluster| {
                    concurrent_agreements(cluster, Heal::AfterJoin)
                })
            },
            ..Test::USUAL
        },
        Test {
            id: "unreliable-figure8",
            course_name: "TestUnreliableFigure8Part4",
            description: "Figure 8 of the paper while messages are lost, delayed and reordered. The \
                          last agreement must succeed on that network, too",
            steps: FIGURE8_STEPS,
            run: |ctx| on_cluster(ctx, UNRELIABLE, |c| Figure8::COMP385_UNRELIABLE.run(c)),
            ..Test::USUAL
        },
    ],
    ..Suite::USUAL
};
