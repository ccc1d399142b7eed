//! The trace of a run: everything that happens, in order, as events of fixed width.
//!
//! The hash over the events is always taken: two runs with the same hash made the same choices and
//! exchanged the same bytes. Hashed are the kind of an event, ordinals of threads and objects in
//! order of creation, virtual nanoseconds and hashes of payloads; never an address, a name or a
//! text. The full trace, with texts for people, is written only when [`Config::trace`] names a
//! file: one JSON object a line. It holds [`remark`]s besides, which are no events: they are not
//! hashed, and what they tell follows from the events or from the program's own log.
//!
//! On the real clock nothing is recorded: there is no order of events to speak of.
//!
//! [`Config::trace`]: crate::world::Config::trace

use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, Write as _};

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::context::{self, Current};
use crate::sim::Sim;
use crate::sim::task::Label;

/// A kind of event. Each crate declares its own as constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// What is hashed; unique in the program. labrt has 1–99, labrpc 100–199, the suites 200–299,
    /// the harness 300–399; a submission that emits events of its own takes 1000 and above.
    pub code: u16,
    /// What people read.
    pub name: &'static str,
}

macro_rules! kinds {
    ($($code:literal $constant:ident $name:literal;)*) => {
        $(pub(crate) const $constant: Kind = Kind { code: $code, name: $name };)*
    };
}

kinds! {
    1 SPAWN "spawn";
    2 EXIT "exit";
    3 BLOCK "block";
    4 WAKE "wake";
    5 TIME_OUT "time-out";
    6 YIELD "yield";
    7 CLOCK "clock";
    8 LOCK "lock";
    9 UNLOCK "unlock";
    10 TRY_LOCK "try-lock";
    11 NOTIFY "notify";
    12 SEND "send";
    13 RECEIVE "receive";
    14 SELECT "select";
    15 ATOMIC "atomic";
    16 RANDOM "random";
    17 JOIN "join";
    18 DELAY "delay";
}

/// Adds an event to the trace of the current world. `object` and `data` are hashed; `text` is for
/// people, is evaluated only for a full trace, and must not call into labrt. This is no point of
/// choice: no other thread runs meanwhile.
pub fn emit(kind: Kind, object: u32, data: u64, text: fmt::Arguments<'_>) {
    if let Current::Sim(sim) = context::current() {
        sim.emit(kind, object, data, text);
    }
}

/// Adds a line to the full trace and nothing to the hash: for what is known from the events already,
/// told so that a reader need not decode it, and for log lines. It costs next to nothing where there
/// is no full trace. `text` is as for [`emit`]. This is no point of choice.
pub fn remark(kind: Kind, object: u32, data: u64, text: fmt::Arguments<'_>) {
    if let Some(sim) = context::sim_in_task() {
        sim.remark(kind, object, data, text);
    }
}

/// Whether the current world writes its full trace.
pub fn is_full() -> bool {
    context::sim_in_task().is_some_and(Sim::writes_full_trace)
}

