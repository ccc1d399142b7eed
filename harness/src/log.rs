//! Where `tracing` events go: to standard error, one line and one write each.
//!
//! In a simulated world the level must not change the schedule. Evaluating or formatting an argument
//! can lock, read the clock, allocate; so *every* event of the submission is formatted, into a buffer
//! that is reused, and the level only decides whether the line is written. The network's own events
//! (several for each RPC) are plain numbers, whose formatting does nothing else: they are formatted
//! only when they are to be seen. On the real clock, where no two runs are alike anyway, an event
//! below the level costs nothing.

use std::cell::Cell;
use std::fmt::{self, Write};
use std::time::Duration;

use protocol::Clock;
use tracing_core::field::{Field, Visit};
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Dispatch, Event, Interest, Level, LevelFilter, Metadata, Subscriber};

/// Sends the events of this process to standard error from now on, as far as `vlevel` admits them.
/// To be called once; the first call counts.
pub(crate) fn install(clock: Clock, vlevel: u8) {
    let log = Log { clock, vlevel };
    let _ = tracing_core::dispatcher::set_global_default(Dispatch::new(log));
}

struct Log {
    clock: Clock,
    vlevel: u8,
}

impl Log {
    /// From this verbosity on the network and the runtime are heard, too.
    const NETWORK: u8 = 11;

    /// Whether an event is to be formatted.
    fn hears(&self, metadata: &Metadata<'_>) -> bool {
        self.admits(metadata) || self.clock == Clock::Sim && !is_of_toolkit(metadata)
    }

    /// Whether a line of this event is to be seen.
    fn admits(&self, metadata: &Metadata<'_>) -> bool {
        let needed = match *metadata.level() {
            _ if is_of_toolkit(metadata) => Self::NETWORK,
            Level::TRACE => 3,
            Level::DEBUG => 2,
            _ => 1,
        };
        self.vlevel >= needed
    }
}

/// Whether an event is of the network or the runtime rather than of the submission.
fn is_of_toolkit(metadata: &Metadata<'_>) -> bool {
    ["labrpc", "labrt"].into_iter().any(|name| {
        let rest = metadata.target().strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    })
}

impl Subscriber for Log {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.hears(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.hears(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(match (self.clock, self.vlevel) {
            (Clock::Sim, _) | (Clock::Real, 3..) => LevelFilter::TRACE,
            (Clock::Real, 2) => LevelFilter::DEBUG,
            (Clock::Real, 1) => LevelFilter::INFO,
            (Clock::Real, 0) => LevelFilter::OFF,
        })
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = take_buffer();
        format(event, &mut line);
        if self.admits(event.metadata()) {
            write_line(&line);
        }
        put_back(line);
    }

    // Lab threads share the OS thread's idea of the current span, so spans say nothing here; a
    // line's thread label does.
    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _span: &Id, _values: &Record<'_>) {}
    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}
    fn enter(&self, _span: &Id) {}
    fn exit(&self, _span: &Id) {}
}

thread_local! {
    /// The buffer of the last line. An event that comes while another one is being formatted, from
    /// an argument that logs or that lets another lab thread run, finds none and makes its own.
    static BUFFER: Cell<Option<String>> = const { Cell::new(None) };
}

const BUFFER_BYTES: usize = 1024;

fn take_buffer() -> String {
    let buffer = BUFFER.take();
    buffer.unwrap_or_else(|| String::with_capacity(BUFFER_BYTES))
}

fn put_back(mut line: String) {
    line.clear();
    BUFFER.set(Some(line));
}

/// `virtual seconds  thread  LEVEL target: message field=value`, and the end of the line.
fn format(event: &Event<'_>, line: &mut String) {
    let metadata = event.metadata();
    let _ = write!(
        line,
        "{:12.6} {:<20} {:<5} {}:",
        elapsed().as_secs_f64(),
        labrt::thread::label(),
        metadata.level().as_str(),
        metadata.target(),
    );
    event.record(&mut Fields(line));
    line.push('\n');
}

/// Time on the world's clock, read without being a point of choice.
fn elapsed() -> Duration {
    labrt::world::elapsed()
}

struct Fields<'a>(&'a mut String);

impl Fields<'_> {
    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        let _ = match field.name() {
            "message" => write!(self.0, " {value}"),
            name => write!(self.0, " {name}={value}"),
        };
    }
}

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format_args!("{value:?}"));
    }
}

/// Not through std's handle: that has a lock, which another lab thread may hold.
fn write_line(line: &str) {
    let mut rest = line.as_bytes();
    while !rest.is_empty() {
        match rustix::io::write(rustix::stdio::stderr(), rest) {
            Ok(written) => rest = &rest[written..],
            Err(rustix::io::Errno::INTR) => {}
            // Nobody reads the log; that is no reason to end a run.
            Err(_) => return,
        }
    }
}
