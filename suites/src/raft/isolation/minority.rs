//! A leader with less than a majority; everybody from all but a few.

use contracts::raft::{Command, ServerId, Term};
use labrt::thread;

use super::super::{Cluster, ELECTION, Outcome};
use super::settle;

/// The steps of [`minority`].
pub const MINORITY_STEPS: &[&str] = &[
    "1. Agree on a command on five servers",
    "2. Part the leader and a follower from the other three",
    "3. Start three commands on the leader",
    "4. Wait for a new leader among the three, and agree on three other commands",
    "5. Expect the two to know nothing of that",
    "6. Let all reach each other, and agree on five servers",
    "7. Expect nobody to have applied what was started on the old leader",
];

/// Five servers in two parts, each of which goes its own way, and only one gets anywhere.
pub fn minority(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on a command on five servers");
    cluster.agree(1, 5)?;

    cluster.step("2. Part the leader and a follower from the other three");
    let old = cluster.one_leader()?;
    let two = [old, cluster.after(old, 1)];
    cluster.partition(&[two.to_vec()]);
    settle();
    let known = two.map(|server| cluster.applied_to(server));
    let term = cluster.term_of(old);

    cluster.step("3. Start three commands on the leader");
    let lost: [Command; 3] = [21, 22, 23].map(Command::from);
    for command in &lost {
        cluster.submit(old, command);
    }

    cluster.step("4. Wait for a new leader among the three, and agree on three other commands");
    three_agree(cluster, &two, term)?;

    cluster.step("5. Expect the two to know nothing of that");
    thread::sleep(ELECTION);
    for (server, known) in two.into_iter().zip(known) {
        cluster.has_not_moved(server, known)?;
    }
    cluster.nobody_elected(&two, term)?;

    cluster.step("6. Let all reach each other, and agree on five servers");
    cluster.mend();
    cluster.agree(41, 5)?;

    cluster.step("7. Expect nobody to have applied what was started on the old leader");
    let applied = cluster.applied().commands();
    match lost.iter().find(|command| applied.contains(command)) {
        None => Ok(()),
        Some(command) => Err(cluster.ctx().failure(format!(
            "command {command} was accepted by server {old} without a majority, and other commands were \
             agreed on in its place; it was applied all the same"
        ))),
    }
}

/// Waits for a leader behind `term` that is none of `two`, and starts commands on it until three servers have
/// applied them.
fn three_agree(cluster: &Cluster, two: &[ServerId], term: Term) -> Outcome {
    let began = labrt::time::Instant::now();
    while began.elapsed() < 10 * ELECTION {
        let leader = cluster.one_leader()?;
        let leads = cluster.state(leader).is_some_and(|(now, leads)| leads && now > term);
        if !leads || two.contains(&leader) {
            cluster.nobody_elected(two, term)?;
            continue;
        }
        let mut started =
            [31, 32, 33].map(|command| cluster.submit(leader, &Command::from(command)));
        let Some(last) = started[2].take() else { continue };
        if cluster.wait(last.index, 3, Some(last.term))?.is_some() {
            return Ok(());
        }
    }
    Err(cluster.ctx().failure(format!(
        "expected three of five servers, which reach each other, to agree on three commands within {} s",
        (10 * ELECTION).as_secs()
    )))
}

/// The steps of [`no_majority`].
pub const NO_MAJORITY_STEPS: &[&str] = &[
    "1. Agree on a command on all servers",
    "2. Part the servers into two and two; a fifth is alone",
    "3. Start a command on each of them",
    "4. Expect no new leader, and nothing applied",
    "5. Let all reach each other, and agree on all servers",
];

/// Five servers in three parts, or four in two, none of which gets anywhere.
pub fn no_majority(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on a command on all servers");
    cluster.agree(1, cluster.size())?;

    cluster.step("2. Part the servers into two and two; a fifth is alone");
    let leader = cluster.one_leader()?;
    let at = |k| cluster.after(leader, k);
    cluster.partition(&[vec![leader, at(1)], vec![at(2), at(3)]]);
    settle();
    let term = cluster.term_of(leader);
    let known = cluster.applied().progress();

    cluster.step("3. Start a command on each of them");
    for (server, command) in cluster.servers().zip(11_i64..) {
        cluster.submit(server, &command.into());
    }

    cluster.step("4. Expect no new leader, and nothing applied");
    let everybody: Vec<ServerId> = cluster.servers().collect();
    for _ in 0..6 {
        thread::sleep(ELECTION / 2);
        cluster.nobody_elected(&everybody, term)?;
    }
    for (server, known) in cluster.servers().zip(known) {
        cluster.has_not_moved(server, known)?;
    }

    cluster.step("5. Let all reach each other, and agree on all servers");
    cluster.mend();
    cluster.agree(21, cluster.size())?;
    Ok(())
}
