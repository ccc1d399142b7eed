//! The table of lab threads of a simulated world.
//!
//! A *slot* is a place in the table and is used again after its thread has ended; an *ordinal* is
//! the thread's number in order of creation and never is. Traces and hashes speak of ordinals.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use super::coroutine::Worker;
use crate::group::Group;

/// A place in the table of threads.
pub(crate) type Slot = u32;

/// What a lab thread runs.
pub(crate) type Job = Box<dyn FnOnce()>;

/// One wait of one thread. When the wait has ended, the waiter is stale and wakes nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Waiter {
    pub(crate) slot: Slot,
    /// The thread's count of waits when this one began.
    pub(crate) wait: u32,
}

/// A thread that may have ended: its slot, and its ordinal to tell it from a successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TaskRef {
    pub(crate) slot: Slot,
    pub(crate) ordinal: u32,
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    /// Somebody woke it, and passed this along.
    By(u32),
    /// Its deadline came first.
    TimedOut,
}

/// What a blocked thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitFor {
    /// To go on after a delay that the policy chose.
    Delay,
    /// To be resumed by who watches its group.
    Pause,
    Sleep,
    /// A mutex, or a read-write lock; the number is the lock's.
    Lock(u32),
    Condvar,
    Send,
    Receive,
    Select,
    /// The value of a slot: an RPC's reply.
    Reply,
    /// The end of another thread.
    Join(TaskRef),
    /// A lock or condition variable of the standard library.
    StdLock,
}

impl WaitFor {
    /// Whether a thread that waits like this takes a rest of its own accord. One that asks again and
    /// again and is now and then held up by a lock, or by the policy, still waits busily.
    #[inline]
    pub(crate) fn is_rest(self) -> bool {
        !matches!(self, Self::Delay | Self::Lock(_) | Self::StdLock)
    }

    /// For people: "waits for …".
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Delay => "its turn",
            Self::Pause => "being resumed",
            Self::Sleep => "the end of a sleep",
            Self::Lock(_) => "a lock",
            Self::Condvar => "a condition variable",
            Self::Send => "a channel to take its message",
            Self::Receive => "a message from a channel",
            Self::Select => "one of several channels",
            Self::Reply => "a reply",
            Self::Join(_) => "the end of a thread",
            Self::StdLock => "a lock or condition variable of std",
        }
    }
}

/// What a thread is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Nobody lives in this slot.
    Free,
    /// Running, or ready to.
    Runnable,
    /// Waiting.
    Blocked(WaitFor),
}

/// What a new thread is called and to whom it belongs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Belongs {
    pub(crate) name: Option<Arc<str>>,
    pub(crate) server: Option<Arc<str>>,
    pub(crate) group: Option<Group>,
}

/// One lab thread.
pub(crate) struct Task {
    pub(crate) ordinal: u32,
    pub(crate) status: Status,
    /// Counts waits; the current or next one has this number.
    pub(crate) wait: u32,
    pub(crate) woken: Woken,
    /// When the current wait began, in virtual nanoseconds.
    pub(crate) since: u64,
    /// Where the thread last called into labrt.
    pub(crate) at: &'static Location<'static>,
    /// Steps since it last waited of its own accord.
    pub(crate) steps: u32,
    /// How many locks it holds.
    pub(crate) holds: u32,
    pub(crate) name: Option<Arc<str>>,
    pub(crate) server: Option<Arc<str>>,
    pub(crate) group: Option<Group>,
    pub(crate) job: Option<Job>,
    pub(crate) worker: Option<Worker>,
}

impl Task {
    /// The thread's name for people: `server 2/ticker`, `main`, `thread 7`.
    pub(crate) fn label(&self) -> String {
        self.name().to_string()
    }

    /// The same, to be formatted without allocating.
    pub(crate) fn name(&self) -> Label<'_> {
        Label { server: self.server.as_deref(), name: self.name.as_deref(), ordinal: self.ordinal }
    }
}

