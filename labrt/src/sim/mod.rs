//! The simulated world: lab threads as coroutines on one OS thread, under a virtual clock.
//!
//! *World*: one run of one program, from its main thread's first step to its end. *Lab thread*: a
//! coroutine that runs the program's code. *Step*: what a thread does between two points of choice;
//! each costs a fixed virtual time. *Point of choice*: a call into labrt at which another thread may
//! be chosen to run.
//!
//! | module | what |
//! | --- | --- |
//! | [`scheduler`] | the mechanism: steps, blocking, waking, the clock, the main loop |
//! | [`policy`] | who runs next |
//! | [`task`] | the table of lab threads |
//! | [`coroutine`] | the stacks they run on |
//! | [`timers`] | who is to be woken when |
//! | [`locks`] | who holds and who waits for which lock |
//! | [`sync`] | taking locks and letting go of them, condition variables |
//! | [`deadlock`] | cycles of waits, found when they close |
//! | [`futex`] | waits of the standard library's own locks |

pub(crate) mod coroutine;
mod deadlock;
pub(crate) mod futex;
pub(crate) mod locks;
pub(crate) mod policy;
mod scheduler;
mod sync;
pub(crate) mod task;
mod timers;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::fs::File;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::group::Group;
use crate::os::Frames;
use crate::time::nanos;
use crate::trace::{self, Kind, Recorder};
use crate::verdict::{Verdict, VerdictKind};
use crate::world::{Config, Ending};

pub(crate) use scheduler::Core;
pub(crate) use sync::ObjectKind;
use task::{Belongs, Job, TaskRef, Waiter};

/// Virtual nanoseconds that a step costs.
pub(crate) const STEP_NS: u64 = 1_000;
/// Steps without a wait after which a thread is busy waiting.
const BUSY_STEPS: u32 = 1_000_000;
/// The most lab threads that may live at once: each takes two of the 65 530 memory mappings that a
/// Linux process has by default, and some are left for everything else.
const MAX_THREADS: usize = 30_000;

/// Threads wait and objects are numbered per world, so an object must know its own.
static NEXT_WORLD: AtomicU64 = AtomicU64::new(1);

/// How far a world has come, for its supervisor on another OS thread.
#[derive(Default)]
pub(crate) struct Progress {
    steps: AtomicU64,
    now_ns: AtomicU64,
}

impl Progress {
    #[inline]
    fn store(&self, steps: u64, now_ns: u64) {
        self.steps.store(steps, Ordering::Relaxed);
        self.now_ns.store(now_ns, Ordering::Relaxed);
    }

    /// Steps so far.
    pub(crate) fn steps(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }

    /// Virtual nanoseconds so far.
    pub(crate) fn now_ns(&self) -> u64 {
        self.now_ns.load(Ordering::Relaxed)
    }
}

/// A simulated world.
pub(crate) struct Sim {
    /// The world's number within the process; at least 1.
    id: u64,
    core: RefCell<Core>,
    in_task: Cell<bool>,
}

impl Sim {
    pub(crate) fn new(config: &Config, trace: Option<File>, progress: Arc<Progress>) -> Self {
        // Independent streams, each from the world's seed, so that drawing from one does not shift
        // another.
        let mut seeds = ChaCha8Rng::seed_from_u64(config.seed);
        let policy = policy::make(config.policy, seeds.next_u64());
        let choices = Xoshiro256PlusPlus::seed_from_u64(seeds.next_u64());
        let user = ChaCha8Rng::from_rng(&mut seeds);
        let system = ChaCha8Rng::from_rng(&mut seeds);
        let limit = config.time_limit.map_or(u64::MAX, nanos);
        Self {
            id: NEXT_WORLD.fetch_add(1, Ordering::Relaxed),
            core: RefCell::new(Core::new(
                policy,
                choices,
                user,
                system,
                limit,
                Recorder::new(trace),
                progress,
            )),
            in_task: Cell::new(false),
        }
    }

    /// The world's number within the process; at least 1.
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// Whether one of its lab threads is running, rather than the scheduler between two steps.
    #[inline]
    pub(crate) fn in_task(&self) -> bool {
        self.in_task.get()
    }

    /// Virtual nanoseconds since the world began. No point of choice.
    pub(crate) fn now(&self) -> u64 {
        self.core.borrow().now
    }

    /// The running thread's name for people.
    pub(crate) fn label(&self) -> String {
        let core = self.core.borrow();
        core.tasks.get(core.slot).label()
    }

    /// The running thread's number.
    pub(crate) fn ordinal(&self) -> u32 {
        let core = self.core.borrow();
        core.tasks.get(core.slot).ordinal
    }

