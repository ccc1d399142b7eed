//! Worlds.
use std::any::Any;
use crate::time::Duration;
/// Which clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock { /// Virtual time.
    Sim, /// Wall time.
    Real }
/// Scheduling policy of a simulated world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Policy { /// In order of becoming ready.
    Fifo, /// Uniform; at one point of choice in `delay_one_in` (0: never) also delayed.
    Random { /// .
        delay_one_in: u32 }, /// PCT.
    Pct { /// .
        depth: u32, /// .
        length: u64 } }
/// How to make a world.
#[derive(Clone, Debug)]
pub struct Config { /// Clock.
    pub clock: Clock, /// Seed.
    pub seed: u64, /// Policy (sim only).
    pub policy: Policy, /// Full trace file.
    pub trace: Option<std::path::PathBuf>, /// End with [`VerdictKind::TimeLimit`] after this much time on the clock in use.
    pub time_limit: Option<Duration> }
impl Config {
    /// A simulated world.
    pub fn sim(seed: u64) -> Self { Self { clock: Clock::Sim, seed, policy: Policy::Random { delay_one_in: 100 }, trace: None, time_limit: None } }
    /// A real one.
    pub fn real(seed: u64) -> Self { Self { clock: Clock::Real, ..Self::sim(seed) } }
}
/// Kinds of verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum VerdictKind { Panic, Deadlock, BusyWait, EndlessLoop, BlockedOutside, ForeignThread, TooManyThreads, TimeLimit }
/// The runtime's own verdict.
#[derive(Clone, Debug)]
pub struct Verdict { /// Kind.
    pub kind: VerdictKind, /// One line.
    pub message: String, /// `file:line:column`.
    pub location: Option<String>, /// Further lines (waiting threads…).
    pub details: Vec<String> }
/// How a world ended.
#[derive(Debug)]
pub enum End<T> { /// The main function returned.
    Returned(T), /// [`end`] was called.
    Ended(Box<dyn Any + Send>), /// The runtime ended it.
    Verdict(Verdict) }
/// What a world did.
#[derive(Clone, Debug, Default)]
pub struct Stats { /// Time on the world's clock.
    pub time: Duration, /// CPU time of the process... of the world's thread(s).
    pub cpu: Duration, /// Wall time.
    pub wall: Duration, /// Steps (sim).
    pub steps: u64, /// Trace hash (sim).
    pub hash: u64, /// Notes: e.g. a wait for a lock of more than 5 s, with its owner.
    pub notes: Vec<String> }
/// Outcome.
#[derive(Debug)]
pub struct Outcome<T> { /// End.
    pub end: End<T>, /// Stats.
    pub stats: Stats }
/// Runs `main` as the main thread of a new world on a fresh OS thread; returns when it has ended, was ended, or got a verdict. What else still runs is left behind, never dropped: the process is expected to end soon.
pub fn run<T: Send + 'static>(_config: Config, main: impl FnOnce() -> T + Send + 'static) -> Outcome<T> {
    let t0 = std::time::Instant::now();
    let r = std::thread::spawn(move || std::panic::catch_unwind(std::panic::AssertUnwindSafe(main))).join().unwrap();
    let end = match r { Ok(v) => End::Returned(v), Err(p) => match p.downcast::<EndPayload>() { Ok(e) => End::Ended(e.0), Err(p) => End::Verdict(Verdict { kind: VerdictKind::Panic, message: p.downcast_ref::<&str>().map(|s| (*s).to_string()).or_else(|| p.downcast_ref::<String>().cloned()).unwrap_or_default(), location: None, details: vec![] }) } };
    Outcome { end, stats: Stats { time: t0.elapsed(), wall: t0.elapsed(), ..Stats::default() } }
}
struct EndPayload(Box<dyn Any + Send>);
/// Ends the current world at once with `payload`, from any of its threads.
pub fn end(payload: impl Any + Send) -> ! { std::panic::panic_any(EndPayload(Box::new(payload))) }
/// The current world's clock (real outside any world).
pub fn clock() -> Clock { Clock::Real }
/// Adds a note to the world's [`Stats`].
pub fn note(_text: impl Into<String>) {}
