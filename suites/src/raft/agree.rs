//! Commands: started, applied, agreed upon.

use std::fmt;

use contracts::raft::{Command, LogIndex, ServerId, Started, Term};
use labrt::thread;
use labrt::time::{Duration, Instant};
use labrt::trace;
use rand::RngExt;

use super::watch::Committed;
use super::{Cluster, Outcome, name_servers};
use crate::events;

/// An agreement must be reached within this time.
const AGREE: Duration = Duration::from_secs(10);
/// A command that was accepted must be applied within this time, or it is started anew.
const APPLY: Duration = Duration::from_secs(2);
/// Between two looks at what was applied.
const LOOK: Duration = Duration::from_millis(20);
/// Between two rounds of asking when no server accepts.
const ASK: Duration = Duration::from_millis(50);

/// [`Cluster::wait`] looks this often,
const WAIT_LOOKS: u32 = 30;
/// sleeps this long at first, twice as long after each look,
const WAIT_FIRST: Duration = Duration::from_millis(10);
/// and no longer once it is this long.
const WAIT_LONG: Duration = Duration::from_secs(1);

/// What became of one attempt to agree; for the message when all fail.
struct Attempt {
    server: ServerId,
    started: Started,
    seen: Committed,
}

/// Who has accepted the command when an agreement fails.
#[derive(Default)]
struct Attempts {
    accepted: u32,
    last: Option<Attempt>,
}

impl Cluster {
    /// How many servers have applied `index` since their last start, and what.
    pub fn committed(&self, index: LogIndex) -> Committed {
        self.applied().at(index)
    }

    /// Expects that no server has applied `index`.
    pub fn nobody_committed(&self, index: LogIndex) -> Outcome {
        match self.committed(index) {
            Committed { command: None, .. } => Ok(()),
            Committed { count, command: Some(command) } => Err(self.ctx().failure(format!(
                "expected nothing committed at index {index} yet; {} already applied {command}",
                servers(count)
            ))),
        }
    }

    /// Waits until `n` servers have applied `index` and returns the command. With a `term`, it gives
    /// up as soon as a server is in a later one: none, and no failure, since a new leader need not
    /// keep the entry.
    pub fn wait(&self, index: LogIndex, n: usize, term: Option<Term>) -> Outcome<Option<Command>> {
        let began = Instant::now();
        let mut pause = WAIT_FIRST;
        for _ in 0..WAIT_LOOKS {
            if self.committed(index).count >= n {
                break;
            }
            thread::sleep(pause);
            if pause < WAIT_LONG {
                pause *= 2;
            }
            if term.is_some_and(|term| self.any_beyond(term)) {
                return Ok(None);
            }
        }
        let Committed { count, command } = self.committed(index);
        if count >= n {
            return Ok(command);
        }
        Err(self.ctx().failure(format!(
            "expected {} to apply index {index}; after {:.1} s {count} did",
            servers(n),
            began.elapsed().as_secs_f64(),
        )))
    }

    /// Gets `n` servers to apply `command` and returns its index. A command that was accepted and
    /// then lost with its leader is started anew, so it may end up in the log twice.
    pub fn agree(&self, command: impl Into<Command>, n: usize) -> Outcome<LogIndex> {
        self.reach_agreement(&command.into(), n, true, AGREE)
    }

    /// As [`agree`](Self::agree), within another time than the courses' ten seconds.
    pub fn agree_within(
        &self,
        command: impl Into<Command>,
        n: usize,
        within: Duration,
    ) -> Outcome<LogIndex> {
        self.reach_agreement(&command.into(), n, true, within)
    }

    /// As [`agree`](Self::agree), but the first server that accepts the command must bring it about.
    pub fn agree_at_once(&self, command: impl Into<Command>, n: usize) -> Outcome<LogIndex> {
        self.reach_agreement(&command.into(), n, false, AGREE)
    }

    /// Agrees on a random command.
    pub fn agree_on_any(&self, n: usize) -> Outcome<LogIndex> {
        self.agree(random_command(), n)
    }

