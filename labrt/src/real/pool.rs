//! OS threads, kept and used again: a new one takes some 80 µs, one that is kept a few.
//!
//! The thread that finished last is used first, since its caches are warm. An idle one spins for a
//! while before it sleeps, so that the next job (the handler of the next RPC, most often) reaches it
//! without a trip through the kernel. How long it spins is learnt: each time that nothing came the
//! budget is halved, each time that something came it is restored. Nobody spins on a machine with
//! one processor.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::panic::Location;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::Thread;
use std::time::{Duration, Instant};
use std::{fmt, io};

use super::{RealWorld, run_body};
use crate::context;
use crate::sim::task::{Belongs, Label};

/// A body to run, in a world or in none.
type Job = Box<dyn FnOnce() + Send>;

/// The most OS threads at once; further jobs wait in a queue.
const MAX_THREADS: usize = 8_000;
/// The longest that an idle thread spins, in nanoseconds.
const SPIN_NS: u64 = 150_000;
/// Below this it is not worth spinning at all.
const MIN_SPIN_NS: u64 = 2_000;
/// Stack of a lab thread's OS thread, in bytes; the same as in a simulated world would be small for
/// code that calls the system.
const STACK_BYTES: usize = 512 * 1024;

/// What the lab thread is called that an OS thread runs, and to whom it belongs.
#[derive(Default)]
struct Names {
    belongs: Belongs,
    ordinal: u32,
}

impl Names {
    fn label(&self) -> Label<'_> {
        let Belongs { name, server, .. } = &self.belongs;
        Label { server: server.as_deref(), name: name.as_deref(), ordinal: self.ordinal }
    }
}

thread_local! {
    static NAMES: RefCell<Names> = RefCell::default();
    /// Whether the last thread that this one started was spinning when it got its job.
    static LAST_WAS_HOT: Cell<bool> = const { Cell::new(false) };
}

struct Pool {
    state: Mutex<State>,
    /// How long an idle thread spins, in nanoseconds.
    spin_ns: AtomicU64,
}

#[derive(Default)]
struct State {
    idle: Vec<Arc<Mailbox>>,
    threads: usize,
    queue: VecDeque<Job>,
    created: u32,
}

static POOL: Pool = Pool {
    state: Mutex::new(State { idle: Vec::new(), threads: 0, queue: VecDeque::new(), created: 0 }),
    spin_ns: AtomicU64::new(SPIN_NS),
};

fn state() -> MutexGuard<'static, State> {
    POOL.state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where an idle thread gets its next job.
#[derive(Default)]
struct Mailbox {
    status: AtomicU8,
    job: Mutex<Option<Job>>,
    owner: OnceLock<Thread>,
}

/// The owner spins, looking for a job.
const SPINNING: u8 = 0;
/// The owner sleeps and must be woken.
const PARKED: u8 = 1;
/// There is a job.
const FULL: u8 = 2;

/// Runs `body` on a thread of the pool, as a lab thread of `world`.
/// What `belongs` leaves open but the name, the thread has from the current one.
///
/// # Panics
/// When the system refuses even a first thread.
pub(crate) fn start(world: Option<&'static RealWorld>, mut belongs: Belongs, body: Job) {
    NAMES.with_borrow(|starter| {
        belongs.server = belongs.server.take().or_else(|| starter.belongs.server.clone());
        belongs.group = belongs.group.take().or_else(|| starter.belongs.group.clone());
    });
    if let Some(group) = &belongs.group {
        group.joined();
    }
    let mut pool = state();
    pool.created += 1;
    let names = Names { belongs, ordinal: pool.created };
    let job: Job = Box::new(move || {
        context::enter_real(world);
        let label = names.label().to_string();
        NAMES.set(names);
        run_body(world, &label, body);
        if let Some(group) = NAMES.take().belongs.group {
            group.left();
        }
        context::enter_real(None);
    });
    LAST_WAS_HOT.set(false);
    if let Some(mailbox) = pool.idle.pop() {
        drop(pool);
        deliver(&mailbox, job);
        return;
    }
    pool.queue.push_back(job);
    let room = pool.threads < MAX_THREADS;
    pool.threads += usize::from(room);
    drop(pool);
    if room && create().is_ok() {
        return;
    }
    let mut pool = state();
    pool.threads -= usize::from(room);
    let threads = pool.threads;
    drop(pool);
    assert!(threads > 0, "the system refuses the first thread");
    if let Some(world) = world {
        world.note(format!(
            "{threads} threads were alive, which is all that there can be; \
             further ones had to wait until one of them ended"
        ));
    }
}

