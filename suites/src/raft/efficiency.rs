//! Workload: commands whose RPCs, or their bytes, are counted.

use contracts::raft::{Command, LogIndex, ServerId, Started, Term};
use labrt::thread;
use labrt::time::Duration;
use rand::RngExt;

use super::{Cluster, ELECTION, Outcome};

/// Tries before the test gives up, since an election may spoil any of them.
const TRIES: u32 = 5;
/// Pause between tries.
const PAUSE: Duration = Duration::from_secs(3);
/// RPCs received by the time of the first leader.
const FIRST_LEADER: std::ops::RangeInclusive<u64> = 1..=30;
/// Commands started on the leader; all but the last are waited for.
const COMMANDS: usize = 12;
/// RPCs received for them: one a command and follower, and some slack.
const AGREEMENT: u64 = (10 + 1 + 3) * 3;
/// RPCs received in [`ELECTION`] while nothing happens.
const IDLE: u64 = 3 * 20;

/// The steps of [`rpc_efficiency`].
pub const RPC_EFFICIENCY_STEPS: &[&str] = &[
    "1. Wait for the first leader: it takes 1 to 30 RPCs",
    "2. Count the RPCs received so far",
    "3. Start twelve commands on the leader and wait for the first eleven",
    "4. Expect at most 42 RPCs for them, if the term did not change",
    "5. Expect at most 60 RPCs in a second of idleness",
];

/// The steps of [`rpc_bytes`].
pub const RPC_BYTES_STEPS: &[&str] = &[
    "1. Agree on a small command",
    "2. Agree on ten commands of 5000 bytes and expect them at consecutive indices",
    "3. Expect each command to have travelled to each server once",
];

/// Large commands,
const LARGE_COMMANDS: u64 = 10;
/// of so many bytes.
const LARGE: usize = 5000;
/// Bytes for everything but the large commands.
const OTHER_BYTES: u64 = 50_000;

/// What one try found.
enum Try {
    /// RPCs received in total when the commands were committed.
    Committed(u64),
    /// An election came between.
    TermChanged,
}

/// Counts the RPCs for an election, for twelve commands and in idleness, with three servers.
///
/// The commands are also expected at consecutive indices, as they were started: COMP385's tester does
/// not look, CS350's does, and the paper wants it (Leader Append-Only, Figure 3).
pub fn rpc_efficiency(cluster: &Cluster) -> Outcome {
    cluster.step("1. Wait for the first leader: it takes 1 to 30 RPCs");
    cluster.one_leader()?;
    let received = cluster.rpcs_received();
    if !FIRST_LEADER.contains(&received) {
        return Err(cluster.ctx().failure(format!(
            "expected {} to {} RPCs until the first leader, got {received}",
            FIRST_LEADER.start(),
            FIRST_LEADER.end(),
        )));
    }

    let received = commit_in_one_term(cluster)?;

    cluster.step("5. Expect at most 60 RPCs in a second of idleness");
    thread::sleep(ELECTION);
    let idle = cluster.rpcs_received() - received;
    if idle > IDLE {
        return Err(cluster.ctx().failure(format!(
            "expected at most {IDLE} RPCs in {} s of idleness, got {idle}",
            ELECTION.as_secs()
        )));
    }
    Ok(())
}

/// RPCs received in total when the commands of the first undisturbed try were committed.
fn commit_in_one_term(cluster: &Cluster) -> Outcome<u64> {
    for number in 1..=TRIES {
        if number > 1 {
            thread::sleep(PAUSE);
        }
        cluster.ctx().round(number, TRIES);
        if let Try::Committed(received) = try_once(cluster)? {
            cluster.ctx().rounds_over();
            return Ok(received);
        }
    }
    Err(cluster.ctx().failure(format!(
        "expected a term to last while twelve commands are committed; it changed in each of \
         {TRIES} tries, {} s apart, although nothing failed",
        PAUSE.as_secs()
    )))
}

fn try_once(cluster: &Cluster) -> Outcome<Try> {
    cluster.step("2. Count the RPCs received so far");
    let leader = cluster.one_leader()?;
    let before = cluster.rpcs_received();

    cluster.step("3. Start twelve commands on the leader and wait for the first eleven");
    let commands: Vec<Command> = {
        let mut rng = labrt::rand::rng();
        (0..COMMANDS).map(|_| Command::Int(rng.random_range(0..1 << 31))).collect()
    };
    let Some((first, term)) = start_in_one_term(cluster, leader, &commands)? else {
        return Ok(Try::TermChanged);
    };
    for (index, command) in (first..).zip(&commands).take(COMMANDS - 1) {
        match cluster.wait(index, cluster.size(), Some(term))? {
            None => return Ok(Try::TermChanged),
            Some(seen) if seen == *command => {}
            Some(seen) => {
                return Err(cluster.ctx().failure(format!(
                    "expected command {command} at index {index}, where the leader of term {term} \
                     had put it; {seen} was applied there"
                )));
            }
        }
    }

    cluster.step("4. Expect at most 42 RPCs for them, if the term did not change");
    if !cluster.all_in(term) {
        return Ok(Try::TermChanged);
    }
    let received = cluster.rpcs_received();
    if received - before > AGREEMENT {
        return Err(cluster.ctx().failure(format!(
            "expected at most {AGREEMENT} RPCs for {COMMANDS} commands, got {}",
            received - before
        )));
    }
    Ok(Try::Committed(received))
}

/// Starts the commands; the index of the first and their term, or none if the term changed.
fn start_in_one_term(
    cluster: &Cluster,
    leader: ServerId,
    commands: &[Command],
) -> Outcome<Option<(LogIndex, Term)>> {
    let mut first: Option<Started> = None;
    for (offset, command) in (0..).zip(commands) {
        let Some(started) = cluster.submit(leader, command) else {
            return Ok(None);
        };
        let Started { index, term } = *first.get_or_insert(started);
        if started.term != term {
            return Ok(None);
        }
        let expected = index + offset;
        cluster.index_within(command.clone(), started.index, expected..=expected)?;
    }
    Ok(first.map(|started| (started.index, started.term)))
}

/// Counts the bytes of the RPCs for a few large commands: no server should be sent a command twice.
pub fn rpc_bytes(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on a small command");
    let first = cluster.agree_at_once(99, cluster.size())?;
    let before = cluster.ctx().network().total_bytes();

    cluster.step("2. Agree on ten commands of 5000 bytes and expect them at consecutive indices");
    for expected in first + 1..=first + LARGE_COMMANDS {
        let index = cluster.agree_at_once(random_text(LARGE), cluster.size())?;
        if index != expected {
            return Err(cluster.ctx().failure(format!(
                "expected a command of {LARGE} bytes at index {expected}; it is at index {index}"
            )));
        }
    }

    cluster.step("3. Expect each command to have travelled to each server once");
    let sent = cluster.ctx().network().total_bytes() - before;
    let most = cluster.size() as u64 * LARGE_COMMANDS * LARGE as u64 + OTHER_BYTES;
    if sent > most {
        return Err(cluster.ctx().failure(format!(
            "expected at most {most} bytes in RPCs for {LARGE_COMMANDS} commands of {LARGE} bytes \
             each, got {sent}"
        )));
    }
    Ok(())
}

/// A text of so many letters that no other command will equal.
pub(super) fn random_text(bytes: usize) -> Command {
    let mut rng = labrt::rand::rng();
    let text: String = (0..bytes).map(|_| char::from(rng.random_range(b'a'..=b'z'))).collect();
    Command::Text(text.into())
}
