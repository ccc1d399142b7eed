//! The mechanism: steps, blocking, waking, the clock, and the loop that resumes threads.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::coroutine::{self, Worker};
use super::deadlock::{self, LONG_WAIT_NS};
use super::futex::Futexes;
use super::locks::{Hold, Lock, Table};
use super::policy::Policy;
use super::task::{Belongs, Job, Slot, Status, Task, TaskRef, Tasks, WaitFor, Waiter, Woken};
use super::timers::Timers;
use super::{BUSY_STEPS, MAX_THREADS, Progress, STEP_NS, Sim};
use crate::group::Group;
use crate::os::{self, Frames};
use crate::panics;
use crate::trace::{self, Kind, Recorder};
use crate::verdict::{Verdict, VerdictKind};
use crate::world::Ending;

/// Everything that changes while a world runs.
pub(crate) struct Core {
    /// Virtual nanoseconds since the world began.
    pub(super) now: u64,
    pub(super) steps: u64,
    /// The world's time limit, in virtual nanoseconds.
    limit: u64,
    pub(super) tasks: Tasks,
    /// The thread that runs, or ran last.
    pub(super) slot: Slot,
    /// The thread to resume next, when it has been chosen already.
    chosen: Option<Slot>,
    /// The thread that was resumed last has ended.
    ended: bool,
    pub(super) policy: Box<dyn Policy>,
    timers: Timers,
    pub(super) locks: Table<Lock>,
    pub(super) condvars: Table<Vec<Waiter>>,
    pub(super) futexes: Futexes,
    idle: Vec<Worker>,
    recorder: Recorder,
    /// Chooses where several things are equally possible.
    pub(super) choices: Xoshiro256PlusPlus,
    pub(super) user_random: ChaCha8Rng,
    pub(super) system_random: ChaCha8Rng,
    pub(super) objects: u32,
    notes: Vec<String>,
    pub(super) ending: Option<Ending>,
    /// Where the verdict that ended the world points to, when that is yet to be looked up.
    pub(super) culprit: Option<Frames>,
    progress: Arc<Progress>,
}

impl Core {
    pub(super) fn new(
        policy: Box<dyn Policy>,
        choices: Xoshiro256PlusPlus,
        user_random: ChaCha8Rng,
        system_random: ChaCha8Rng,
        limit: u64,
        recorder: Recorder,
        progress: Arc<Progress>,
    ) -> Self {
        Self {
            now: 0,
            steps: 0,
            limit,
            tasks: Tasks::default(),
            slot: 0,
            chosen: None,
            ended: false,
            policy,
            timers: Timers::default(),
            locks: Table::default(),
            condvars: Table::default(),
            futexes: Futexes::default(),
            idle: Vec::new(),
            recorder,
            choices,
            user_random,
            system_random,
            objects: 0,
            notes: Vec::new(),
            ending: None,
            culprit: None,
            progress,
        }
    }

    #[inline]
    pub(super) fn running(&self) -> TaskRef {
        TaskRef { slot: self.slot, ordinal: self.tasks.get(self.slot).ordinal }
    }

    pub(super) fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Adds an event of the running thread to the trace.
    #[inline]
    pub(super) fn record(&mut self, kind: Kind, object: u32, data: u64, text: fmt::Arguments<'_>) {
        let task = self.tasks.get(self.slot);
        self.recorder.record(self.now, task.ordinal, kind, object, data);
        self.remark(kind, object, data, text);
    }

    /// Adds a line to the full trace, if there is one.
    #[inline]
    pub(super) fn remark(&mut self, kind: Kind, object: u32, data: u64, text: fmt::Arguments<'_>) {
        if self.recorder.is_full() {
            let task = self.tasks.get(self.slot);
            let thread = (task.ordinal, task.name());
            self.recorder.line(self.now, thread, kind, object, data, text);
        }
    }

    /// Whether the full trace is written.
    pub(super) fn writes_full_trace(&self) -> bool {
        self.recorder.is_full()
    }

    /// Whether the running thread is paused at its point of choice at `at`.
    #[inline]
    fn is_paused(&self, at: &'static Location<'static>) -> bool {
        let task = self.tasks.get(self.slot);
        let waiter = Waiter { slot: self.slot, wait: task.wait };
        task.group.as_ref().is_some_and(|group| group.pauses(waiter, at))
    }

