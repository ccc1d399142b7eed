//! Watches a simulated world from another OS thread.
//!
//! A world that takes no step although its OS thread uses the processor is in an endless loop; one
//! that takes none although its OS thread sleeps waits for something outside labrt. Either way the
//! thread is interrupted by a signal and says where it is. Time is measured as the processor time of
//! that OS thread, so that a busy machine is not mistaken for a stuck program.

use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, Once, PoisonError};
use std::time::Duration;

use super::{Frames, overflow};
use crate::sim::Progress;
use crate::verdict::{Verdict, VerdictKind};
use crate::{context, foreign};

/// How often the world is looked at, in wall time.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Processor time without a step that makes an endless loop.
const LOOP_AFTER: Duration = Duration::from_secs(3);
/// Looks in a row that find the thread asleep without a step in between: 2 s.
const ASLEEP_LOOKS: u32 = 100;
/// How long an interrupted thread may take to say where it is.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// The signal that interrupts a world; Rust programs use it for nothing else.
const SIGNAL: c_int = libc::SIGPROF;

/// A world on its own OS thread.
pub(crate) struct World<T> {
    result: Receiver<T>,
    thread: ThreadId,
}

#[derive(Clone, Copy)]
struct ThreadId {
    pthread: libc::pthread_t,
    tid: libc::pid_t,
}

/// Where an interrupted thread was.
#[derive(Debug, Default)]
struct Place {
    label: Option<String>,
    caller: Option<String>,
}

/// The answer of an interrupted thread: the calls on its stack, then its label and the place of its
/// last call into labrt.
static FRAMES: Mutex<Option<Frames>> = Mutex::new(None);
static KNOWN: Mutex<Option<(String, String)>> = Mutex::new(None);
static ANSWERED: AtomicBool = AtomicBool::new(false);

/// Starts `body` on a fresh OS thread. The thread stays when it has returned: destructors of
/// thread-local values of the program must not run after the end of its world.
///
/// # Panics
/// When the system refuses a thread.
pub(crate) fn start<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> World<T> {
    install_handler();
    let (send_id, receive_id) = channel();
    let (send, result) = channel();
    std::thread::Builder::new()
        .name("world".into())
        .spawn(move || {
            overflow::install();
            #[cfg(target_os = "linux")]
            super::interpose::learn_parker();
            let _ = send_id.send(this_thread());
            let _ = send.send(body());
            loop {
                std::thread::park();
            }
        })
        .expect("an OS thread for the world");
    let thread = receive_id.recv().expect("the world's thread has started");
    World { result, thread }
}

impl<T> World<T> {
    /// Waits for the world to end; a verdict when it is stuck.
    pub(crate) fn watch(self, progress: &Progress) -> Result<T, Verdict> {
        let mut steps = progress.steps();
        let mut processor = processor_time(self.thread);
        let mut asleep = 0;
        loop {
            match self.result.recv_timeout(LOOK_EVERY) {
                Ok(result) => return Ok(result),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    let message = "the world's own thread ended: a mistake in the runtime";
                    return Err(Verdict::new(VerdictKind::Panic, message));
                }
            }
            if let Some(frames) = foreign::seen() {
                interrupt(self.thread);
                return Err(foreign_call(frames));
            }
            if progress.steps() != steps {
                steps = progress.steps();
                processor = processor_time(self.thread);
                asleep = 0;
                continue;
            }
            if processor_time(self.thread).saturating_sub(processor) >= LOOP_AFTER {
                return Err(endless_loop(interrupt(self.thread)));
            }
            asleep = if is_asleep(self.thread) { asleep + 1 } else { 0 };
            if asleep >= ASLEEP_LOOKS {
                return Err(blocked_outside(interrupt(self.thread)));
            }
        }
    }
}

fn foreign_call(frames: &Frames) -> Verdict {
    let message = "labrt was called from an OS thread that the simulated world does not know; \
                   start threads with labrt::thread::spawn";
    with_place(Verdict::new(VerdictKind::ForeignThread, message), frames.user_place())
}

fn endless_loop(place: Place) -> Verdict {
    let label = place.label.as_deref().unwrap_or("a thread");
    let message = format!(
        "{label} has used the processor for {} s without calling into labrt",
        LOOP_AFTER.as_secs()
    );
    with_place(Verdict::new(VerdictKind::EndlessLoop, message), place.caller)
}

fn blocked_outside(place: Place) -> Verdict {
    let label = place.label.as_deref().unwrap_or("a thread");
    let message = format!(
        "{label} waits for something that the simulated clock cannot see; \
         use labrt's own threads, locks, channels and sleep"
    );
    with_place(Verdict::new(VerdictKind::BlockedOutside, message), place.caller)
}

