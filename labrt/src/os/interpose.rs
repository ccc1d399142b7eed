//! Answers the system calls of lab threads from the world.
//!
//! The functions below take the place of the C library's in every program that links this crate.
//! For a lab thread of a simulated world they answer from the world: std's `sleep` costs no wall
//! time, its `Instant` reads the virtual clock, its locks park the lab thread, its `HashMap` gets its
//! keys from the seed. For all other threads they pass through to the original, which is found once
//! by `dlsym(RTLD_NEXT)`.

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_long, c_uint, c_void};
use std::mem::transmute;
use std::panic::Location;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};
use std::time::Duration;

use crate::context;
use crate::os::{self, Frames};
use crate::panics;
use crate::sim::Sim;
use crate::thread;
use crate::trace;
use crate::verdict::{Verdict, VerdictKind};
use crate::world::Ending;

/// Virtual time begins at this second of the epoch, for programs that ask for the date:
/// 1 January 2024, 00:00 UTC.
const EPOCH_S: i64 = 1_704_067_200;

/// An original of the C library, looked up when it is first needed.
struct Original {
    name: &'static CStr,
    address: AtomicPtr<c_void>,
}

impl Original {
    const fn new(name: &'static CStr) -> Self {
        Self { name, address: AtomicPtr::new(ptr::null_mut()) }
    }

    fn address(&self) -> *mut c_void {
        let known = self.address.load(Ordering::Relaxed);
        if !known.is_null() {
            return known;
        }
        // SAFETY: the name ends with a zero byte.
        let found = unsafe { libc::dlsym(libc::RTLD_NEXT, self.name.as_ptr().cast::<c_char>()) };
        if found.is_null() {
            os::write_stderr("labrt: a function of the C library is missing\n");
            os::exit_now(96);
        }
        self.address.store(found, Ordering::Relaxed);
        found
    }
}

/// Calls the original under this name with this signature.
macro_rules! original {
    ($name:literal: fn($($type:ty),*) -> $result:ty; $($argument:expr),*) => {{
        static ORIGINAL: Original = Original::new($name);
        let address = ORIGINAL.address();
        // SAFETY: the address is that of the C library's function of this name, whose documented
        // signature this is.
        let function: unsafe extern "C" fn($($type),*) -> $result = unsafe { transmute(address) };
        // SAFETY: the arguments are passed on as they came.
        unsafe { function($($argument),*) }
    }};
}

fn set_errno(value: c_int) {
    // SAFETY: the C library's own cell of this thread.
    unsafe { *libc::__errno_location() = value };
}

/// A place for calls of the standard library, which do not say where they come from.
fn here() -> &'static Location<'static> {
    Location::caller()
}

/// Fills `buffer` from the world's seed on a world's OS thread.
///
/// # Safety
/// As for `getrandom(2)`.
#[unsafe(no_mangle)]
unsafe extern "C" fn getrandom(buffer: *mut c_void, length: usize, flags: c_uint) -> isize {
    if let Some(sim) = context::sim() {
        let bytes = if length == 0 {
            &mut []
        } else {
            // SAFETY: the caller promises `length` writable bytes.
            unsafe { std::slice::from_raw_parts_mut(buffer.cast::<u8>(), length) }
        };
        if sim.system_random(bytes).is_some() {
            return length.cast_signed();
        }
    }
    original!(c"getrandom": fn(*mut c_void, usize, c_uint) -> isize; buffer, length, flags)
}

/// Reads the virtual clock in a lab thread; clocks of processor time are the system's.
///
/// # Safety
/// As for `clock_gettime(2)`.
#[unsafe(no_mangle)]
unsafe extern "C" fn clock_gettime(clock: libc::clockid_t, time: *mut libc::timespec) -> c_int {
    let base_s = match clock {
        libc::CLOCK_MONOTONIC
        | libc::CLOCK_MONOTONIC_RAW
        | libc::CLOCK_MONOTONIC_COARSE
        | libc::CLOCK_BOOTTIME => Some(0),
        libc::CLOCK_REALTIME | libc::CLOCK_REALTIME_COARSE => Some(EPOCH_S),
        _ => None,
    };
    if let (Some(base_s), Some(sim)) = (base_s, context::sim_in_task()) {
        sim.point(trace::CLOCK, 0, 0, here());
        let now = Duration::from_nanos(sim.now());
        // SAFETY: the caller passes a place for the time.
        unsafe {
            (*time).tv_sec = base_s + now.as_secs().cast_signed();
            (*time).tv_nsec = c_long::from(now.subsec_nanos());
        }
        return 0;
    }
    original!(c"clock_gettime": fn(libc::clockid_t, *mut libc::timespec) -> c_int; clock, time)
}

