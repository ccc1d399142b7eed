//! COMP385 Lab 3, Part 3: persistence.

use labrt::thread;

use crate::raft::figure8::Figure8;
use crate::raft::{Cluster, ELECTION, Outcome, Setup, on_cluster};
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
            steps: &[
                "1. Agree on three servers",
                "2. Restart all servers",
                "3. Agree on three servers",
                "4. Restart the leader",
                "5. Agree on three servers",
                "6. Disconnect the leader",
                "7. Agree on two servers",
                "8. Restart the old leader and wait until it has caught up",
                "9. Disconnect a follower",
                "10. Agree on two servers",
                "11. Restart the follower",
                "12. Agree on three servers",
            ],
            run: |ctx| on_cluster(ctx, Setup::comp385(3), basic_persistence),
            ..Test::USUAL
        },
        Test {
            id: "recovery-with-lagging-followers",
            course_name: "TestRecoveryWithLaggingFollowersPart3",
            description: "Restarted followers that lag catch up with the one that is ahead",
            steps: &[
                "1. Agree on five servers; let 0 be the leader",
                "2. Disconnect 1 and 2",
                "3. Agree on 0, 3 and 4",
                "4. Disconnect 0, 3 and 4",
                "5. Restart 1 and 2",
                "6. Leave 1 and 2 time to elect one of them",
                "7. Restart 3, which is ahead of them",
                "8. Agree on 1, 2 and 3",
                "9. Reconnect 0 and 4, which catch up in the next round",
                "10. Agree on five servers",
            ],
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
};

/// The steps of [`Figure8`].
pub(crate) const FIGURE8_STEPS: &[&str] = &[
    "1. Start a command on every server; the one that accepts leads",
    "2. Sleep shortly in 90 % of the rounds, longer in the others",
    "3. Let the leader fail",
    "4. Bring one server back if fewer than a majority are up",
    "5. Bring all servers back and agree once more, on five",
];

fn basic_persistence(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on three servers");
    cluster.agree(11, 3)?;

    cluster.step("2. Restart all servers");
    for server in cluster.servers() {
        cluster.restart(server)?;
    }

    cluster.step("3. Agree on three servers");
    cluster.agree(12, 3)?;

    cluster.step("4. Restart the leader");
    cluster.restart(cluster.one_leader()?)?;

    cluster.step("5. Agree on three servers");
    cluster.agree(13, 3)?;

    cluster.step("6. Disconnect the leader");
    let leader = cluster.one_leader()?;
    cluster.disconnect(leader);

    cluster.step("7. Agree on two servers");
    cluster.agree(14, 2)?;

    cluster.step("8. Restart the old leader and wait until it has caught up");
    cluster.restart(leader)?;
    cluster.wait(4, 3, None)?;

    cluster.step("9. Disconnect a follower");
    let follower = cluster.after(cluster.one_leader()?, 1);
    cluster.disconnect(follower);

    cluster.step("10. Agree on two servers");
    cluster.agree(15, 2)?;

    cluster.step("11. Restart the follower");
    cluster.restart(follower)?;

    cluster.step("12. Agree on three servers");
    cluster.agree(16, 3)?;
    Ok(())
}

fn recovery_with_lagging_followers(cluster: &Cluster) -> Outcome {
    const ROUNDS: u32 = 5;
    let mut commands = 11..;
    let mut agree = |n| cluster.agree(commands.next().unwrap_or_default(), n);

    for round in 1..=ROUNDS {
        cluster.ctx().round(round, ROUNDS);
        cluster.step("1. Agree on five servers; let 0 be the leader");
        agree(5)?;
        let leader = cluster.one_leader()?;
        let [one, two, three, four] = [1, 2, 3, 4].map(|k| cluster.after(leader, k));

        cluster.step("2. Disconnect 1 and 2");
        cluster.disconnect_all([one, two]);

        cluster.step("3. Agree on 0, 3 and 4");
        agree(3)?;

        cluster.step("4. Disconnect 0, 3 and 4");
        cluster.disconnect_all([leader, three, four]);

        cluster.step("5. Restart 1 and 2");
        cluster.start(one)?;
        cluster.start(two)?;
        cluster.connect_all([one, two]);

        cluster.step("6. Leave 1 and 2 time to elect one of them");
        thread::sleep(ELECTION);

        cluster.step("7. Restart 3, which is ahead of them");
        cluster.start(three)?;
        cluster.connect(three);

        cluster.step("8. Agree on 1, 2 and 3");
        agree(3)?;

        cluster.step("9. Reconnect 0 and 4, which catch up in the next round");
        cluster.connect_all([four, leader]);
    }
    cluster.ctx().rounds_over();

    cluster.step("10. Agree on five servers");
    cluster.agree(1000, 5)?;
    Ok(())
}