fn with_place(verdict: Verdict, caller: Option<String>) -> Verdict {
    match caller {
        Some(caller) => verdict.at(caller),
        None => verdict,
    }
}

fn this_thread() -> ThreadId {
    // SAFETY: both calls only name the calling thread.
    unsafe { ThreadId { pthread: libc::pthread_self(), tid: own_tid() } }
}

#[cfg(target_os = "linux")]
unsafe fn own_tid() -> libc::pid_t {
    // SAFETY: `gettid` only names the calling thread.
    unsafe { libc::gettid() }
}

#[cfg(not(target_os = "linux"))]
unsafe fn own_tid() -> libc::pid_t {
    0
}

/// Processor time that the thread has used.
fn processor_time(thread: ThreadId) -> Duration {
    #[cfg(target_os = "linux")]
    {
        let mut clock = 0;
        let mut time = MaybeUninit::<libc::timespec>::zeroed();
        // SAFETY: the world's thread never ends, so its id stays valid; both out-pointers are live,
        // and an all-zero `timespec` is valid when the call fails.
        let time = unsafe {
            if libc::pthread_getcpuclockid(thread.pthread, &raw mut clock) == 0 {
                libc::clock_gettime(clock, time.as_mut_ptr());
            }
            time.assume_init()
        };
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (thread, MaybeUninit::<u8>::uninit());
        Duration::ZERO
    }
}

/// Whether the thread sleeps in the kernel.
fn is_asleep(thread: ThreadId) -> bool {
    let path = format!("/proc/self/task/{}/stat", thread.tid);
    let stat = std::fs::read_to_string(path).unwrap_or_default();
    let state = stat.rsplit(')').next().and_then(|rest| rest.trim_start().chars().next());
    matches!(state, Some('S' | 'D'))
}

fn install_handler() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = answer;
        // SAFETY: all zeroes are a valid `sigaction`, and the handler has the signature that
        // SA_SIGINFO asks for.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = handler as *const () as usize;
            // A lab thread may have little stack left.
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            libc::sigemptyset(&raw mut action.sa_mask);
            libc::sigaction(SIGNAL, &raw const action, ptr::null_mut());
        }
    });
}

/// Interrupts the world's thread for good and asks where it is. When it does not answer in time,
/// because it was interrupted in the allocator, say, some of it stays unknown.
fn interrupt(thread: ThreadId) -> Place {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    ANSWERED.store(false, Ordering::Release);
    // SAFETY: the world's thread never ends, so its id is valid, and the handler is installed.
    unsafe { libc::pthread_kill(thread.pthread, SIGNAL) };
    let asked = std::time::Instant::now();
    while !ANSWERED.load(Ordering::Acquire) && asked.elapsed() < ANSWER_WITHIN {
        std::thread::sleep(Duration::from_millis(1));
    }
    let frames = FRAMES.lock().unwrap_or_else(PoisonError::into_inner).take();
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (label, last_call) = known.unzip();
    Place { label, caller: frames.and_then(|frames| frames.user_place()).or(last_call) }
}

/// Runs on the interrupted thread, which never goes on: its world has its verdict.
///
/// First comes what needs no allocator, since the thread may have been interrupted there; if the
/// rest hangs, [`interrupt`] does not wait for it for long.
extern "C" fn answer(_signal: c_int, _info: *mut libc::siginfo_t, thread: *mut c_void) {
    // SAFETY: with SA_SIGINFO the kernel passes the state of the thread that it interrupted.
    let interrupted = unsafe { program_counter(thread) };
    *FRAMES.lock().unwrap_or_else(PoisonError::into_inner) =
        Some(Frames::capture_interrupted(interrupted));
    let known = context::sim().and_then(crate::sim::Sim::try_describe);
    let known = known.map(|(label, at)| (label, at.to_string()));
    *KNOWN.lock().unwrap_or_else(PoisonError::into_inner) = known;
    ANSWERED.store(true, Ordering::Release);
    loop {
        // SAFETY: `pause` only waits for a signal.
        unsafe { libc::pause() };
    }
}

/// The address of the instruction that a signal interrupted, where we know how to find it.
///
/// # Safety
/// `context` is what the kernel passes to a handler with `SA_SIGINFO`.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere there is none")]
unsafe fn program_counter(context: *mut c_void) -> Option<usize> {
    // SAFETY: see above.
    let state = unsafe { &(*context.cast::<libc::ucontext_t>()).uc_mcontext };
    #[cfg(target_arch = "x86_64")]
    let counter = state.gregs[libc::REG_RIP as usize] as usize;
    #[cfg(target_arch = "aarch64")]
    let counter = state.pc as usize;
    Some(counter)
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
unsafe fn program_counter(_context: *mut c_void) -> Option<usize> {
    None
}