    /// What the threads of `group` are doing, in order of creation.
    pub(super) fn describe_group(&self, group: &Group) -> Vec<String> {
        let is_member = |task: &&&Task| task.group.as_ref().is_some_and(|own| own.is(group));
        self.tasks.by_age().iter().filter(is_member).map(|task| self.describe(task)).collect()
    }

    /// Counts a step of the running thread and lets its time pass.
    #[inline]
    fn step(&mut self, at: &'static Location<'static>) {
        self.steps += 1;
        self.now = self.now.saturating_add(STEP_NS);
        self.progress.store(self.steps, self.now);
        let task = self.tasks.get_mut(self.slot);
        task.at = at;
        task.steps += 1;
        if task.steps > BUSY_STEPS {
            let message = format!(
                "{} has run {BUSY_STEPS} steps without ever waiting; \
                 let it sleep, or wait on a condition variable or a channel",
                task.label()
            );
            let verdict = Verdict::new(VerdictKind::BusyWait, message).at(at);
            self.ending.get_or_insert(Ending::Verdict(verdict));
        }
    }

    /// Sets a timer for a wait. Timers of waits that have ended otherwise stay behind until their
    /// time has come, so they are cleared out when they are most of all.
    fn set_timer(&mut self, deadline: u64, waiter: Waiter) {
        const FEW: usize = 1024;
        self.timers.set(deadline, waiter);
        if self.timers.len() > FEW + 2 * self.tasks.live() {
            let tasks = &self.tasks;
            self.timers.retain(|waiter| tasks.is_waiting(waiter));
        }
    }

    /// Makes ready whoever's deadline has come.
    #[inline]
    fn fire_timers(&mut self) {
        while self.timers.next() <= self.now {
            if let Some(waiter) = self.timers.pop_due(self.now)
                && self.tasks.is_waiting(waiter)
            {
                self.make_ready(waiter.slot, Woken::TimedOut);
            }
        }
    }

    #[inline]
    pub(super) fn make_ready(&mut self, slot: Slot, woken: Woken) {
        let task = self.tasks.get_mut(slot);
        task.status = Status::Runnable;
        task.wait = task.wait.wrapping_add(1);
        task.woken = woken;
        self.policy.ready(slot);
    }

    /// Chooses who runs next, letting time pass when all wait; `None` when the world has ended.
    fn choose(&mut self) -> Option<Slot> {
        if self.ending.is_some() {
            return None;
        }
        loop {
            if self.now > self.limit {
                self.ending = Some(Ending::Verdict(self.out_of_time()));
                return None;
            }
            if let Some(slot) = self.chosen.take().or_else(|| self.policy.next()) {
                return Some(slot);
            }
            let tasks = &self.tasks;
            self.timers.skip(|waiter| !tasks.is_waiting(waiter));
            if self.wake_from_outside() {
                continue;
            }
            let next = self.timers.next();
            if next == u64::MAX {
                self.ending = Some(Ending::Verdict(self.nothing_can_run()));
                return None;
            }
            // Past the limit nothing fires, and the world ends at its limit.
            self.now = self.now.max(next.min(self.limit.saturating_add(1)));
            self.fire_timers();
        }
    }

    /// Lets threads try again that wait for a lock of std's which an OS thread outside the world has
    /// let go of meanwhile. `false` when none is to be expected to.
    fn wake_from_outside(&mut self) -> bool {
        let is_last_hope = self.timers.next() == u64::MAX;
        let changed = self.futexes.changed(is_last_hope);
        for waiter in &changed {
            if self.tasks.is_waiting(*waiter) {
                self.make_ready(waiter.slot, Woken::By(0));
            }
        }
        !changed.is_empty()
    }

    fn describe(&self, task: &Task) -> String {
        deadlock::describe(task, self)
    }

    fn waiting(&self) -> Vec<String> {
        const SHOWN: usize = 32;
        let tasks = self.tasks.by_age();
        let mut lines: Vec<String> =
            tasks.iter().take(SHOWN).map(|task| self.describe(task)).collect();
        if tasks.len() > SHOWN {
            lines.push(format!("and {} more threads", tasks.len() - SHOWN));
        }
        lines
    }

