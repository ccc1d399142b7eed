//! Where `tracing` events go: to standard error, one line and one write each.
//!
//! In a simulated world the level must not change the schedule. Evaluating or formatting an argument
//! of a submission's can lock, read the clock, allocate; so *every* such event is formatted, into a
//! buffer that is reused, and the level only decides whether the line is written. The toolkit's own
//! events, some for each RPC, are free of all that: they are formatted only to be seen, in a way
//! that allocates nothing. On the real clock, where no two runs are alike anyway, an event below the
//! level costs nothing.
//!
//! A full trace gets every line of the submission's, whatever the level: who reads it chooses then.

use std::cell::Cell;
use std::fmt::{self, Write};

use labrt::trace::{self, Kind};
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

    /// Whether a line of this event is to be seen at this level.
    fn admits(&self, metadata: &Metadata<'_>) -> bool {
        let of_ours = OURS.iter().any(|name| is_in(metadata.target(), name));
        let needed = match *metadata.level() {
            _ if of_ours => Self::NETWORK,
            Level::TRACE => 3,
            Level::DEBUG => 2,
            _ => 1,
        };
        self.vlevel >= needed
    }
}

impl Subscriber for Log {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let has_side_effects = self.clock == Clock::Sim && !is_ours(metadata);
        has_side_effects || self.admits(metadata)
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
        let metadata = event.metadata();
        if is_ours(metadata) {
            network_line(event);
        } else {
            lab_line(event, self.admits(metadata));
        }
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

/// Whether the event comes from code of ours, whatever target it names.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    let module = metadata.module_path().unwrap_or_default();
    OURS.iter().any(|name| is_in(module, name))
}

/// The crates whose events are heard from [`Log::NETWORK`] on, and have no side effects.
const OURS: [&str; 2] = ["labrpc", "labrt"];

/// Whether `path` is that of the crate `name`, or of something in it.
fn is_in(path: &str, name: &str) -> bool {
    let rest = path.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

thread_local! {
    /// The buffer of the last line of the lab's. An event that comes while another one is being
    /// formatted, from an argument that logs or that lets another lab thread run, finds none and
    /// makes its own.
    static LAB: Cell<Option<String>> = const { Cell::new(None) };
    /// The buffer of the last line of ours; nothing comes between its taking and its return.
    static NETWORK: Cell<Option<String>> = const { Cell::new(None) };
}

type Buffer = std::thread::LocalKey<Cell<Option<String>>>;

/// Longer than any line of ours.
const BUFFER_BYTES: usize = 4096;

/// Makes the buffers of this thread, so that none is made at a moment that depends on the level. To
/// be called where a world begins.
pub(crate) fn prepare() {
    for buffer in [&LAB, &NETWORK] {
        put_back(buffer, take(buffer));
    }
}

fn take(buffer: &'static Buffer) -> String {
    let line = buffer.take();
    line.unwrap_or_else(|| String::with_capacity(BUFFER_BYTES))
}

fn put_back(buffer: &'static Buffer, mut line: String) {
    line.clear();
    buffer.set(Some(line));
}

/// `virtual seconds  thread  LEVEL target: message field=value`
fn lab_line(event: &Event<'_>, seen: bool) {
    let mut line = take(&LAB);
    let target = start(&mut line, event);
    event.record(&mut Fields(&mut line));
    let level = event.metadata().level();
    trace::remark(LOG, severity(*level), 0, format_args!("{}", &line[target..]));
    if seen {
        write_line(&mut line);
    }
    put_back(&LAB, line);
}

/// The same for a line of ours, which is to be seen.
fn network_line(event: &Event<'_>) {
    let mut line = take(&NETWORK);
    start(&mut line, event);
    event.record(&mut Fields(&mut line));
    write_line(&mut line);
    put_back(&NETWORK, line);
}

/// A line of the submission's in the full trace. Object: how severe it is, from 1 for an error to 5
/// for trace. Text: `target: message field=value`.
const LOG: Kind = Kind { code: 300, name: "log" };

fn severity(level: Level) -> u32 {
    match level {
        Level::ERROR => 1,
        Level::WARN => 2,
        Level::INFO => 3,
        Level::DEBUG => 4,
        Level::TRACE => 5,
    }
}

/// What a line begins with: the world's time and the thread's label, read without allocating and
/// without a point of choice. Returns where the target begins.
fn start(line: &mut String, event: &Event<'_>) -> usize {
    const LABEL_WIDTH: usize = 20;
    let time = labrt::world::elapsed();
    let (time_s, rest_us) = (time.as_secs(), time.subsec_micros());
    let metadata = event.metadata();
    let (level, target) = (metadata.level().as_str(), metadata.target());
    let _ = write!(line, "{time_s:5}.{rest_us:06} ");
    let label = line.len();
    let _ = labrt::thread::write_label(line);
    let width = LABEL_WIDTH.saturating_sub(line.len() - label);
    let _ = write!(line, "{:width$} {level:<5} ", "");
    let place = line.len();
    let _ = write!(line, "{target}:");
    place
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
fn write_line(line: &mut String) {
    line.push('\n');
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
