//! Workload: concurrent agreements on an unreliable network.

use super::{Cluster, Outcome};
use crate::threads::join;

/// Rounds, numbered from 1.
const ROUNDS: std::ops::Range<u32> = 1..50;
/// Clients that each agree on one command a round, beside the test's own.
const CLIENTS: u32 = 4;

/// The steps of [`concurrent_agreements`].
pub const CONCURRENT_AGREEMENTS_STEPS: &[&str] = &[
    "1. Agree on 245 commands, with many clients at once",
    "2. Wait for all clients",
    "3. Agree once more, on all servers and a reliable network",
];

/// When the network becomes reliable again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heal {
    /// Before the clients are waited for (CS350).
    BeforeJoin,
    /// When all clients are done (COMP385).
    AfterJoin,
}

/// 49 rounds of five concurrent agreements each, then one agreement on a reliable network.
pub fn concurrent_agreements(cluster: &Cluster, heal: Heal) -> Outcome {
    cluster.step("1. Agree on 245 commands, with many clients at once");
    let mut clients = Vec::new();
    for round in ROUNDS {
        cluster.ctx().round(round, ROUNDS.end - 1);
        for client in 0..CLIENTS {
            let command = i64::from(100 * round + client);
            clients.push(cluster.client(format!("client {round}.{client}"), move |cluster| {
                cluster.agree(command, 1)
            }));
        }
        cluster.agree(i64::from(round), 1)?;
    }
    cluster.ctx().rounds_over();

    cluster.step("2. Wait for all clients");
    if heal == Heal::BeforeJoin {
        cluster.reliable(true);
    }
    for client in clients {
        join(client);
    }
    cluster.reliable(true);

    cluster.step("3. Agree once more, on all servers and a reliable network");
    cluster.agree(100, cluster.size())?;
    Ok(())
}