/// A thread's name for people, from the server it belongs to, its own name, and its number.
#[derive(Clone, Copy)]
pub(crate) struct Label<'a> {
    pub(crate) server: Option<&'a str>,
    pub(crate) name: Option<&'a str>,
    pub(crate) ordinal: u32,
}

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(server) = self.server {
            write!(f, "{server}/")?;
        }
        match self.name {
            Some(name) => f.write_str(name),
            None => write!(f, "thread {}", self.ordinal),
        }
    }
}

/// All lab threads of a world.
#[derive(Default)]
pub(crate) struct Tasks {
    slots: Vec<Task>,
    free: Vec<Slot>,
    created: u32,
    live: usize,
}

impl Tasks {
    /// Adds a thread that is ready to run, in a free slot.
    pub(crate) fn add(
        &mut self,
        belongs: Belongs,
        at: &'static Location<'static>,
        job: Job,
        worker: Worker,
    ) -> TaskRef {
        let Belongs { name, server, group } = belongs;
        if let Some(group) = &group {
            group.joined();
        }
        let ordinal = self.created;
        self.created += 1;
        self.live += 1;
        let reused = self.free.pop();
        let task = Task {
            ordinal,
            status: Status::Runnable,
            wait: reused.map_or(0, |slot| self.slots[slot as usize].wait),
            woken: Woken::By(0),
            since: 0,
            at,
            steps: 0,
            holds: 0,
            name,
            server,
            group,
            job: Some(job),
            worker: Some(worker),
        };
        let slot = if let Some(slot) = reused {
            self.slots[slot as usize] = task;
            slot
        } else {
            self.slots.push(task);
            self.slots.len() as Slot - 1
        };
        TaskRef { slot, ordinal }
    }

    /// Takes the thread out of its slot; its waiters are stale from now on. Returns its worker.
    pub(crate) fn remove(&mut self, slot: Slot) -> Option<Worker> {
        let task = self.get_mut(slot);
        task.status = Status::Free;
        task.wait = task.wait.wrapping_add(1);
        if let Some(group) = task.group.take() {
            group.left();
        }
        let worker = task.worker.take();
        self.free.push(slot);
        self.live -= 1;
        worker
    }

    #[inline]
    pub(crate) fn get(&self, slot: Slot) -> &Task {
        &self.slots[slot as usize]
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, slot: Slot) -> &mut Task {
        &mut self.slots[slot as usize]
    }

    /// The thread, unless it has ended.
    pub(crate) fn alive(&self, task: TaskRef) -> Option<&Task> {
        let candidate = self.slots.get(task.slot as usize)?;
        (candidate.status != Status::Free && candidate.ordinal == task.ordinal).then_some(candidate)
    }

    /// Whether the wait is still going on.
    #[inline]
    pub(crate) fn is_waiting(&self, waiter: Waiter) -> bool {
        let task = self.get(waiter.slot);
        task.wait == waiter.wait && matches!(task.status, Status::Blocked(_))
    }

    /// The current wait of a thread of this table.
    pub(crate) fn waiter(&self, task: &Task) -> Waiter {
        let slot = self.slots.iter().position(|other| other.ordinal == task.ordinal);
        Waiter { slot: slot.unwrap_or_default() as Slot, wait: task.wait }
    }

    /// Counts a lock that the thread holds no longer.
    #[inline]
    pub(crate) fn let_go(&mut self, task: TaskRef) {
        let holder = self.get_mut(task.slot);
        if holder.ordinal == task.ordinal {
            holder.holds = holder.holds.saturating_sub(1);
        }
    }

    /// Takes the workers away from all threads: nothing of theirs will run any more.
    pub(crate) fn take_workers(&mut self) -> Vec<Worker> {
        self.slots.iter_mut().filter_map(|task| task.worker.take()).collect()
    }

    /// How many threads live.
    pub(crate) fn live(&self) -> usize {
        self.live
    }

    /// The living threads, in order of creation.
    pub(crate) fn by_age(&self) -> Vec<&Task> {
        let mut tasks: Vec<&Task> =
            self.slots.iter().filter(|task| task.status != Status::Free).collect();
        tasks.sort_by_key(|task| task.ordinal);
        tasks
    }
}