    /// Writes the running thread's name for people, without allocating.
    pub(crate) fn write_label(&self, to: &mut dyn fmt::Write) -> fmt::Result {
        let core = self.core.borrow();
        write!(to, "{}", core.tasks.get(core.slot).name())
    }

    /// Changes the server that the running thread belongs to; returns the one before.
    pub(crate) fn set_server(&self, server: Option<Arc<str>>) -> Option<Arc<str>> {
        let mut core = self.core.borrow_mut();
        let slot = core.slot;
        std::mem::replace(&mut core.tasks.get_mut(slot).server, server)
    }

    /// Starts a thread: what `belongs` leaves open but the name it has from the running one, `at` is where
    /// it was started.
    pub(crate) fn spawn(
        &'static self,
        mut belongs: Belongs,
        at: &'static Location<'static>,
        job: Job,
    ) -> TaskRef {
        {
            let core = self.core.borrow();
            let starter = core.tasks.get(core.slot);
            belongs.server = belongs.server.or_else(|| starter.server.clone());
            belongs.group = belongs.group.or_else(|| starter.group.clone());
        }
        match self.add_thread(belongs, at, job) {
            Ok(task) => {
                self.point(trace::SPAWN, task.ordinal, 0, at);
                task
            }
            Err(verdict) => self.end(Ending::Verdict(verdict.at(at))),
        }
    }

    /// What the threads of `group` are doing, in order of creation.
    pub(crate) fn describe_group(&self, group: &Group) -> Vec<String> {
        self.core.borrow().describe_group(group)
    }

    /// Steps of all threads so far.
    pub(crate) fn steps(&self) -> u64 {
        self.core.borrow().steps
    }

    /// A number for a new object, in order of creation.
    pub(crate) fn new_object(&self) -> u32 {
        let mut core = self.core.borrow_mut();
        core.objects += 1;
        core.objects
    }

    /// Adds a note to what the run leaves behind.
    pub(crate) fn note(&self, note: String) {
        self.core.borrow_mut().note(note);
    }

    /// Adds an event to the trace.
    pub(crate) fn emit(&self, kind: Kind, object: u32, data: u64, text: fmt::Arguments<'_>) {
        self.core.borrow_mut().record(kind, object, data, text);
    }

    /// Adds a line to the full trace, and nothing to the hash.
    pub(crate) fn remark(&self, kind: Kind, object: u32, data: u64, text: fmt::Arguments<'_>) {
        self.core.borrow_mut().remark(kind, object, data, text);
    }

    /// Whether the full trace is written.
    pub(crate) fn writes_full_trace(&self) -> bool {
        self.core.borrow().writes_full_trace()
    }

    /// Chooses one of `count` things that are equally possible; 0 when there are none.
    pub(crate) fn choose(&self, count: usize) -> usize {
        if count < 2 {
            return 0;
        }
        self.core.borrow_mut().choices.random_range(0..count)
    }

    /// Draws from the generator that programs see.
    pub(crate) fn random(&self) -> u64 {
        let mut core = self.core.borrow_mut();
        let drawn = core.user_random.next_u64();
        core.record(trace::RANDOM, 0, drawn, format_args!(""));
        drawn
    }

    /// Answers a request for the system's randomness. `None` while the scheduler itself is at work.
    pub(crate) fn system_random(&self, buffer: &mut [u8]) -> Option<()> {
        self.core.try_borrow_mut().ok()?.system_random.fill_bytes(buffer);
        Some(())
    }

    /// Ends the world from one of its threads.
    pub(crate) fn end(&self, ending: Ending) -> ! {
        self.core.borrow_mut().ending.get_or_insert(ending);
        loop {
            coroutine::suspend();
        }
    }

    /// Ends the world with a verdict on the running thread, which called from `frames`.
    #[cold]
    pub(crate) fn verdict(&self, kind: VerdictKind, text: &str, frames: &Frames) -> ! {
        let verdict = Verdict::new(kind, format!("{} {text}", self.label()));
        let mut core = self.core.borrow_mut();
        if core.ending.is_none() {
            core.culprit = Some(*frames);
        }
        drop(core);
        self.end(Ending::Verdict(verdict))
    }

    /// A waiter for the wait that the running thread is about to begin.
    pub(crate) fn waiter(&self) -> Waiter {
        let core = self.core.borrow();
        Waiter { slot: core.slot, wait: core.tasks.get(core.slot).wait }
    }

    /// What the running thread is called and where it last called into labrt, for a handler that
    /// interrupted it; `None` when the scheduler was at work.
    pub(crate) fn try_describe(&self) -> Option<(String, &'static Location<'static>)> {
        let core = self.core.try_borrow().ok()?;
        let task = core.tasks.get(core.slot);
        Some((task.label(), task.at))
    }
}
