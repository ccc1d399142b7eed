//! Workload: time, bytes and threads that a Raft need not spend.
//!
//! A server that wastes them keeps every rule of the paper and of the courses, so what is found here is a warning and
//! never a failure. What fails a test is what fails it anywhere: a command that is not agreed upon, a leader that is
//! deposed although nothing fails.

use contracts::raft::{Command, ServerId, Started};
use labrt::group::Group;
use labrt::thread;
use labrt::time::{Duration, Instant};
use rand::RngExt;

use super::efficiency::random_text;
use super::killed::start_watched;
use super::{Cluster, Outcome};

/// Longest time of a message on its way, in [`prompt_entries`] and [`entries_travel_once`].
pub const LATENCY: Duration = Duration::from_millis(10);
/// A call to a server that cannot be reached fails within this time, in [`waiting_calls`].
pub const HANGS: Duration = Duration::from_mins(10);

/// The steps of [`prompt_entries`].
pub const PROMPT_STEPS: &[&str] = &[
    "1. Agree on a command on three servers, whose messages take up to 10 ms",
    "2. Start three commands at once, 41 times, and wait until the leader applies them",
    "3. Warn if half of the times they take longer than 40 ms",
];

/// How often commands are timed; odd, so that one time is in the middle.
const TIMED: i64 = 41;
/// Commands that are started at once: the second and the third wait for the first, or share its message.
const AT_ONCE: i64 = 3;
/// The longest pause before one: so short that few heartbeats come between two commands.
const LONGEST_PAUSE_MS: u64 = 20;
/// Two of the longest round trips. A leader that lets entries wait for its next heartbeat, ten times a second,
/// takes 50 ms for half of them, and the round trip.
const PROMPT: Duration = Duration::from_millis(40);
/// Between two looks at what was applied.
const LOOK: Duration = Duration::from_millis(1);
/// By now a command that is started on a healthy leader is applied.
const APPLIED: Duration = Duration::from_secs(2);

/// Times commands that meet a leader with nothing else to do.
pub fn prompt_entries(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on a command on three servers, whose messages take up to 10 ms");
    cluster.agree(0, 3)?;
    let leader = cluster.one_leader()?;

    cluster
        .step("2. Start three commands at once, 41 times, and wait until the leader applies them");
    let mut times = (1..=TIMED)
        .map(|time| {
            let pause = labrt::rand::rng().random_range(0..LONGEST_PAUSE_MS);
            thread::sleep(Duration::from_millis(pause));
            time_to_apply(cluster, leader, AT_ONCE * time)
        })
        .collect::<Outcome<Vec<Duration>>>()?;

    cluster.step("3. Warn if half of the times they take longer than 40 ms");
    times.sort_unstable();
    let median = times[times.len() / 2];
    if median > PROMPT {
        cluster.ctx().warn(format!(
            "entries are slow to leave: half of the commands are applied {} ms after their start or later, where \
             a message takes at most {} ms; a leader that does not wait for its next heartbeat is there within {} ms",
            median.as_millis(),
            LATENCY.as_millis(),
            PROMPT.as_millis(),
        ));
    }
    Ok(())
}

/// Starts commands, the first of which is `first`, and waits until the last is applied.
fn time_to_apply(cluster: &Cluster, leader: ServerId, first: i64) -> Outcome<Duration> {
    let began = Instant::now();
    let mut index = 0;
    for command in first..first + AT_ONCE {
        index = accepted(cluster, leader, &Command::from(command))?.index;
    }
    while cluster.applied().progress()[leader] < index {
        if began.elapsed() > APPLIED {
            return Err(cluster.ctx().failure(format!(
                "expected server {leader} to apply index {index} within {} s, since nothing fails",
                APPLIED.as_secs()
            )));
        }
        thread::sleep(LOOK);
    }
    Ok(began.elapsed())
}

/// Starts `command` on `leader`, which nothing has deposed.
fn accepted(cluster: &Cluster, leader: ServerId, command: &Command) -> Outcome<Started> {
    cluster.submit(leader, command).ok_or_else(|| {
        cluster.ctx().failure(format!(
            "expected server {leader} to go on leading, since nothing fails; it refused {command}"
        ))
    })
}

/// The steps of [`entries_travel_once`].
pub const ONCE_STEPS: &[&str] = &[
    "1. Agree on a command on three servers, whose messages take up to 10 ms",
    "2. Start 50 commands of 1000 bytes, one each 2 ms",
    "3. Wait until all servers apply them, and warn if they took more than twice the bytes",
];

/// Commands of a stream,
const STREAM: u64 = 50;
/// of so many bytes,
const STREAMED: usize = 1000;
/// so far apart: several are started while a message is on its way.
const STREAM_GAP: Duration = Duration::from_millis(2);

