//! The trace of events.
use std::fmt;
/// A kind of event; crates declare theirs as constants. The code must be unique in the program.
#[derive(Clone, Copy, Debug)]
pub struct Kind { /// Unique code (hashed). labrt: 1-99, labrpc: 100-199, suites: 200-299.
    pub code: u16, /// Name for people.
    pub name: &'static str }
/// Records an event: `object` and `data` are hashed, `text` is for people and only written to a full trace.
pub fn emit(_kind: Kind, _object: u32, _data: u64, _text: fmt::Arguments<'_>) {}
/// Hash of a payload, to be passed as an event's `data`.
pub fn payload_hash(_bytes: &[u8]) -> u64 { 0 }