    fn out_of_time(&self) -> Verdict {
        let limit = self.limit as f64 / 1e9;
        let message = format!("the test had not ended after {limit} virtual seconds");
        Verdict::new(VerdictKind::TimeLimit, message).with_details(self.waiting())
    }

    fn nothing_can_run(&self) -> Verdict {
        let who = match self.tasks.live() {
            1 => String::from("the only thread waits"),
            live => format!("all {live} threads wait"),
        };
        let message = format!("{who}, and nothing is left that could wake one");
        Verdict::new(VerdictKind::Deadlock, message).with_details(self.waiting())
    }

    /// A verdict when the running thread, which has just blocked, closes a cycle of waits, or waits
    /// for a lock whose holder has ended.
    fn deadlocked(&self) -> Option<Verdict> {
        let me = self.running();
        let task = self.tasks.get(me.slot);
        let deadlock = |message: String| Verdict::new(VerdictKind::Deadlock, message).at(task.at);
        if let Status::Blocked(WaitFor::Lock(lock)) = task.status {
            let holds = self.locks.get(lock).holds();
            if let Some(own) = holds.iter().find(|hold| hold.task == me) {
                return Some(deadlock(format!(
                    "{} waits for a lock that it holds itself since {}",
                    task.label(),
                    own.at
                )));
            }
            if let Some(lost) = holds.iter().find(|hold| self.tasks.alive(hold.task).is_none()) {
                return Some(abandoned(task, lost));
            }
        }
        let cycle = deadlock::cycle(me, &self.tasks, &self.locks)?;
        let alive: Vec<_> = cycle.iter().filter_map(|task| self.tasks.alive(*task)).collect();
        let names: Vec<String> = alive.iter().map(|task| task.label()).collect();
        let details = alive.iter().map(|task| self.describe(task)).collect();
        let message = match &names[..] {
            [alone] => format!("{alone} waits for its own end"),
            _ => format!("{} wait for each other", names.join(" and ")),
        };
        Some(deadlock(message).with_details(details))
    }

    /// The running thread ends: a verdict when others wait for a lock that it has not let go of.
    fn look_for_abandoned_locks(&mut self) {
        let me = self.running();
        if self.tasks.get(me.slot).holds == 0 {
            return;
        }
        let verdict = self.locks.iter().find_map(|lock| {
            let hold = lock.holds().iter().find(|hold| hold.task == me)?;
            Some(abandoned(self.tasks.get(lock.first_waiting()?.slot), hold))
        });
        if let Some(verdict) = verdict {
            self.ending.get_or_insert(Ending::Verdict(verdict));
        }
    }

    /// Notes that a thread, which is about to be woken, has waited very long for a lock.
    pub(super) fn note_long_wait(&mut self, slot: Slot) {
        let task = self.tasks.get(slot);
        let waited = self.now - task.since;
        if waited >= LONG_WAIT_NS {
            let holder = self.tasks.get(self.slot).label();
            self.note(format!(
                "{} waited {:.1} s for a lock at {}, which {holder} held",
                task.label(),
                waited as f64 / 1e9,
                task.at
            ));
        }
    }

    fn note_threads_that_wait_long(&mut self) {
        let is_stuck = |status| matches!(status, Status::Blocked(WaitFor::Lock(_)));
        let stuck: Vec<(String, u64)> = self
            .tasks
            .by_age()
            .into_iter()
            .filter(|task| is_stuck(task.status) && self.now - task.since >= LONG_WAIT_NS)
            .map(|task| (self.describe(task), self.now - task.since))
            .collect();
        for (text, waited) in stuck {
            self.note(format!("{text} for {:.1} s and was still waiting", waited as f64 / 1e9));
        }
    }
}

/// The verdict on a thread that waits for a lock whose holder has ended.
fn abandoned(waiting: &Task, hold: &Hold) -> Verdict {
    let message = format!(
        "{} waits for a lock whose holder ended without letting go of it, taken at {}",
        waiting.label(),
        hold.at
    );
    Verdict::new(VerdictKind::Deadlock, message).at(waiting.at)
}