fn deliver(mailbox: &Mailbox, job: Job) {
    *mailbox.job.lock().unwrap_or_else(PoisonError::into_inner) = Some(job);
    let before = mailbox.status.swap(FULL, Ordering::AcqRel);
    LAST_WAS_HOT.set(before == SPINNING);
    if before == PARKED
        && let Some(owner) = mailbox.owner.get()
    {
        owner.unpark();
    }
}

/// Adds a thread, which takes its first job from the queue.
fn create() -> io::Result<()> {
    std::thread::Builder::new()
        .name("lab".into())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            let mailbox = Arc::new(Mailbox::default());
            let _ = mailbox.owner.set(std::thread::current());
            loop {
                next_job(&mailbox)();
            }
        })
        .map(drop)
}

fn next_job(mailbox: &Arc<Mailbox>) -> Job {
    {
        let mut pool = state();
        if let Some(job) = pool.queue.pop_front() {
            return job;
        }
        mailbox.status.store(SPINNING, Ordering::Release);
        pool.idle.push(Arc::clone(mailbox));
    }
    wait_for_job(mailbox);
    let job = mailbox.job.lock().unwrap_or_else(PoisonError::into_inner).take();
    job.expect("a full mailbox holds a job")
}

fn wait_for_job(mailbox: &Mailbox) {
    let budget = POOL.spin_ns.load(Ordering::Relaxed);
    let is_full = || mailbox.status.load(Ordering::Acquire) == FULL;
    if budget >= MIN_SPIN_NS && may_spin() {
        if spin_until(Duration::from_nanos(budget), is_full) {
            POOL.spin_ns.store(SPIN_NS, Ordering::Relaxed);
            return;
        }
        POOL.spin_ns.store(budget / 2, Ordering::Relaxed);
    }
    let parked =
        mailbox.status.compare_exchange(SPINNING, PARKED, Ordering::AcqRel, Ordering::Acquire);
    if parked.is_ok() {
        while !is_full() {
            std::thread::park();
        }
        // Somebody needed a thread after all: spin again next time.
        POOL.spin_ns.store(SPIN_NS, Ordering::Relaxed);
    }
}

/// Whether there is a processor to spin on while others work.
pub(crate) fn may_spin() -> bool {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    *PROCESSORS.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from)) > 1
}

/// Spins until `done` or for `budget`, giving the processor up in between; whether it was done.
pub(crate) fn spin_until(budget: Duration, done: impl Fn() -> bool) -> bool {
    const LOOKS: u32 = 32;
    let start = Instant::now();
    loop {
        for _ in 0..LOOKS {
            if done() {
                return true;
            }
            std::hint::spin_loop();
        }
        if start.elapsed() >= budget {
            return done();
        }
        std::thread::yield_now();
    }
}

/// Whether the last thread that this one started took its job while it was spinning: then what it
/// was asked for is likely near.
pub(crate) fn last_was_hot() -> bool {
    LAST_WAS_HOT.get()
}

/// The current thread's name for people.
pub(crate) fn current_label() -> String {
    NAMES.with_borrow(|names| names.label().to_string())
}

/// The current thread's number among those that the pool was given; 0 for another.
pub(crate) fn current_ordinal() -> u32 {
    NAMES.with_borrow(|names| names.ordinal)
}

/// Writes the current thread's name for people, without allocating.
pub(crate) fn write_current_label(to: &mut dyn fmt::Write) -> fmt::Result {
    NAMES.with_borrow(|names| write!(to, "{}", names.label()))
}

/// The current thread takes a lock at `at`.
pub(crate) fn locks(at: &'static Location<'static>) {
    NAMES.with_borrow(|names| {
        if let Some(group) = &names.belongs.group {
            group.locks(at);
        }
    });
}

/// Changes the server that the current thread belongs to; returns the one before.
pub(crate) fn set_current_server(server: Option<Arc<str>>) -> Option<Arc<str>> {
    NAMES.with_borrow_mut(|names| std::mem::replace(&mut names.belongs.server, server))
}