/// A hash of a payload, to be passed as the data of an event.
pub fn payload_hash(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

/// Bytes of one event.
const EVENT: usize = 32;
/// Events that are hashed in one go.
const CHUNK: usize = 2048;
/// Bytes of a full trace that are written in one go.
const WRITE_AT: usize = 256 * 1024;

/// Takes the hash of a run, and writes its full trace where one is wanted.
///
/// Its buffers are made whether or not there is a file, so that a full trace does not move the
/// memory that the submission gets.
pub(crate) struct Recorder {
    events: Box<[u8]>,
    used: usize,
    hash: Xxh3,
    lines: Lines,
    file: Option<File>,
}

impl Recorder {
    pub(crate) fn new(file: Option<File>) -> Self {
        Self {
            events: vec![0; EVENT * CHUNK].into_boxed_slice(),
            used: 0,
            hash: Xxh3::new(),
            lines: Lines(Vec::with_capacity(2 * WRITE_AT)),
            file,
        }
    }

    /// Adds an event of `thread` at the virtual time `at`.
    #[inline]
    pub(crate) fn record(&mut self, at: u64, thread: u32, kind: Kind, object: u32, data: u64) {
        let place = &mut self.events[self.used..self.used + EVENT];
        place[..8].copy_from_slice(&at.to_le_bytes());
        place[8..12].copy_from_slice(&thread.to_le_bytes());
        place[12..16].copy_from_slice(&u32::from(kind.code).to_le_bytes());
        place[16..24].copy_from_slice(&u64::from(object).to_le_bytes());
        place[24..].copy_from_slice(&data.to_le_bytes());
        self.used += EVENT;
        if self.used == self.events.len() {
            self.hash.update(&self.events);
            self.used = 0;
        }
    }

    /// Whether the full trace is written.
    #[inline]
    pub(crate) fn is_full(&self) -> bool {
        self.file.is_some()
    }

    /// Adds the event's line to the full trace.
    pub(crate) fn line(
        &mut self,
        at: u64,
        thread: (u32, Label<'_>),
        kind: Kind,
        object: u32,
        data: u64,
        text: fmt::Arguments<'_>,
    ) {
        if self.file.is_none() {
            return;
        }
        let lines = &mut self.lines;
        let (ordinal, label) = thread;
        lines.raw(format_args!("{{\"ns\":{at},\"thread\":{ordinal},\"label\":\""));
        lines.escaped(format_args!("{label}"));
        lines.raw(format_args!(
            "\",\"code\":{},\"kind\":\"{}\",\"object\":{object},\"data\":\"{data:016x}\",\"text\":\"",
            kind.code, kind.name
        ));
        lines.escaped(text);
        lines.raw(format_args!("\"}}\n"));
        if lines.0.len() >= WRITE_AT {
            self.write_lines();
        }
    }

    fn write_lines(&mut self) {
        if let Some(file) = &mut self.file
            && let Err(error) = file.write_all(&self.lines.0)
        {
            let _ = writeln!(io::stderr(), "labrt: the trace ends here: {error}");
            self.file = None;
        }
        self.lines.0.clear();
    }

    /// Writes what is left, and returns the hash of all events.
    pub(crate) fn finish(&mut self) -> u64 {
        self.write_lines();
        self.hash.update(&self.events[..self.used]);
        self.used = 0;
        self.hash.digest()
    }
}

/// Lines of JSON, written without allocating anything but the buffer itself.
struct Lines(Vec<u8>);

impl Lines {
    fn raw(&mut self, text: fmt::Arguments<'_>) {
        self.0.write_fmt(text).expect("a vector takes all");
    }

    fn escaped(&mut self, text: fmt::Arguments<'_>) {
        // A text that fails to format shows what it had by then.
        let _ = Escaped(&mut self.0).write_fmt(text);
    }
}

/// Escapes what a JSON string must not hold as it is.
struct Escaped<'a>(&'a mut Vec<u8>);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            match byte {
                b'"' => self.0.extend_from_slice(b"\\\""),
                b'\\' => self.0.extend_from_slice(b"\\\\"),
                b'\n' => self.0.extend_from_slice(b"\\n"),
                0..0x20 => write!(self.0, "\\u{byte:04x}").map_err(|_| fmt::Error)?,
                _ => self.0.push(byte),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash_of(events: impl IntoIterator<Item = u64>) -> u64 {
        let mut recorder = Recorder::new(None);
        for data in events {
            recorder.record(1, 2, LOCK, 3, data);
        }
        recorder.finish()
    }

    #[test]
    fn the_hash_sees_every_event_and_their_order() {
        assert_eq!(hash_of(0..5000), hash_of(0..5000));
        assert_ne!(hash_of(0..5000), hash_of(0..5001));
        assert_ne!(hash_of([1, 2]), hash_of([2, 1]));
    }

    #[test]
    fn a_line_is_json_whatever_the_text() {
        let mut lines = Lines(Vec::new());
        lines.escaped(format_args!("a \"b\" \\ \n \u{1} é"));
        assert_eq!(lines.0, "a \\\"b\\\" \\\\ \\n \\u0001 é".as_bytes());
    }
}
