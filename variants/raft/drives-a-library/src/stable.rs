//! What survives a crash: the library's hard state, and its log.

use contracts::raft::Persister;
use protobuf::{CodedInputStream, Message as _, ProtobufResult};
use raft::eraftpb::{Entry, HardState};

/// A server's stable storage. The log stays encoded, so that a save encodes new entries only.
#[derive(Debug)]
pub(crate) struct Stable {
    persister: Persister,
    /// The entries, one after the other, each after its length.
    log: Vec<u8>,
    /// Where each of them ends in `log`.
    ends: Vec<usize>,
}

impl Stable {
    /// What `persister` holds: the hard state and the entries that a server had saved, which is nothing on its first start.
    pub(crate) fn restore(persister: Persister) -> (Self, HardState, Vec<Entry>) {
        let saved = persister.load();
        let (hard_state, entries) = decode(&saved).expect("what was saved can be read");
        let mut stable = Self { persister, log: Vec::new(), ends: Vec::new() };
        stable.append(&entries);
        (stable, hard_state, entries)
    }

    /// Adds `entries`, in the place of those that stood at their indices and after. They are not saved yet.
    pub(crate) fn append(&mut self, entries: &[Entry]) {
        let Some(first) = entries.first() else { return };
        self.ends.truncate(first.index as usize - 1);
        self.log.truncate(self.ends.last().copied().unwrap_or(0));
        for entry in entries {
            entry.write_length_delimited_to_vec(&mut self.log).expect("an entry can be encoded");
            self.ends.push(self.log.len());
        }
    }

    /// Saves the log together with `hard_state`.
    pub(crate) fn save(&self, hard_state: &HardState) {
        let mut bytes = Vec::with_capacity(self.log.len() + 32);
        hard_state.write_length_delimited_to_vec(&mut bytes).expect("a state can be encoded");
        bytes.extend_from_slice(&self.log);
        self.persister.save(bytes);
    }
}

fn decode(saved: &[u8]) -> ProtobufResult<(HardState, Vec<Entry>)> {
    let mut input = CodedInputStream::from_bytes(saved);
    if input.eof()? {
        return Ok(Default::default());
    }
    let hard_state = input.read_message()?;
    let mut entries = Vec::new();
    while !input.eof()? {
        entries.push(input.read_message()?);
    }
    Ok((hard_state, entries))
}
