//! Locks and condition variables of a simulated world.

use std::panic::Location;

use super::Sim;
use super::locks::{Access, Hold};
use super::task::{WaitFor, Waiter, Woken};
use crate::trace;

/// What a number is needed for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ObjectKind {
    Lock,
    Condvar,
}

impl Sim {
    /// A number for a new lock or condition variable.
    pub(crate) fn register(&self, kind: ObjectKind) -> u32 {
        let mut core = self.core.borrow_mut();
        match kind {
            ObjectKind::Lock => core.locks.add(),
            ObjectKind::Condvar => core.condvars.add(),
        }
    }

    /// The lock or condition variable is gone, and its number free.
    pub(crate) fn unregister(&self, kind: ObjectKind, number: u32) {
        let mut core = self.core.borrow_mut();
        let core = &mut *core;
        match kind {
            ObjectKind::Lock => {
                // A guard that was forgotten holds on until here.
                for hold in core.locks.remove(number).holds() {
                    core.tasks.let_go(hold.task);
                }
            }
            ObjectKind::Condvar => drop(core.condvars.remove(number)),
        }
    }

    /// Takes the lock, waiting for it as long as it takes.
    #[inline]
    pub(crate) fn lock(&self, lock: u32, access: Access, at: &'static Location<'static>) {
        self.point(trace::LOCK, lock, access as u64, at);
        if self.take_or_enqueue(lock, access, false, at) {
            return;
        }
        let since = self.now();
        loop {
            self.block_since(since, WaitFor::Lock(lock), lock, None, at);
            if self.take_or_enqueue(lock, access, true, at) {
                return;
            }
        }
    }

    #[inline]
    fn take_or_enqueue(
        &self,
        lock: u32,
        access: Access,
        again: bool,
        at: &'static Location<'static>,
    ) -> bool {
        let mut core = self.core.borrow_mut();
        let core = &mut *core;
        let hold = Hold { task: core.running(), at };
        let task = core.tasks.get_mut(core.slot);
        if let Some(group) = &task.group {
            group.locks(at);
        }
        let lock = core.locks.get_mut(lock);
        let taken = lock.try_take(access, hold);
        if taken {
            task.holds += 1;
        } else {
            lock.enqueue(Waiter { slot: core.slot, wait: task.wait }, access, again);
        }
        taken
    }

    /// Takes the lock if it is free. A point of choice either way.
    pub(crate) fn try_lock(
        &self,
        lock: u32,
        access: Access,
        at: &'static Location<'static>,
    ) -> bool {
        self.point(trace::TRY_LOCK, lock, access as u64, at);
        let mut core = self.core.borrow_mut();
        let core = &mut *core;
        let hold = Hold { task: core.running(), at };
        let taken = core.locks.get_mut(lock).try_take(access, hold);
        let task = core.tasks.get_mut(core.slot);
        if let Some(group) = &task.group {
            group.locks(at);
        }
        task.holds += u32::from(taken);
        taken
    }

    /// Lets go of the lock. No point of choice: the caller makes one when its data is free again.
    #[inline]
    pub(crate) fn unlock(&self, lock: u32) {
        let mut core = self.core.borrow_mut();
        let core = &mut *core;
        let me = core.running();
        core.tasks.let_go(me);
        let lock = core.locks.get_mut(lock);
        lock.release(me);
        for waiter in lock.admit(&mut *core.policy) {
            core.note_long_wait(waiter.slot);
            core.make_ready(waiter.slot, Woken::By(0));
        }
    }

    /// Queues the running thread's next wait at a condition variable.
    pub(crate) fn enqueue_condvar(&self, condvar: u32) -> Waiter {
        let waiter = self.waiter();
        self.core.borrow_mut().condvars.get_mut(condvar).push(waiter);
        waiter
    }

    /// Takes a wait that timed out out of the queue of a condition variable.
    pub(crate) fn leave_condvar(&self, condvar: u32, waiter: Waiter) {
        self.core.borrow_mut().condvars.get_mut(condvar).retain(|other| *other != waiter);
    }

    /// Wakes one thread that waits for the condition variable, or all of them.
    pub(crate) fn notify(&self, condvar: u32, all: bool, at: &'static Location<'static>) {
        self.point(trace::NOTIFY, condvar, u64::from(all), at);
        let mut core = self.core.borrow_mut();
        let core = &mut *core;
        let waiting = core.condvars.get_mut(condvar);
        // A wait that has timed out, but whose thread has not run yet, is no longer to be woken.
        waiting.retain(|waiter| core.tasks.is_waiting(*waiter));
        if all {
            for waiter in std::mem::take(waiting) {
                core.make_ready(waiter.slot, Woken::By(0));
            }
        } else if !waiting.is_empty() {
            let index = core.policy.pick(waiting);
            let waiter = waiting.remove(index);
            core.make_ready(waiter.slot, Woken::By(0));
        }
    }
}
