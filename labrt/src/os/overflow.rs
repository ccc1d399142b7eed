//! Stack overflow of a lab thread.
//!
//! Rust's own handler knows the guard pages of OS threads only, so an overflowing coroutine would
//! die of a bare SIGSEGV. Ours is installed after it, runs on a stack of its own, and passes on every
//! fault that is not an overflow of the running lab thread.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::ops::Range;
use std::ptr;
use std::sync::{Once, OnceLock};

use super::{EXIT_STACK_OVERFLOW, exit_now, write_stderr};
use crate::context;
use crate::sim::coroutine::STACK_BYTES;

/// Bytes of the stack on which the handler runs.
const HANDLER_STACK: usize = 256 * 1024;

/// What was done about SIGSEGV and SIGBUS before.
static PREVIOUS: [OnceLock<libc::sigaction>; 2] = [const { OnceLock::new() }; 2];

thread_local! {
    /// The guard page of the lab thread that runs on this OS thread.
    static GUARD: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

/// Says which guard page belongs to the lab thread that is about to run.
#[inline]
pub(crate) fn set_guard(guard: Range<usize>) {
    GUARD.set((guard.start, guard.end));
}

/// Makes overflows on this OS thread be noticed. Call it on the world's own thread.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    give_handler_a_stack();
    ONCE.call_once(|| {
        for signal in [libc::SIGSEGV, libc::SIGBUS] {
            install_handler(signal);
        }
    });
}

fn give_handler_a_stack() {
    let stack: &'static mut [MaybeUninit<u8>] = Box::leak(Box::new_uninit_slice(HANDLER_STACK));
    let description =
        libc::stack_t { ss_sp: stack.as_mut_ptr().cast(), ss_flags: 0, ss_size: HANDLER_STACK };
    // SAFETY: the memory is leaked, so it outlives the thread, and nothing else uses it.
    unsafe { libc::sigaltstack(&raw const description, ptr::null_mut()) };
}

fn install_handler(signal: c_int) {
    let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = handle;
    // SAFETY: `sigaction` is plain data for which all zeroes are valid; the handler has the
    // signature that SA_SIGINFO asks for and calls only what a handler may.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
        libc::sigemptyset(&raw mut action.sa_mask);
        let mut previous: libc::sigaction = std::mem::zeroed();
        libc::sigaction(signal, &raw const action, &raw mut previous);
        let _ = PREVIOUS[usize::from(signal == libc::SIGBUS)].set(previous);
    }
}

extern "C" fn handle(signal: c_int, info: *mut libc::siginfo_t, _context: *mut c_void) {
    // SAFETY: with SA_SIGINFO the kernel passes a valid `siginfo_t`; for these two signals it holds
    // an address.
    let address = unsafe { (*info).si_addr() } as usize;
    let (start, end) = GUARD.get();
    if (start..end).contains(&address) {
        report();
        exit_now(EXIT_STACK_OVERFLOW);
    }
    // SAFETY: see above; the code is part of every `siginfo_t`.
    let was_sent = unsafe { (*info).si_code } <= 0;
    let previous =
        if was_sent { None } else { PREVIOUS[usize::from(signal == libc::SIGBUS)].get() };
    if let Some(previous) = previous {
        // Not ours: the handler before us meets the fault when it happens again.
        // SAFETY: the action was in force before ours.
        unsafe { libc::sigaction(signal, previous, ptr::null_mut()) };
    } else {
        // A signal that somebody sent does not happen again by itself.
        // SAFETY: both calls are always valid; the signal is delivered when this handler returns.
        unsafe {
            libc::signal(signal, libc::SIG_DFL);
            libc::raise(signal);
        }
    }
}

/// Says which thread overflowed its stack. It allocates, which a handler must not do when the
/// interrupted code was allocating; but an overflow inside the allocator means that the thread had
/// only a few bytes of stack left when it called it, and the fixed text is written first.
fn report() {
    write_stderr("labrt: stack overflow: ");
    let described = context::sim().and_then(crate::sim::Sim::try_describe);
    let (label, at) = described.map_or((String::from("a thread"), None), |(l, at)| (l, Some(at)));
    write_stderr(&format!("{label} used up its {} KiB of stack", STACK_BYTES / 1024));
    match at {
        Some(at) => write_stderr(&format!("; it last called labrt at {at}\n")),
        None => write_stderr("\n"),
    }
}