/// A time, in nanoseconds; none when it is not a valid one.
///
/// # Safety
/// `time` is null or points to a time.
unsafe fn nanoseconds(time: *const libc::timespec) -> Option<u64> {
    // SAFETY: see above.
    let time = unsafe { time.as_ref() }?;
    let seconds = u64::try_from(time.tv_sec).ok()?;
    let nanoseconds = u64::try_from(time.tv_nsec).ok().filter(|ns| *ns < 1_000_000_000)?;
    seconds.checked_mul(1_000_000_000)?.checked_add(nanoseconds)
}

/// Sleeps on the virtual clock in a lab thread.
///
/// # Safety
/// As for `nanosleep(2)`.
#[unsafe(no_mangle)]
unsafe extern "C" fn nanosleep(time: *const libc::timespec, left: *mut libc::timespec) -> c_int {
    // SAFETY: as for the caller.
    if let (Some(sim), Some(ns)) = (context::sim_in_task(), unsafe { nanoseconds(time) }) {
        sim.sleep(ns, here());
        return 0;
    }
    original!(c"nanosleep": fn(*const libc::timespec, *mut libc::timespec) -> c_int; time, left)
}

/// Sleeps on the virtual clock in a lab thread.
///
/// # Safety
/// As for `clock_nanosleep(2)`.
#[unsafe(no_mangle)]
unsafe extern "C" fn clock_nanosleep(
    clock: libc::clockid_t,
    flags: c_int,
    time: *const libc::timespec,
    left: *mut libc::timespec,
) -> c_int {
    // SAFETY: as for the caller.
    if let (Some(sim), Some(ns)) = (context::sim_in_task(), unsafe { nanoseconds(time) }) {
        let ns = if flags & libc::TIMER_ABSTIME == 0 { ns } else { until(sim, clock, ns) };
        sim.sleep(ns, here());
        return 0;
    }
    original!(
        c"clock_nanosleep":
            fn(libc::clockid_t, c_int, *const libc::timespec, *mut libc::timespec) -> c_int;
        clock, flags, time, left
    )
}

/// Virtual nanoseconds from now until `ns` on `clock`.
fn until(sim: &Sim, clock: libc::clockid_t, ns: u64) -> u64 {
    let base = if clock == libc::CLOCK_REALTIME { EPOCH_S as u64 * 1_000_000_000 } else { 0 };
    ns.saturating_sub(base).saturating_sub(sim.now())
}

/// Offers the other lab threads to go first.
#[unsafe(no_mangle)]
extern "C" fn sched_yield() -> c_int {
    if let Some(sim) = context::sim_in_task() {
        sim.yield_now(here());
        return 0;
    }
    original!(c"sched_yield": fn() -> c_int;)
}

/// An OS thread that a lab thread starts is a verdict: the world could not see what it does.
///
/// # Safety
/// As for `pthread_create(3)`.
#[unsafe(no_mangle)]
unsafe extern "C" fn pthread_create(
    thread: *mut libc::pthread_t,
    attributes: *const libc::pthread_attr_t,
    start: extern "C" fn(*mut c_void) -> *mut c_void,
    argument: *mut c_void,
) -> c_int {
    if let Some(sim) = context::sim_in_task() {
        let text = "started an OS thread, which the simulated clock cannot see; \
                    start threads with labrt::thread::spawn";
        sim.verdict(VerdictKind::ForeignThread, text, &Frames::capture());
    }
    original!(
        c"pthread_create":
            fn(*mut libc::pthread_t, *const libc::pthread_attr_t,
               extern "C" fn(*mut c_void) -> *mut c_void, *mut c_void) -> c_int;
        thread, attributes, start, argument
    )
}

/// An abort in a lab thread is a verdict: that on the panic which could not unwind, if it is for one.
///
/// On the real clock any other abort takes place: it may come from std's handler of a stack overflow,
/// in which nothing else can be done.
#[unsafe(no_mangle)]
extern "C" fn abort() -> ! {
    panics::end_instead_of_abort();
    if let Some(sim) = context::sim_in_task() {
        let text = "ended the process by a call of `abort`";
        sim.verdict(VerdictKind::Abort, text, &Frames::capture());
    }
    original!(c"abort": fn() -> !;)
}

/// An exit in a lab thread is a verdict, whatever the status: the test is not over.
#[unsafe(no_mangle)]
extern "C" fn exit(status: c_int) -> ! {
    let text = format!("called `exit` with status {status} before the test was over");
    if let Some(sim) = context::sim_in_task() {
        sim.verdict(VerdictKind::Exit, &text, &Frames::capture());
    }
    if let Some(world) = context::real() {
        let mut verdict = Verdict::new(VerdictKind::Exit, format!("{} {text}", thread::label()));
        verdict.location = Frames::capture().user_place();
        world.end(Ending::Verdict(verdict));
    }
    original!(c"exit": fn(c_int) -> !; status)
}

