//! Servers that may stand for election, each by itself.

use contracts::raft::{ServerId, Term};
use labrt::thread;

use super::super::{Cluster, ELECTION, Outcome};
use super::settle;

/// The steps of [`lonely_terms`].
pub const LONELY_TERMS_STEPS: &[&str] = &[
    "1. Wait for a leader",
    "2. Disconnect three followers, each from everybody",
    "3. Give the other four a new leader, five times",
    "4. Expect each of the three to have entered no term but to stand in it",
];

/// How often the leader is restarted.
const SUCCESSIONS: u32 = 5;

/// Seven servers, of which three are alone. A server enters a term when it hears of it, or when it stands for
/// election in it, in the very next one (§5.2); who hears nothing asks for votes in every term that it enters.
pub fn lonely_terms(cluster: &Cluster) -> Outcome {
    cluster.step("1. Wait for a leader");
    let mut leader = cluster.one_leader()?;

    cluster.step("2. Disconnect three followers, each from everybody");
    let alone = [1, 2, 3].map(|k| cluster.after(leader, k));
    cluster.disconnect_all(alone);
    settle();
    let before = alone.map(|server| cluster.term_of(server));

    cluster.step("3. Give the other four a new leader, five times");
    for round in 1..=SUCCESSIONS {
        cluster.ctx().round(round, SUCCESSIONS);
        cluster.restart(leader)?;
        leader = cluster.one_leader()?;
    }
    cluster.ctx().rounds_over();

    cluster.step("4. Expect each of the three to have entered no term but to stand in it");
    let after = alone.map(|server| cluster.term_of(server));
    // A candidate has its term before its ballots leave.
    thread::sleep(ELECTION);
    for ((server, before), after) in alone.into_iter().zip(before).zip(after) {
        stood_in_its_terms(cluster, server, before, after)?;
    }
    Ok(())
}

/// Expects that `server` has asked for votes in the terms behind `before` up to `after`. Most of them are enough:
/// on a busy machine a candidate may be late with its ballots, and find that its election is over.
fn stood_in_its_terms(cluster: &Cluster, server: ServerId, before: Term, after: Term) -> Outcome {
    let Some(stood) = cluster.stood_in(server, before + 1..=after) else {
        cluster.ctx().warn(
            "the servers' messages are not the contract's, so it is not known in which terms they stand",
        );
        return Ok(());
    };
    let entered = after.saturating_sub(before);
    if entered <= 1 || 3 * stood > 2 * entered {
        return Ok(());
    }
    Err(cluster.ctx().failure(format!(
        "expected server {server}, which no message reaches, to enter terms only by standing for election in \
         the next one; it went from term {before} to term {after}, and asked for votes in {stood} of these \
         {entered} terms"
    )))
}
