//! The coroutine glue: workers with a stack of their own that run lab threads one after another.
//!
//! A [`Worker`] takes one job after another and suspends in between, so starting a lab thread costs
//! neither a stack nor a coroutine. A worker whose job is suspended is never unwound: that would run
//! a student's destructors in a world that has ended. Its stack is given back as it is.

#![allow(unsafe_code, reason = "the yielder of a coroutine is reached through a raw pointer")]

use std::cell::Cell;
use std::io;
use std::mem::ManuallyDrop;
use std::ops::Range;
use std::ptr;
use std::rc::Rc;

use corosensei::stack::{DefaultStack, Stack};
use corosensei::{Coroutine, Yielder};

/// Size of a lab thread's stack, in bytes. Only touched pages take memory.
pub(crate) const STACK_BYTES: usize = 256 * 1024;

/// Size of the guard area below a stack, in bytes: at least a page, and more than any frame that
/// probes its pages one by one can skip.
const GUARD_BYTES: usize = 4096;

type YielderPtr = *const Yielder<(), ()>;

thread_local! {
    /// The yielder of the worker that runs on this OS thread; null while none does.
    static RUNNING: Cell<YielderPtr> = const { Cell::new(ptr::null()) };
}

/// A coroutine that serves lab threads.
pub(crate) struct Worker {
    coroutine: ManuallyDrop<Coroutine<(), (), ()>>,
    yielder: Rc<Cell<YielderPtr>>,
    guard: Range<usize>,
}

impl Worker {
    /// A worker whose body is `serve`, which must never return and suspends with [`suspend`].
    ///
    /// # Errors
    /// When the system has no stack left to give.
    pub(crate) fn new(serve: impl Fn() + 'static) -> io::Result<Self> {
        let stack = DefaultStack::new(STACK_BYTES)?;
        let bottom = stack.limit().get();
        let yielder = Rc::new(Cell::new(ptr::null()));
        let own = Rc::clone(&yielder);
        let coroutine = Coroutine::with_stack(stack, move |own_yielder: &Yielder<(), ()>, ()| {
            own.set(ptr::from_ref(own_yielder));
            RUNNING.set(ptr::from_ref(own_yielder));
            serve();
        });
        Ok(Self {
            coroutine: ManuallyDrop::new(coroutine),
            yielder,
            guard: bottom..bottom + GUARD_BYTES,
        })
    }

    /// Runs the worker until it suspends.
    #[inline]
    pub(crate) fn resume(&mut self) {
        RUNNING.set(self.yielder.get());
        self.coroutine.resume(());
        RUNNING.set(ptr::null());
    }

    /// Addresses of the guard page below its stack.
    pub(crate) fn guard(&self) -> Range<usize> {
        self.guard.clone()
    }

    /// Frees the stack without unwinding it: no destructor of what lives there is run. To be called
    /// only for an idle worker, or when the world is over and none of its threads ever runs again.
    pub(crate) fn discard(mut self) {
        if self.coroutine.started() {
            // SAFETY: the values on the stack are leaked, which is safe. Nobody looks at their memory
            // any more: references to it live on stacks of lab threads, none of which goes on, and
            // no OS thread can have been lent one, since none may be started inside a world.
            unsafe { self.coroutine.force_reset() };
        }
        // SAFETY: `self` is consumed, so the field is not used again, and the coroutine is not
        // suspended, so dropping it unwinds nothing.
        unsafe { ManuallyDrop::drop(&mut self.coroutine) };
    }
}

/// Suspends the worker that runs on this OS thread and goes back to its [`Worker::resume`].
///
/// # Panics
/// Outside a worker; that is a mistake of labrt's.
#[inline]
pub(crate) fn suspend() {
    let yielder = RUNNING.get();
    assert!(!yielder.is_null(), "suspend outside a worker");
    // SAFETY: `RUNNING` is not null only between the moment a worker's body starts or is resumed
    // and the moment it suspends, on the OS thread that runs it. The yielder lives at the bottom
    // of that worker's stack for as long as the worker exists, and we are on that stack now.
    unsafe { (*yielder).suspend(()) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_suspends_and_goes_on_where_it_was() {
        let count = Rc::new(Cell::new(0));
        let seen = Rc::clone(&count);
        let mut worker = Worker::new(move || {
            loop {
                seen.set(seen.get() + 1);
                suspend();
            }
        })
        .expect("a stack");
        worker.resume();
        worker.resume();
        assert_eq!(count.get(), 2);
        worker.discard();
    }

    #[test]
    fn a_worker_that_never_ran_can_be_discarded() {
        Worker::new(|| ()).expect("a stack").discard();
    }
}
