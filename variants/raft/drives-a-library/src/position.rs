//! The library's indices and the contract's: the library counts all entries, the contract commands only.

use contracts::raft::{ApplyMsg, LogIndex};
use raft::eraftpb::Entry;
use raft::{GetEntriesContext, RaftLog, Storage};

use crate::wire::command_of;

/// How far the log was handed to the state machine.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Position {
    /// The last entry, as the library counts.
    entry: u64,
    /// The last command, as the contract counts.
    command: LogIndex,
}

impl Position {
    /// Goes on to `entry`, the next one; what is to be applied for it.
    pub(crate) fn pass(&mut self, entry: &Entry) -> Option<ApplyMsg> {
        self.entry = entry.index;
        let command = command_of(entry)?;
        self.command += 1;
        Some(ApplyMsg { index: self.command, command })
    }

    /// The index of the last command in `log`, applied or not.
    pub(crate) fn last_command(self, log: &RaftLog<impl Storage>) -> LogIndex {
        let ahead = log
            .entries(self.entry + 1, None, GetEntriesContext::empty(false))
            .expect("nothing is ever taken out of the log");
        let commands = ahead.iter().filter(|entry| !entry.data.is_empty()).count();
        self.command + commands as LogIndex
    }
}
