//! Workload: commands started on a leader at once, from as many threads.

use contracts::raft::{Command, ServerId, Started, Term};
use labrt::thread;
use labrt::time::Duration;

use super::{Cluster, Outcome};
use crate::threads::join;

/// Tries before the test gives up, since an election may spoil any of them.
const TRIES: u32 = 5;
/// Pause between tries.
const PAUSE: Duration = Duration::from_secs(3);
/// The commands.
const COMMANDS: std::ops::Range<i64> = 100..105;

/// The steps of [`concurrent_starts`].
pub const CONCURRENT_STARTS_STEPS: &[&str] = &[
    "1. Wait for a leader",
    "2. Start five commands on it at once, from five threads",
    "3. Expect all of them committed by all servers in that term",
];

/// What comes before the commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prelude {
    /// Nothing (COMP385).
    Nothing,
    /// One more command, started first (CS350).
    OneCommand,
}

/// Starts five commands on the leader at once and expects all of them to be committed by every server
/// in the leader's term. A try during which the term changes does not count.
pub fn concurrent_starts(cluster: &Cluster, prelude: Prelude) -> Outcome {
    for number in 1..=TRIES {
        if number > 1 {
            thread::sleep(PAUSE);
        }
        cluster.ctx().round(number, TRIES);
        cluster.step("1. Wait for a leader");
        let leader = cluster.one_leader()?;
        if let Some(term) = leading_term(cluster, leader, prelude)
            && try_in_term(cluster, leader, term)?
        {
            cluster.ctx().rounds_over();
            return Ok(());
        }
    }
    Err(cluster.ctx().failure(format!(
        "expected a term to last while five commands are committed; it changed in each of {TRIES} \
         tries, {} s apart, although nothing failed",
        PAUSE.as_secs()
    )))
}

/// The term that the leader leads; none if it no longer does.
fn leading_term(cluster: &Cluster, leader: ServerId, prelude: Prelude) -> Option<Term> {
    match prelude {
        Prelude::OneCommand => Some(cluster.submit(leader, &Command::Int(1))?.term),
        Prelude::Nothing => {
            let (term, leads) = cluster.state(leader)?;
            leads.then_some(term)
        }
    }
}

/// Whether all five were committed; false when the term changed.
fn try_in_term(cluster: &Cluster, leader: ServerId, term: Term) -> Outcome<bool> {
    cluster.step("2. Start five commands on it at once, from five threads");
    let answers = start_together(cluster, leader);
    if !cluster.all_in(term) {
        return Ok(false);
    }

    cluster.step("3. Expect all of them committed by all servers in that term");
    let mut committed = Vec::new();
    for (command, started) in COMMANDS.zip(answers) {
        let Some(Started { index, .. }) = started.filter(|started| started.term == term) else {
            return Err(cluster.ctx().failure(format!(
                "expected server {leader}, which leads term {term} throughout, to accept command \
                 {command} in it; it {}",
                started.map_or("refused".to_string(), |s| format!("says term {}", s.term)),
            )));
        };
        match cluster.wait(index, cluster.size(), Some(term))? {
            Some(command) => committed.push(command),
            None => return Ok(false),
        }
    }
    match COMMANDS.map(Command::Int).find(|c| !committed.contains(c)) {
        None => Ok(true),
        Some(missing) => Err(cluster.ctx().failure(format!(
            "expected commands 100 to 104 at the indices that the leader gave them; {missing} is \
             missing among {}",
            list(&committed)
        ))),
    }
}

/// Starts each command from a thread of its own; their answers, in order of the commands.
fn start_together(cluster: &Cluster, leader: ServerId) -> Vec<Option<Started>> {
    let clients: Vec<_> = COMMANDS
        .map(|command| {
            cluster.client(format!("client {command}"), move |cluster| {
                Ok(cluster.submit(leader, &Command::Int(command)))
            })
        })
        .collect();
    clients.into_iter().map(join).collect()
}

/// "100, 102, 103".
pub(crate) fn list(commands: &[Command]) -> String {
    let texts: Vec<String> = commands.iter().map(ToString::to_string).collect();
    texts.join(", ")
}
