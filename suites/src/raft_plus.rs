//! What the published suites do not ask: that servers know what they know from messages, that they vote once however
//! often they restart, that their threads wait, and end, when they should, and, as warnings, what they waste.

use labrpc::Knobs;
use labrpc::knobs::Chance;

use crate::raft::{
    Setup, ballots, elections, idle, isolation, killed, on_cluster, persistence, slow, waste,
};
use crate::{Needs, Suite, Test};

/// An unreliable network of this suite loses every answer, and nothing else.
const ANSWERS_ARE_LOST: Knobs = Knobs {
    request_loss: Chance { num: 0, den: 1 },
    reply_loss: Chance { num: 1, den: 1 },
    ..Knobs::comp385()
};

/// A network whose messages take a while, each way.
const UNHURRIED: Knobs = Knobs { latency: waste::LATENCY, ..Knobs::comp385() };

/// A network on which calls to servers that cannot be reached hang for minutes.
const HANGING: Knobs = Knobs { unreachable_long: waste::HANGS, ..Knobs::comp385() };

/// A cluster whose calls to servers that cannot be reached fail soon, so that nobody waits for them.
const fn cluster(servers: usize) -> Setup {
    Setup { long_delays: false, ..Setup::comp385(servers) }
}

/// The suite.
pub const SUITE: Suite = Suite {
    id: "raft-plus",
    title: "What the published suites do not ask: isolation, restarts in elections, threads that wait and end, waste",
    course: "the toolkit",
    budget_s: 300.0,
    needs: Needs::Raft,
    knobs: ANSWERS_ARE_LOST,
    tests: &[
        Test {
            id: "missed-entries",
            course_name: "TestMissedEntriesPlus",
            description: "Servers that are cut off apply nothing, and what they missed travels to them later",
            steps: isolation::MISSED_ENTRIES_STEPS,
            run: |ctx| on_cluster(ctx, cluster(5), isolation::missed_entries),
            ..Test::USUAL
        },
        Test {
            id: "untold-commits",
            course_name: "TestUntoldCommitsPlus",
            description: "A server that holds entries does not apply them before it is told that they are \
                          committed",
            steps: isolation::UNTOLD_COMMITS_STEPS,
            run: |ctx| on_cluster(ctx, cluster(5), isolation::untold_commits),
            ..Test::USUAL
        },
        Test {
            id: "lonely-terms",
            course_name: "TestLonelyTermsPlus",
            description: "Servers that hear nothing enter terms only to stand for election, one after the other",
            steps: isolation::LONELY_TERMS_STEPS,
            run: |ctx| on_cluster(ctx, cluster(7), isolation::lonely_terms),
            ..Test::USUAL
        },
        Test {
            id: "minority",
            course_name: "TestMinorityPlus",
            description: "A leader without a majority commits nothing, and learns nothing of what the majority \
                          does",
            steps: isolation::MINORITY_STEPS,
            run: |ctx| on_cluster(ctx, cluster(5), isolation::minority),
            ..Test::USUAL
        },
        Test {
            id: "no-majority",
            course_name: "TestNoMajorityPlus",
            description: "Three parts of a cluster, none of them a majority, elect nobody and commit nothing",
            steps: isolation::NO_MAJORITY_STEPS,
            run: |ctx| on_cluster(ctx, cluster(5), isolation::no_majority),
            ..Test::USUAL
        },
        Test {
            id: "halves",
            course_name: "TestHalvesPlus",
            description: "Half of an even number of servers is no majority",
            steps: isolation::NO_MAJORITY_STEPS,
            run: |ctx| on_cluster(ctx, cluster(4), isolation::no_majority),
            ..Test::USUAL
        },
        Test {
            id: "lost-answers",
            course_name: "TestLostAnswersPlus",
            description: "While every answer gets lost nobody commits and nobody is elected, although all \
                          requests arrive",
            steps: isolation::LOST_ANSWERS_STEPS,
            run: |ctx| on_cluster(ctx, cluster(5), isolation::lost_answers),
            ..Test::USUAL
        },
        Test {
            id: "two-clusters",
            course_name: "TestTwoClustersPlus",
            description: "A second cluster in the same process knows nothing of the first",
            steps: isolation::TWO_CLUSTERS_STEPS,
            run: |ctx| isolation::two_clusters(ctx, cluster(3)),
            ..Test::USUAL
        },
        Test {
            id: "leaders-in-turn",
            course_name: "TestLeadersInTurnPlus",
            description: "Leaders are cut off again and again, so that who has led must lead once more",
            steps: elections::IN_TURN_STEPS,
            run: |ctx| on_cluster(ctx, cluster(3), elections::in_turn),
            ..Test::USUAL
        },
        Test {
            id: "restarts-in-elections",
            course_name: "TestRestartsInElectionsPlus",
            description: "A server that has voted restarts, and meets a candidate of the same term",
            steps: persistence::ELECTIONS_STEPS,
            run: |ctx| on_cluster(ctx, cluster(3), persistence::restarts_in_elections),
            ..Test::USUAL
        },
        Test {
            id: "dropped-entries",
            course_name: "TestDroppedEntriesPlus",
            description: "Entries that a server gave up do not come back when it restarts",
            steps: persistence::DROPPED_STEPS,
            run: |ctx| on_cluster(ctx, cluster(3), persistence::dropped_entries),
            ..Test::USUAL
        },
        Test {
            id: "slow-state-machine",
            course_name: "TestSlowStateMachinePlus",
            description: "State machines that take their time make nobody else wait",
            steps: slow::SLOW_STEPS,
            run: |ctx| on_cluster(ctx, cluster(3), slow::slow_state_machine),
            ..Test::USUAL
        },
        Test {
            id: "killed-servers-end",
            course_name: "TestKilledServersEndPlus",
            description: "The threads of a server that is killed end",
            steps: killed::KILLED_STEPS,
            run: |ctx| on_cluster(ctx, cluster(3), killed::killed_servers_end),
            ..Test::USUAL
        },
        Test {
            id: "idle-servers-wait",
            course_name: "TestIdleServersWaitPlus",
            description: "Threads that have nothing to do sleep",
            steps: idle::IDLE_STEPS,
            run: |ctx| on_cluster(ctx, cluster(3), idle::idle_servers_wait),
            ..Test::USUAL
        },
        Test {
            id: "lost-ballots",
            course_name: "TestLostBallotsPlus",
            description: "A warning where candidates do not ask again who does not answer, or do so without a pause",
            steps: ballots::LOST_BALLOTS_STEPS,
            run: |ctx| on_cluster(ctx, cluster(3), ballots::lost_ballots),
            ..Test::USUAL
        },
        Test {
            id: "prompt-entries",
            course_name: "TestPromptEntriesPlus",
            description: "A warning where entries wait for the next heartbeat",
            steps: waste::PROMPT_STEPS,
            knobs: Some(UNHURRIED),
            run: |ctx| on_cluster(ctx, cluster(3), waste::prompt_entries),
            ..Test::USUAL
        },
        Test {
            id: "entries-travel-once",
            course_name: "TestEntriesTravelOncePlus",
            description: "A warning where entries that are on their way are sent again",
            steps: waste::ONCE_STEPS,
            knobs: Some(UNHURRIED),
            run: |ctx| on_cluster(ctx, cluster(3), waste::entries_travel_once),
            ..Test::USUAL
        },
        Test {
            id: "absent-follower",
            course_name: "TestAbsentFollowerPlus",
            description: "A warning where a server that does not answer is sent all that it misses again and again",
            steps: waste::ABSENT_STEPS,
            run: |ctx| on_cluster(ctx, Setup::comp385(3), waste::absent_follower),
            ..Test::USUAL
        },
        Test {
            id: "waiting-calls",
            course_name: "TestWaitingCallsPlus",
            description: "A warning where calls to a server that does not answer have no bound",
            steps: waste::WAITING_STEPS,
            knobs: Some(HANGING),
            run: |ctx| on_cluster(ctx, Setup::comp385(3), waste::waiting_calls),
            ..Test::USUAL
        },
    ],
    ..Suite::USUAL
};