/// The C library's generic system call, through which std waits on futexes.
///
/// The original takes a variable number of arguments. On the platforms that this crate supports,
/// integers beyond the named ones travel in the same registers either way, so a function of seven
/// integers can stand in for it; the C library's own is written like that.
///
/// # Safety
/// As for `syscall(2)`.
#[unsafe(no_mangle)]
#[allow(clippy::many_single_char_names, reason = "arguments of a generic call have no names")]
unsafe extern "C" fn syscall(
    number: c_long,
    a: c_long,
    b: c_long,
    c: c_long,
    d: c_long,
    e: c_long,
    f: c_long,
) -> c_long {
    if number == libc::SYS_futex {
        note_parker(a as usize);
        if let Some(sim) = context::sim_in_task() {
            let word = ptr::with_exposed_provenance::<AtomicU32>(a as usize);
            let time = ptr::with_exposed_provenance::<libc::timespec>(d as usize);
            // SAFETY: the arguments of a futex call are those of the caller.
            return match unsafe { futex(sim, word, b as c_int, c as u32, time) } {
                Futex::Woken(lab_threads) if (lab_threads as u32) < c as u32 => {
                    // OS threads outside the world may wait as well, for the standard output say.
                    let left = c - lab_threads;
                    // SAFETY: waking reads nothing but the address.
                    lab_threads + unsafe { pass_on(number, a, b, left, d, e, f) }
                }
                Futex::Woken(count) => count,
                Futex::Waited => 0,
                Futex::Refused(error) => {
                    set_errno(error);
                    -1
                }
            };
        }
    }
    // SAFETY: as for the caller.
    unsafe { pass_on(number, a, b, c, d, e, f) }
}

/// The C library's own `syscall`.
///
/// # Safety
/// As for `syscall(2)`.
#[allow(clippy::many_single_char_names, reason = "arguments of a generic call have no names")]
unsafe fn pass_on(
    number: c_long,
    a: c_long,
    b: c_long,
    c: c_long,
    d: c_long,
    e: c_long,
    f: c_long,
) -> c_long {
    original!(
        c"syscall": fn(c_long, c_long, c_long, c_long, c_long, c_long, c_long) -> c_long;
        number, a, b, c, d, e, f
    )
}

/// What came of a futex call of a lab thread.
enum Futex {
    /// So many lab threads were woken.
    Woken(c_long),
    /// The thread waited and was woken.
    Waited,
    /// The call failed with this error.
    Refused(c_int),
}

/// Serves a futex call of a lab thread.
///
/// The standard library's locks wait with `FUTEX_WAIT_BITSET` and a deadline. Any other wait, and
/// that of `std::thread::park`, is at a word which all lab threads share.
///
/// # Safety
/// `word` is the address of a futex, and `time` null or a time.
unsafe fn futex(
    sim: &Sim,
    word: *const AtomicU32,
    operation: c_int,
    value: u32,
    time: *const libc::timespec,
) -> Futex {
    match operation & !(libc::FUTEX_PRIVATE_FLAG | libc::FUTEX_CLOCK_REALTIME) {
        libc::FUTEX_WAKE | libc::FUTEX_WAKE_BITSET => {
            Futex::Woken(sim.futex_wake(word.addr(), value as usize) as u32 as c_long)
        }
        libc::FUTEX_WAIT_BITSET if word.addr() != PARKER.get() => {
            // SAFETY: see above.
            if unsafe { (*word).load(Ordering::SeqCst) } != value {
                return Futex::Refused(libc::EAGAIN);
            }
            // SAFETY: see above.
            let deadline = unsafe { nanoseconds(time) };
            if sim.futex_wait(word.addr(), value, deadline) {
                Futex::Waited
            } else {
                Futex::Refused(libc::ETIMEDOUT)
            }
        }
        _ => {
            let text = "waits in a way that labrt cannot see: std::sync::mpsc, crossbeam-channel and \
                        std::thread::park stop the whole simulated world; use labrt::channel";
            sim.verdict(VerdictKind::BlockedOutside, text, &Frames::capture())
        }
    }
}

thread_local! {
    /// The futex on which `std::thread::park` waits on this OS thread. All lab threads share it, so
    /// nothing that parks can work in a lab thread.
    static PARKER: Cell<usize> = const { Cell::new(0) };
    static LEARNING: Cell<bool> = const { Cell::new(false) };
}

/// Learns the address of this OS thread's parker, by parking once and watching the call.
pub(super) fn learn_parker() {
    LEARNING.set(true);
    std::thread::park_timeout(Duration::from_nanos(1));
    LEARNING.set(false);
}

fn note_parker(word: usize) {
    if LEARNING.get() {
        PARKER.set(word);
    }
}
