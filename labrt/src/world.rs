//! Running a program in a world of its own.

use std::any::Any;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::context::{self, Current};
use crate::real::RealWorld;
use crate::sim::{Progress, STEP_NS, Sim};
use crate::time::Duration;
use crate::{os, panics, real};

pub use crate::verdict::{Verdict, VerdictKind};

/// Which clock a world is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Virtual time; lab threads are coroutines.
    Sim,
    /// Wall time; lab threads are OS threads.
    Real,
}

/// Who runs next in a simulated world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// In order of becoming ready; never delayed.
    Fifo,
    /// Uniformly at random; at one point of choice in `delay_one_in` the thread is also delayed, by
    /// 10 µs to 10 ms of virtual time.
    Random {
        /// Mean number of points of choice between two delays; 0 for no delays.
        delay_one_in: u32,
    },
    /// Probabilistic concurrency testing: random priorities, and `depth` changes of priority at
    /// random steps among the first `length`.
    Pct {
        /// Number of changes.
        depth: u32,
        /// Number of steps over which they are spread.
        length: u64,
    },
}

impl Default for Policy {
    fn default() -> Self {
        Self::Random { delay_one_in: 40 }
    }
}

/// How to make a world.
#[derive(Clone, Debug)]
pub struct Config {
    /// The clock.
    pub clock: Clock,
    /// Seed of every random choice.
    pub seed: u64,
    /// Who runs next; the real world has no say in that.
    pub policy: Policy,
    /// Where to write the full trace; nothing is written on the real clock.
    pub trace: Option<PathBuf>,
    /// Time on the world's clock after which it ends with [`VerdictKind::TimeLimit`].
    pub time_limit: Option<Duration>,
    /// Whether the whole process belongs to this simulated world: then a call into labrt from an OS
    /// thread that the world does not know ends it with [`VerdictKind::ForeignThread`].
    pub exclusive: bool,
}

impl Config {
    /// A simulated world with the default policy.
    pub fn sim(seed: u64) -> Self {
        Self {
            clock: Clock::Sim,
            seed,
            policy: Policy::default(),
            trace: None,
            time_limit: None,
            exclusive: false,
        }
    }

    /// A real world. The seed goes into [`rand`](crate::rand) only.
    pub fn real(seed: u64) -> Self {
        Self { clock: Clock::Real, ..Self::sim(seed) }
    }
}

/// How a world ended.
#[derive(Debug)]
pub enum End<T> {
    /// Its main function returned.
    Returned(T),
    /// [`end`] was called, with this.
    Ended(Box<dyn Any + Send>),
    /// The runtime found something wrong.
    Verdict(Verdict),
}

/// What a world did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Time on the world's clock.
    pub time: Duration,
    /// Wall time.
    pub wall: Duration,
    /// Steps of all threads; 0 on the real clock.
    pub steps: u64,
    /// Hash of all events; 0 on the real clock.
    pub hash: u64,
    /// What is no failure but may explain one: waits for a lock of 5 virtual seconds and more.
    pub notes: Vec<String>,
}

/// What came of a world.
#[derive(Debug)]
pub struct Outcome<T> {
    /// How it ended.
    pub end: End<T>,
    /// What it did.
    pub stats: Stats,
}

impl<T> Outcome<T> {
    /// What the main function returned.
    ///
    /// # Errors
    /// The verdict, when the runtime found something wrong.
    ///
    /// # Panics
    /// When [`end`] was called.
    pub fn returned(self) -> Result<T, Verdict> {
        match self.end {
            End::Returned(value) => Ok(value),
            End::Verdict(verdict) => Err(verdict),
            End::Ended(_) => panic!("the world was ended by a call to `world::end`"),
        }
    }
}

/// How a world ended, without what its main function returned.
pub(crate) enum Ending {
    Returned,
    Ended(Box<dyn Any + Send>),
    Verdict(Verdict),
}

