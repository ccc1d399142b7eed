//! Reads what servers apply, and checks State Machine Safety (Figure 3 of the paper): a server applies
//! every index once and in order, and no two servers ever apply different commands at one index.

use std::sync::Arc;

use contracts::raft::{ApplyMsg, Command, LogIndex, ServerId};
use labrt::channel::Receiver;
use labrt::thread;
use labrt::time::Duration;

use super::observe::{Life, Observers};
use super::safety::{Property, Verdict, Violation};
use crate::bookkeeping::Lock;
use crate::{Context, events};

/// How many servers have applied an index, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Servers that have applied the index since their last start.
    pub count: usize,
    /// The command they applied; none when the count is 0.
    pub command: Option<Command>,
}

/// Everything that any server has applied.
///
/// As two commands at one index fail the test at once, one list holds what all of them applied, and a
/// server's part of it is a length.
#[derive(Debug)]
pub struct Applied {
    ctx: Context,
    observers: Arc<Observers>,
    state: Lock<State>,
    /// What a state machine takes for a command.
    pace: Lock<Duration>,
}

#[derive(Debug)]
struct State {
    /// The entry at position `i` has index `i + 1`.
    entries: Vec<Entry>,
    servers: Vec<Progress>,
}

#[derive(Debug)]
struct Entry {
    command: Command,
    /// The server that applied it first.
    first: ServerId,
}

/// How far a server is.
#[derive(Clone, Debug, Default)]
struct Progress {
    /// The instance that counts; what an older one still applies is discarded.
    instance: u64,
    /// The last index applied since the server's last start; 0 for none.
    last: LogIndex,
}

impl Applied {
    /// Nothing applied yet, by `servers` servers.
    pub(super) fn new(ctx: &Context, servers: usize, observers: Arc<Observers>) -> Self {
        Self {
            ctx: ctx.clone(),
            observers,
            state: Lock::new(State {
                entries: Vec::new(),
                servers: vec![Progress::default(); servers],
            }),
            pace: Lock::new(Duration::ZERO),
        }
    }

    /// From now on nothing that the server's instance applies counts. What it applied so far counts
    /// until the server's next start.
    pub fn retire(&self, server: ServerId) {
        self.state.lock().servers[server].instance += 1;
    }

    /// Starts to read what a new instance of `server` applies; it begins again at index 1. The
    /// thread reads until the channel is closed, past the instance's end, so that a retired instance
    /// never hangs in a send.
    pub(super) fn watch(self: &Arc<Self>, life: Life, messages: Receiver<ApplyMsg>) {
        let server = life.server;
        let instance = {
            let progress = &mut self.state.lock().servers[server];
            progress.instance += 1;
            progress.last = 0;
            progress.instance
        };
        let applied = Arc::clone(self);
        thread::Builder::new().name(format!("watcher of server {server}")).spawn(move || {
            while let Ok(message) = messages.recv() {
                applied.record(life, instance, message);
                applied.take_time();
            }
        });
    }

    /// From now on a state machine takes `pace` for each command before it reads the next.
    pub fn slow_down(&self, pace: Duration) {
        *self.pace.lock() = pace;
    }

    fn take_time(&self) {
        let pace = *self.pace.lock();
        if !pace.is_zero() {
            thread::sleep(pace);
        }
    }

    /// How many servers have applied `index`, and what.
    pub fn at(&self, index: LogIndex) -> Committed {
        let state = self.state.lock();
        let count = state.servers.iter().filter(|s| s.last >= index).count();
        let command = (count > 0).then(|| state.entries.get(position(index)?)).flatten();
        Committed {
            count: if command.is_some() { count } else { 0 },
            command: command.map(|entry| entry.command.clone()),
        }
    }

    /// Every command that any server has applied since the test began, in order of its index.
    pub fn commands(&self) -> Vec<Command> {
        let state = self.state.lock();
        state.entries.iter().map(|e| e.command.clone()).collect()
    }

    /// The last index that each server has applied since its last start.
    pub fn progress(&self) -> Vec<LogIndex> {
        self.state.lock().servers.iter().map(|s| s.last).collect()
    }