/// Starts commands faster than answers come, and counts the bytes.
pub fn entries_travel_once(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on a command on three servers, whose messages take up to 10 ms");
    let first = cluster.agree(1, 3)?;
    let leader = cluster.one_leader()?;

    cluster.step("2. Start 50 commands of 1000 bytes, one each 2 ms");
    let before = cluster.ctx().network().total_bytes();
    for _ in 0..STREAM {
        accepted(cluster, leader, &random_text(STREAMED))?;
        thread::sleep(STREAM_GAP);
    }

    cluster.step(
        "3. Wait until all servers apply them, and warn if they took more than twice the bytes",
    );
    cluster.wait(first + STREAM, 3, None)?;
    let sent = cluster.ctx().network().total_bytes() - before;
    let once = (cluster.size() as u64 - 1) * STREAM * STREAMED as u64;
    if sent > 2 * once {
        cluster.ctx().warn(format!(
            "entries travel again and again: {sent} bytes were sent for {STREAM} commands of {STREAMED} bytes, which \
             fit into {once}; the network loses nothing, so what is on its way need not be sent again"
        ));
    }
    Ok(())
}

/// The steps of [`absent_follower`].
pub const ABSENT_STEPS: &[&str] = &[
    "1. Agree on a command on three servers",
    "2. Disconnect a follower, and agree on 20 commands of 5000 bytes",
    "3. Wait for 20 s, and warn if more than 4 MB were sent",
    "4. Connect it again, and agree on three servers",
];

/// Commands that a follower misses,
const MISSED: usize = 20;
/// of so many bytes each.
const LARGE: usize = 5000;
/// For so long the follower is away.
const AWAY: Duration = Duration::from_secs(20);
/// All that the follower misses, 40 times; with each heartbeat it would be sent 200 times.
const SPARING: u64 = 40 * (MISSED * LARGE) as u64;

/// Lets a follower miss much, and counts the bytes that are wasted on it while it is away.
pub fn absent_follower(cluster: &Cluster) -> Outcome {
    cluster.step("1. Agree on a command on three servers");
    cluster.agree(1, 3)?;
    let leader = cluster.one_leader()?;

    cluster.step("2. Disconnect a follower, and agree on 20 commands of 5000 bytes");
    let follower = cluster.after(leader, 1);
    cluster.disconnect(follower);
    let before = cluster.ctx().network().total_bytes();
    for _ in 0..MISSED {
        cluster.agree(random_text(LARGE), 2)?;
    }

    cluster.step("3. Wait for 20 s, and warn if more than 4 MB were sent");
    thread::sleep(AWAY);
    let sent = cluster.ctx().network().total_bytes() - before;
    if sent > SPARING {
        cluster.ctx().warn(format!(
            "{sent} bytes were sent while server {follower} was away for {} s and missed {MISSED} commands of {LARGE} \
             bytes: what a server misses need not travel with every heartbeat while it does not answer",
            AWAY.as_secs()
        ));
    }

    cluster.step("4. Connect it again, and agree on three servers");
    cluster.connect(follower);
    cluster.agree(2, 3)?;
    Ok(())
}

/// The steps of [`waiting_calls`].
pub const WAITING_STEPS: &[&str] = &[
    "1. Start three servers anew, each watched, and agree on a command",
    "2. Disconnect a follower; calls to it now hang for minutes",
    "3. After 60 s, warn if a server has more than 400 threads for each that it cannot reach",
    "4. Agree on two servers",
];

/// For so long calls pile up: ten heartbeats a second are 600.
const PILE_UP: Duration = Duration::from_mins(1);
/// Threads of one server, for each that it cannot reach: what it is made of, and those that wait.
const MANY: usize = 400;

/// Lets calls hang, and counts the threads that wait for them.
pub fn waiting_calls(cluster: &Cluster) -> Outcome {
    cluster.step("1. Start three servers anew, each watched, and agree on a command");
    let groups: Vec<Group> = start_watched(cluster)?;
    cluster.agree(1, 3)?;

    cluster.step("2. Disconnect a follower; calls to it now hang for minutes");
    let absent = cluster.after(cluster.one_leader()?, 1);
    cluster.disconnect(absent);
    thread::sleep(PILE_UP);

    cluster.step(
        "3. After 60 s, warn if a server has more than 400 threads for each that it cannot reach",
    );
    for (server, group) in cluster.servers().zip(&groups) {
        let unreachable = if server == absent { cluster.size() - 1 } else { 1 };
        let threads = group.live();
        if threads > MANY * unreachable {
            cluster.ctx().warn(format!(
                "server {server} has {threads} threads after {} s in which no answer came from {}: calls that wait need \
                 a bound, or a server that is away takes down those that call it",
                PILE_UP.as_secs(),
                if server == absent { "anybody".into() } else { format!("server {absent}") },
            ));
        }
    }

    cluster.step("4. Agree on two servers");
    cluster.agree(2, 2)?;
    Ok(())
}