/// Runs `main` as the main thread of a new world, on a fresh OS thread, until it returns, somebody
/// calls [`end`], or the runtime finds something wrong.
///
/// Threads that still live by then never go on in a simulated world: nothing of theirs is dropped, and
/// their stacks are given back. In the real world they are on their own. The process is
/// expected to end soon; see [`exit_now`](crate::exit_now).
///
/// # Panics
/// When the trace file cannot be created, or the system refuses a thread.
pub fn run<T: Send + 'static>(
    config: Config,
    main: impl FnOnce() -> T + Send + 'static,
) -> Outcome<T> {
    panics::install_hook();
    let returned = Arc::new(Mutex::new(None));
    let place = Arc::clone(&returned);
    let started = std::time::Instant::now();
    let store = move || {
        let value = main();
        *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        end_with(Ending::Returned)
    };
    let (ending, mut stats) = match config.clock {
        Clock::Sim => run_sim(&config, Box::new(store)),
        Clock::Real => real::run(&config, Box::new(store)),
    };
    stats.wall = started.elapsed();
    let end = match ending {
        Ending::Returned => {
            let value = returned.lock().unwrap_or_else(PoisonError::into_inner).take();
            End::Returned(value.expect("main has stored its value"))
        }
        Ending::Ended(payload) => End::Ended(payload),
        Ending::Verdict(verdict) => End::Verdict(verdict),
    };
    Outcome { end, stats }
}

fn run_sim(config: &Config, main: Box<dyn FnOnce() + Send>) -> (Ending, Stats) {
    let trace = config.trace.as_ref().map(|path| {
        File::create(path)
            .unwrap_or_else(|error| panic!("cannot create the trace {}: {error}", path.display()))
    });
    let progress = Arc::new(Progress::default());
    let config = config.clone();
    let exclusive = config.exclusive;
    let of_world = Arc::clone(&progress);
    let world = os::supervisor::start(move || {
        let sim: &'static Sim = Box::leak(Box::new(Sim::new(&config, trace, of_world)));
        context::enter_sim(sim, exclusive);
        let remains = sim.run(main);
        context::leave();
        remains
    });
    match world.watch(&progress) {
        Ok(remains) => {
            let stats = Stats {
                time: Duration::from_nanos(remains.virtual_ns),
                wall: Duration::ZERO,
                steps: remains.steps,
                hash: remains.hash,
                notes: remains.notes,
            };
            (remains.ending, stats)
        }
        Err(verdict) => {
            let stats = Stats {
                time: Duration::from_nanos(progress.now_ns()),
                steps: progress.steps(),
                ..Stats::default()
            };
            (Ending::Verdict(verdict), stats)
        }
    }
}

/// Ends the current world; nothing of the calling thread runs any more.
pub(crate) fn end_with(ending: Ending) -> ! {
    match (context::current(), context::real()) {
        (Current::Sim(sim), _) => sim.end(ending),
        (Current::Real, Some(world)) => world.end(ending),
        (Current::Real, None) => panic!("there is no world to end"),
    }
}

/// Ends the current world at once with `payload`, from any of its threads.
///
/// # Panics
/// Outside any world.
pub fn end(payload: impl Any + Send) -> ! {
    end_with(Ending::Ended(Box::new(payload)))
}

/// The clock of the current world; the real one outside any.
pub fn clock() -> Clock {
    match context::current() {
        Current::Sim(_) => Clock::Sim,
        Current::Real => Clock::Real,
    }
}

/// Time on the world's clock since the world began; since the first call outside any. Unlike
/// [`Instant::now`](crate::time::Instant::now) this is no point of choice.
pub fn elapsed() -> Duration {
    match context::current() {
        Current::Sim(sim) => Duration::from_nanos(sim.now()),
        Current::Real => context::real().map_or_else(real::process_time, RealWorld::elapsed),
    }
}

/// The part of [`elapsed`] that the steps of all threads took on the simulated clock; the rest is
/// time in which all of them waited. Zero on the real clock. No point of choice.
pub fn stepping() -> Duration {
    match context::current() {
        Current::Sim(sim) => Duration::from_nanos(sim.steps().saturating_mul(STEP_NS)),
        Current::Real => Duration::ZERO,
    }
}

/// Adds a note to the [`Stats`] of the current world.
pub fn note(note: impl Into<String>) {
    match (context::current(), context::real()) {
        (Current::Sim(sim), _) => sim.note(note.into()),
        (Current::Real, Some(world)) => world.note(note.into()),
        (Current::Real, None) => {}
    }
}