/// What a world leaves behind.
pub(crate) struct Remains {
    pub(crate) ending: Ending,
    pub(crate) virtual_ns: u64,
    pub(crate) steps: u64,
    pub(crate) hash: u64,
    pub(crate) notes: Vec<String>,
}

impl Sim {
    /// Adds a thread that is ready to run.
    pub(super) fn add_thread(
        &'static self,
        belongs: Belongs,
        at: &'static Location<'static>,
        job: Job,
    ) -> Result<TaskRef, Verdict> {
        let mut core = self.core.borrow_mut();
        let live = core.tasks.live();
        let too_many = |why: String| {
            let message =
                format!("too many live threads: {live} are alive and one more was started ({why})");
            Verdict::new(VerdictKind::TooManyThreads, message)
        };
        if live >= MAX_THREADS {
            return Err(too_many(format!("the limit is {MAX_THREADS}")));
        }
        let worker = match core.idle.pop() {
            Some(worker) => worker,
            None => Worker::new(|| self.serve()).map_err(|error| too_many(error.to_string()))?,
        };
        let task = core.tasks.add(belongs, at, job, worker);
        core.policy.spawned(task.slot);
        core.policy.ready(task.slot);
        Ok(task)
    }

    /// What a worker does: one job after another, suspended in between.
    fn serve(&self) {
        loop {
            let job = {
                let mut core = self.core.borrow_mut();
                let slot = core.slot;
                core.tasks.get_mut(slot).job.take().expect("a new thread has a job")
            };
            if let Err(panic) = panics::catch(job) {
                self.end(Ending::Verdict(panic.into_verdict(&self.label())));
            }
            {
                let mut core = self.core.borrow_mut();
                core.record(trace::EXIT, 0, 0, format_args!(""));
                core.look_for_abandoned_locks();
                core.ended = true;
            }
            coroutine::suspend();
        }
    }

    /// Runs `main` and every thread it starts until the world ends.
    pub(crate) fn run(&'static self, main: Job) -> Remains {
        let main_thread = Belongs { name: Some("main".into()), ..Belongs::default() };
        let first = self.add_thread(main_thread, Location::caller(), main);
        if let Err(verdict) = first {
            self.core.borrow_mut().ending = Some(Ending::Verdict(verdict));
        }
        loop {
            let (slot, mut worker) = {
                let mut core = self.core.borrow_mut();
                let Some(slot) = core.choose() else { break };
                core.slot = slot;
                let worker = core.tasks.get_mut(slot).worker.take();
                (slot, worker.expect("a thread that can run has a worker"))
            };
            os::overflow::set_guard(worker.guard());
            self.in_task.set(true);
            worker.resume();
            self.in_task.set(false);
            let mut core = self.core.borrow_mut();
            if std::mem::take(&mut core.ended) {
                core.tasks.remove(slot);
                core.idle.push(worker);
            } else {
                core.tasks.get_mut(slot).worker = Some(worker);
            }
        }
        self.remains()
    }

    fn remains(&self) -> Remains {
        let mut core = self.core.borrow_mut();
        let culprit = core.culprit.take();
        if let (Some(Ending::Verdict(verdict)), Some(frames)) = (&mut core.ending, culprit) {
            verdict.location = frames.user_place();
        }
        core.note_threads_that_wait_long();
        core.idle.drain(..).for_each(Worker::discard);
        core.tasks.take_workers().into_iter().for_each(Worker::discard);
        Remains {
            ending: core.ending.take().expect("a world that stopped has ended"),
            virtual_ns: core.now,
            steps: core.steps,
            hash: core.recorder.finish(),
            notes: std::mem::take(&mut core.notes),
        }
    }

