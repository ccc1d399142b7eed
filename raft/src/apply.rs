//! Committed entries go to the state machine, in order and without a gap (§5.3).

use contracts::raft::{ApplyMsg, LogIndex};
use labrt::channel::Sender;

use crate::server::Server;
use crate::state::State;
use crate::timing::MAX_APPLY;

/// Requires the lock.
impl State {
    /// The next committed entries that were not applied; none when all were.
    fn unapplied(&self) -> Vec<ApplyMsg> {
        let committed = (self.commit_index - self.last_applied) as usize;
        let first = self.last_applied + 1;
        let entries = self.log().entries_from(first, committed.min(MAX_APPLY));
        (first..)
            .zip(entries)
            .map(|(index, entry)| ApplyMsg { index, command: entry.command.clone() })
            .collect()
    }
}

/// Excludes the lock.
impl Server {
    /// The applier thread: the only one that sends, so that order needs no further care. It never
    /// sends while it holds the lock, for the state machine may be slow. When it ends, it closes the
    /// channel, of which it has the only sender.
    pub(crate) fn apply_committed(&self, apply: Sender<ApplyMsg>) {
        let mut applied = 0;
        while let Some(messages) = self.await_committed(applied) {
            for message in messages {
                applied = message.index;
                if apply.send(message).is_err() {
                    return;
                }
            }
        }
    }

    /// Takes note that everything up to `applied` was handed over, and waits for more. `None` once
    /// the server was killed.
    fn await_committed(&self, applied: LogIndex) -> Option<Vec<ApplyMsg>> {
        let mut state = self.lock();
        state.last_applied = applied;
        while !state.killed {
            if state.last_applied < state.commit_index {
                return Some(state.unapplied());
            }
            state = state.wait(&self.signals.commit);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::leader;

    #[test]
    fn only_committed_entries_are_applied_each_once_and_in_parts() {
        let mut state = leader(600);
        state.commit_up_to(550);
        let mut applied = Vec::new();
        while state.last_applied < state.commit_index {
            let part = state.unapplied();
            assert!(part.len() <= MAX_APPLY);
            applied.extend(part.iter().map(|message| message.index));
            state.last_applied = *applied.last().unwrap();
        }
        assert_eq!(applied, (1..=550).collect::<Vec<_>>());
    }
}
