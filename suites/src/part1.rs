//! COMP385 Lab 3, Part 1: leader election.

use labrt::thread;
use labrt::time::Duration;

use crate::raft::{Cluster, ELECTION, Outcome, Setup, on_cluster};
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
            run: |ctx| on_cluster(ctx, Setup::comp385(3), election_without_failure),
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
            run: |ctx| on_cluster(ctx, Setup::comp385(3), election_with_failure),
            ..Test::USUAL
        },
    ],
};

fn election_without_failure(cluster: &Cluster) -> Outcome {
    cluster.step("1. Start three servers");

    cluster.step("2. Wait for a leader");
    let leader = cluster.one_leader()?;

    cluster.step("3. Expect all servers in one term");
    thread::sleep(Duration::from_millis(50));
    let term = cluster.same_term()?;

    cluster.step("4. Expect the term unchanged after two election times");
    thread::sleep(2 * ELECTION);
    let later = cluster.same_term()?;
    if later != term {
        return Err(cluster.ctx().failure(format!(
            "expected term {term} to last, since nothing failed; after {} s it is term {later}",
            (2 * ELECTION).as_secs()
        )));
    }

    cluster.step("5. Expect the same leader");
    cluster.still_leads(leader)
}

fn election_with_failure(cluster: &Cluster) -> Outcome {
    cluster.step("1. Wait for a leader");
    let first = cluster.one_leader()?;

    cluster.step("2. Disconnect the leader");
    cluster.disconnect(first);

    cluster.step("3. Wait for a new leader");
    let second = cluster.one_leader()?;

    cluster.step("4. Reconnect the old leader");
    cluster.connect(first);

    cluster.step("5. Expect the new leader to remain leader");
    cluster.still_leads(second)?;

    cluster.step("6. Disconnect the new leader and one more");
    let successor = cluster.after(second, 1);
    cluster.disconnect_all([second, successor]);

    cluster.step("7. Expect no leader");
    thread::sleep(2 * ELECTION);
    cluster.no_leader()?;

    cluster.step("8. Reconnect one of them");
    cluster.connect(successor);

    cluster.step("9. Wait for a leader");
    let third = cluster.one_leader()?;

    cluster.step("10. Reconnect the other");
    cluster.connect(second);

    cluster.step("11. Expect the leader to remain leader");
    cluster.still_leads(third)
}