    /// A point of choice: counts a step, records the event, and lets the policy choose who goes on.
    ///
    /// While the thread is panicking nobody else is let in: unwinding must not be interrupted,
    /// since "is panicking" is a property of the OS thread that all lab threads share.
    #[inline]
    pub(crate) fn point(&self, kind: Kind, object: u32, data: u64, at: &'static Location<'static>) {
        let mut core = self.core.borrow_mut();
        let core_mut = &mut *core;
        core_mut.step(at);
        core_mut.record(kind, object, data, format_args!("{at}"));
        if std::thread::panicking() {
            let is_over = core_mut.ending.is_some() || core_mut.now > core_mut.limit;
            drop(core);
            if is_over {
                coroutine::suspend();
            }
            return;
        }
        core_mut.fire_timers();
        if core_mut.is_paused(at) {
            drop(core);
            self.block(WaitFor::Pause, 0, None, at);
            return;
        }
        if let Some(delay) = core_mut.policy.delay() {
            drop(core);
            self.delay(delay, at);
            return;
        }
        let slot = core_mut.slot;
        core_mut.policy.ready(slot);
        let next = core_mut.policy.next();
        // An ending or a time limit is seen by the main loop.
        if next == Some(slot) && core_mut.ending.is_none() && core_mut.now <= core_mut.limit {
            return;
        }
        core_mut.chosen = next;
        drop(core);
        coroutine::suspend();
    }

    /// Lets the others go first.
    pub(crate) fn yield_now(&self, at: &'static Location<'static>) {
        {
            let mut core = self.core.borrow_mut();
            let slot = core.slot;
            core.policy.yielded(slot);
        }
        self.point(trace::YIELD, 0, 0, at);
    }

    /// The policy holds the running thread up for `ns` virtual nanoseconds.
    #[cold]
    fn delay(&self, ns: u64, at: &'static Location<'static>) {
        self.core.borrow_mut().record(trace::DELAY, 0, ns, format_args!("{ns} ns"));
        let until = self.now().saturating_add(ns);
        self.block(WaitFor::Delay, 0, Some(until), at);
    }

    /// Blocks the running thread until it is woken or the virtual nanosecond `deadline` has come.
    pub(crate) fn block(
        &self,
        wait: WaitFor,
        object: u32,
        deadline: Option<u64>,
        at: &'static Location<'static>,
    ) -> Woken {
        self.block_since(self.now(), wait, object, deadline, at)
    }

    /// As [`block`](Self::block), for a wait that goes on since the virtual nanosecond `since`.
    pub(super) fn block_since(
        &self,
        since: u64,
        wait: WaitFor,
        object: u32,
        deadline: Option<u64>,
        at: &'static Location<'static>,
    ) -> Woken {
        if std::thread::panicking() {
            self.end(Ending::Verdict(panics::blocked_while_panicking(&self.label(), at)));
        }
        let mut core = self.core.borrow_mut();
        let core_mut = &mut *core;
        let slot = core_mut.slot;
        let task = core_mut.tasks.get_mut(slot);
        let waiter = Waiter { slot, wait: task.wait };
        task.status = Status::Blocked(wait);
        task.since = since;
        task.at = at;
        if wait.is_rest() {
            task.steps = 0;
        }
        core_mut.record(trace::BLOCK, object, 0, format_args!("waits for {}", wait.text()));
        if let Some(deadline) = deadline {
            core_mut.set_timer(deadline, waiter);
        }
        if matches!(wait, WaitFor::Lock(_) | WaitFor::Join(_))
            && let Some(verdict) = core_mut.deadlocked()
        {
            core_mut.ending.get_or_insert(Ending::Verdict(verdict));
        }
        core_mut.fire_timers();
        core_mut.chosen = core_mut.policy.next();
        drop(core);
        coroutine::suspend();
        let mut core = self.core.borrow_mut();
        let woken = core.tasks.get(slot).woken;
        let kind = if woken == Woken::TimedOut { trace::TIME_OUT } else { trace::WAKE };
        core.record(kind, object, 0, format_args!(""));
        woken
    }

    /// Ends the wait of `waiter` and passes `token` along; `false` when it has ended already.
    pub(crate) fn wake(&self, waiter: Waiter, token: u32) -> bool {
        let mut core = self.core.borrow_mut();
        let waits = core.tasks.is_waiting(waiter);
        if waits {
            core.make_ready(waiter.slot, Woken::By(token));
        }
        waits
    }

    /// Sleeps for `ns` virtual nanoseconds.
    pub(crate) fn sleep(&self, ns: u64, at: &'static Location<'static>) {
        let until = {
            let mut core = self.core.borrow_mut();
            core.step(at);
            core.now.saturating_add(ns)
        };
        self.block(WaitFor::Sleep, 0, Some(until), at);
    }
}