    fn reach_agreement(
        &self,
        command: &Command,
        n: usize,
        retry: bool,
        within: Duration,
    ) -> Outcome<LogIndex> {
        let began = Instant::now();
        let mut attempts = Attempts::default();
        let mut asked = 0;
        while began.elapsed() < within {
            let Some((server, started)) = self.ask_around(&mut asked, command) else {
                thread::sleep(ASK);
                continue;
            };
            let seen = self.applied_in_time(started.index, n, command);
            if seen.agrees(n, command) {
                trace::emit(
                    events::AGREE,
                    n as u32,
                    events::entry_hash(started.index, command),
                    format_args!("{command} at index {} is on {}", started.index, servers(n)),
                );
                return Ok(started.index);
            }
            attempts.accepted += 1;
            attempts.last = Some(Attempt { server, started, seen });
            if !retry {
                break;
            }
        }
        Err(self.ctx().failure(format!(
            "expected agreement on command {command} by {}; after {:.1} s {}",
            servers(n),
            began.elapsed().as_secs_f64(),
            attempts.describe(self),
        )))
    }

    /// Goes once round the connected servers, beginning after the one asked last, until one accepts.
    fn ask_around(&self, asked: &mut ServerId, command: &Command) -> Option<(ServerId, Started)> {
        for _ in self.servers() {
            *asked = self.after(*asked, 1);
            if !self.is_connected(*asked) {
                continue;
            }
            if let Some(started) = self.submit(*asked, command) {
                return Some((*asked, started));
            }
        }
        None
    }

    /// What was applied at `index` when `n` servers agreed on `command` there, or in the end.
    fn applied_in_time(&self, index: LogIndex, n: usize, command: &Command) -> Committed {
        let began = Instant::now();
        loop {
            let seen = self.committed(index);
            if seen.agrees(n, command) || began.elapsed() >= APPLY {
                return seen;
            }
            thread::sleep(LOOK);
        }
    }

    /// Starts `count` random commands on `server`, whether it accepts them or not.
    pub fn submit_any(&self, server: ServerId, count: usize) {
        for _ in 0..count {
            self.submit(server, &random_command());
        }
    }

    /// Starts `command` on `leader`, which must accept it.
    pub fn leader_accepts(
        &self,
        leader: ServerId,
        command: impl Into<Command>,
    ) -> Outcome<Started> {
        let command = command.into();
        self.submit(leader, &command).ok_or_else(|| {
            self.ctx().failure(format!(
                "expected server {leader}, which claimed leadership, to accept command {command}; \
                 it refused"
            ))
        })
    }

    /// Expects that a command has got an index of `expected`.
    pub fn index_within(
        &self,
        command: impl Into<Command>,
        index: LogIndex,
        expected: std::ops::RangeInclusive<LogIndex>,
    ) -> Outcome {
        if expected.contains(&index) {
            return Ok(());
        }
        let (first, last) = (expected.start(), expected.end());
        let range = match last - first {
            0 => format!("{first}"),
            _ => format!("{first} to {last}"),
        };
        Err(self.ctx().failure(format!(
            "expected command {} at index {range}; it is at index {index}",
            command.into()
        )))
    }
}

impl Committed {
    fn agrees(&self, n: usize, command: &Command) -> bool {
        self.count >= n && self.command.as_ref() == Some(command)
    }
}

impl fmt::Display for Committed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.command {
            None => f.write_str("no server has applied that index"),
            Some(command) => write!(
                f,
                "{} {} applied {command} there",
                servers(self.count),
                if self.count == 1 { "has" } else { "have" },
            ),
        }
    }
}

impl Attempts {
    fn describe(&self, cluster: &Cluster) -> String {
        let Some(Attempt { server, started: Started { index, term }, seen }) = &self.last else {
            return format!("none of {} has accepted it", name_servers(&cluster.connected()));
        };
        let times = match self.accepted {
            1 => "once".to_string(),
            n => format!("{n} times, last"),
        };
        format!(
            "it was accepted {times} by server {server} at index {index} in term {term}, and {seen}"
        )
    }
}

/// "1 server", "3 servers".
fn servers(count: usize) -> String {
    match count {
        1 => "1 server".to_string(),
        n => format!("{n} servers"),
    }
}

/// A command that no other will equal.
pub fn random_command() -> Command {
    Command::Int(labrt::rand::rng().random_range(0..i64::MAX))
}