    fn record(&self, life: Life, instance: u64, message: ApplyMsg) {
        let server = life.server;
        let recorded = {
            let mut state = self.state.lock();
            if state.servers[server].instance != instance {
                return;
            }
            labrt::trace::emit(
                events::APPLY,
                server as u32,
                events::entry_hash(message.index, &message.command),
                format_args!("index={} command={}", message.index, message.command),
            );
            state.record(server, &message)
        };
        match recorded {
            Ok(Some(commits)) => self.ctx.set_commits(commits),
            Ok(None) => {}
            Err(violation) => self.observers.violated(&violation),
        }
        self.observers.applied(life, message.index, &message.command);
    }
}

impl State {
    /// Takes in one message; returns the number of entries when it is a new one. The error says what
    /// is wrong with it.
    fn record(&mut self, server: ServerId, message: &ApplyMsg) -> Verdict<Option<u64>> {
        let ApplyMsg { index, ref command } = *message;
        let expected = self.servers[server].last + 1;
        if index != expected {
            return Err(gap(server, index, expected, command));
        }
        self.servers[server].last = index;
        // No server is further than the list is long, so the entry is known or the very next.
        match self.entries.get(expected as usize - 1) {
            None => {
                self.entries.push(Entry { command: command.clone(), first: server });
                Ok(Some(index))
            }
            Some(known) if known.command == *command => Ok(None),
            Some(known) => Err(conflict(index, known, server, command)),
        }
    }
}

fn gap(server: ServerId, index: LogIndex, expected: LogIndex, command: &Command) -> Violation {
    let message = format!(
        "server {server} applied {command} at index {index}, expected index {expected}: since its \
         start it has applied {}",
        match expected {
            1 => "nothing".to_string(),
            _ => format!("up to index {}", expected - 1),
        }
    );
    Violation::new(Property::NoGaps, message).servers([server]).index(index)
}

fn conflict(index: LogIndex, known: &Entry, server: ServerId, command: &Command) -> Violation {
    let Entry { command: earlier, first } = known;
    let message = if *first == server {
        format!(
            "server {server} applied {command} at index {index}, where it had applied {earlier} \
             before its last restart"
        )
    } else {
        format!(
            "servers {first} and {server} applied different commands at index {index}: server \
             {first} {earlier}, server {server} {command}"
        )
    };
    Violation::new(Property::StateMachineSafety, message).servers([*first, server]).index(index)
}

/// Where an index stands in a list that begins with index 1.
fn position(index: LogIndex) -> Option<usize> {
    usize::try_from(index.checked_sub(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(servers: usize) -> State {
        State { entries: Vec::new(), servers: vec![Progress::default(); servers] }
    }

    fn apply(index: LogIndex, command: i64) -> ApplyMsg {
        ApplyMsg { index, command: command.into() }
    }

    #[test]
    fn in_order_and_the_same_everywhere_is_fine() {
        let mut state = state(2);
        assert_eq!(state.record(0, &apply(1, 7)), Ok(Some(1)));
        assert_eq!(state.record(1, &apply(1, 7)), Ok(None));
        assert_eq!(state.record(1, &apply(2, 8)), Ok(Some(2)));
    }

    #[test]
    fn a_gap_names_server_index_command_and_what_was_expected() {
        let mut state = state(2);
        state.record(0, &apply(1, 7)).unwrap();
        assert_eq!(
            state.record(0, &apply(3, 9)).unwrap_err().message,
            "server 0 applied 9 at index 3, expected index 2: since its start it has applied up to \
             index 1"
        );
        assert_eq!(
            state.record(1, &apply(0, 9)).unwrap_err().message,
            "server 1 applied 9 at index 0, expected index 1: since its start it has applied nothing"
        );
    }

    #[test]
    fn applying_an_index_twice_is_a_gap() {
        let mut state = state(1);
        state.record(0, &apply(1, 7)).unwrap();
        assert!(state.record(0, &apply(1, 7)).is_err());
    }

    #[test]
    fn a_conflict_names_both_servers_and_both_commands() {
        let mut state = state(3);
        state.record(2, &apply(1, 7)).unwrap();
        assert_eq!(
            state.record(0, &apply(1, 8)).unwrap_err().message,
            "servers 2 and 0 applied different commands at index 1: server 2 7, server 0 8"
        );
    }

    #[test]
    fn a_server_may_not_change_its_mind_over_a_restart() {
        let mut state = state(1);
        state.record(0, &apply(1, 7)).unwrap();
        state.servers[0].last = 0;
        assert_eq!(
            state.record(0, &apply(1, 8)).unwrap_err().message,
            "server 0 applied 8 at index 1, where it had applied 7 before its last restart"
        );
    }
}
