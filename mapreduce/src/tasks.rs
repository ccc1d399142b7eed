//! Which task is whose: the coordinator's table (§3.2).
//!
//! It knows nothing of threads, sockets or the clock: it is told the time.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// A task, by its number among those of its kind, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Task {
    /// Of one input file.
    Map(u32),
    /// Of one share of the keys.
    Reduce(u32),
}

/// What a worker that asks is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Run this.
    Run(Task),
    /// Nothing to do yet. At this moment, if nothing else happens before, there may be.
    Wait(Option<Instant>),
    /// Nothing to do any more.
    Over,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Map tasks that are done.
    pub maps_done: u32,
    /// Map tasks.
    pub maps: u32,
    /// Reduce tasks that are done.
    pub reduces_done: u32,
    /// Reduce tasks.
    pub reduces: u32,
}

/// The tasks of a job.
#[derive(Debug)]
pub(crate) struct Tasks {
    maps: Phase,
    reduces: Phase,
}

/// The tasks of one kind.
#[derive(Debug)]
struct Phase {
    states: Vec<State>,
    done: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Idle,
    Running {
        /// When it was handed out last.
        since: Instant,
        /// Whether it was handed out again although it was not late (§3.6).
        backed_up: bool,
    },
    Done,
}

impl Tasks {
    /// All tasks, idle.
    pub(crate) fn new(maps: u32, reduces: u32) -> Self {
        Self { maps: Phase::new(maps), reduces: Phase::new(reduces) }
    }

    /// A task for a worker that asks at the time `now`. A task that was handed out longer than
    /// `reissue_after` ago counts as lost. With `backup`, a worker that would have to wait gets the
    /// running task that was handed out first, once more (§3.6).
    pub(crate) fn next(&mut self, now: Instant, reissue_after: Duration, backup: bool) -> Next {
        let (phase, task): (_, fn(u32) -> Task) = match (&mut self.maps, &mut self.reduces) {
            // No reduce task before the last map task has ended.
            (maps, _) if !maps.is_done() => (maps, Task::Map),
            (_, reduces) if !reduces.is_done() => (reduces, Task::Reduce),
            _ => return Next::Over,
        };
        if let Some(number) = phase.idle().or_else(|| phase.late(now, reissue_after)) {
            phase.states[number] = State::Running { since: now, backed_up: false };
            return Next::Run(task(number as u32));
        }
        if let Some(number) = phase.straggler().filter(|_| backup) {
            phase.states[number] = State::Running { since: now, backed_up: true };
            return Next::Run(task(number as u32));
        }
        Next::Wait(phase.oldest().and_then(|since| since.checked_add(reissue_after)))
    }

    /// A worker has finished a task. Whoever finishes it first counts; false when it was done already.
    pub(crate) fn finish(&mut self, task: Task) -> bool {
        let (phase, number) = self.find(task);
        let Some(state @ (State::Idle | State::Running { .. })) = phase.states.get_mut(number)
        else {
            return false;
        };
        *state = State::Done;
        phase.done += 1;
        true
    }

    /// A task that was handed out did not reach its worker.
    pub(crate) fn give_back(&mut self, task: Task) {
        let (phase, number) = self.find(task);
        if let Some(state @ State::Running { .. }) = phase.states.get_mut(number) {
            *state = State::Idle;
        }
    }

    /// Whether the task is yet to be finished.
    pub(crate) fn is_pending(&mut self, task: Task) -> bool {
        let (phase, number) = self.find(task);
        phase.states.get(number).is_some_and(|state| *state != State::Done)
    }

    /// Whether all are done.
    pub(crate) fn all_done(&self) -> bool {
        self.maps.is_done() && self.reduces.is_done()
    }

    /// How far they are.
    pub(crate) fn progress(&self) -> Progress {
        Progress {
            maps_done: self.maps.done,
            maps: self.maps.states.len() as u32,
            reduces_done: self.reduces.done,
            reduces: self.reduces.states.len() as u32,
        }
    }

    fn find(&mut self, task: Task) -> (&mut Phase, usize) {
        match task {
            Task::Map(number) => (&mut self.maps, number as usize),
            Task::Reduce(number) => (&mut self.reduces, number as usize),
        }
    }
}

impl Phase {
    fn new(tasks: u32) -> Self {
        Self { states: vec![State::Idle; tasks as usize], done: 0 }
    }

    fn is_done(&self) -> bool {
        self.done as usize == self.states.len()
    }

    fn idle(&self) -> Option<usize> {
        self.states.iter().position(|state| *state == State::Idle)
    }

    /// Running tasks, and since when.
    fn running(&self) -> impl Iterator<Item = (usize, Instant, bool)> {
        self.states.iter().enumerate().filter_map(|(number, state)| match *state {
            State::Running { since, backed_up } => Some((number, since, backed_up)),
            State::Idle | State::Done => None,
        })
    }

    /// A running task that counts as lost.
    fn late(&self, now: Instant, reissue_after: Duration) -> Option<usize> {
        let (number, since, _) = self.running().min_by_key(|&(_, since, _)| since)?;
        (now.saturating_duration_since(since) >= reissue_after).then_some(number)
    }

    /// The running task that was handed out first, of those that one worker has.
    fn straggler(&self) -> Option<usize> {
        let alone = self.running().filter(|&(_, _, backed_up)| !backed_up);
        alone.min_by_key(|&(_, since, _)| since).map(|(number, _, _)| number)
    }

    /// When the running task that was handed out first was.
    fn oldest(&self) -> Option<Instant> {
        self.running().map(|(_, since, _)| since).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    struct Table {
        tasks: Tasks,
        start: Instant,
        backup: bool,
    }

    impl Table {
        fn new(maps: u32, reduces: u32) -> Self {
            Self { tasks: Tasks::new(maps, reduces), start: Instant::now(), backup: false }
        }

        fn at(&self, seconds: u64) -> Instant {
            self.start + Duration::from_secs(seconds)
        }

        fn next(&mut self, seconds: u64) -> Next {
            self.tasks.next(self.at(seconds), LIMIT, self.backup)
        }
    }

    #[test]
    fn no_reduce_before_the_last_map_has_ended() {
        let mut table = Table::new(2, 1);
        assert_eq!(table.next(0), Next::Run(Task::Map(0)));
        assert_eq!(table.next(1), Next::Run(Task::Map(1)));
        assert!(table.tasks.finish(Task::Map(1)));
        assert_eq!(table.next(2), Next::Wait(Some(table.at(10))));
        assert!(table.tasks.finish(Task::Map(0)));
        assert_eq!(table.next(3), Next::Run(Task::Reduce(0)));
        assert!(!table.tasks.all_done());
        assert!(table.tasks.finish(Task::Reduce(0)));
        assert_eq!(table.next(4), Next::Over);
        assert!(table.tasks.all_done());
    }

    #[test]
    fn a_task_is_handed_out_again_when_its_time_is_over_and_not_before() {
        let mut table = Table::new(1, 1);
        assert_eq!(table.next(0), Next::Run(Task::Map(0)));
        assert_eq!(table.next(9), Next::Wait(Some(table.at(10))));
        assert_eq!(table.next(10), Next::Run(Task::Map(0)));
        assert_eq!(table.next(19), Next::Wait(Some(table.at(20))));
        assert_eq!(table.next(20), Next::Run(Task::Map(0)));
    }

    #[test]
    fn a_late_duplicate_does_no_harm() {
        let mut table = Table::new(1, 2);
        table.next(0);
        table.next(10);
        assert!(table.tasks.finish(Task::Map(0)));
        assert_eq!(table.next(11), Next::Run(Task::Reduce(0)));
        assert!(!table.tasks.finish(Task::Map(0)));
        assert_eq!(table.next(12), Next::Run(Task::Reduce(1)));
        assert!(!table.tasks.is_pending(Task::Map(0)));
        let progress = table.tasks.progress();
        assert_eq!((progress.maps_done, progress.reduces_done), (1, 0));
    }

    #[test]
    fn a_task_that_reached_nobody_is_free_at_once() {
        let mut table = Table::new(1, 1);
        table.next(0);
        table.tasks.give_back(Task::Map(0));
        assert_eq!(table.next(1), Next::Run(Task::Map(0)));
        assert!(table.tasks.finish(Task::Map(0)));
        table.tasks.give_back(Task::Map(0));
        assert_eq!(table.next(2), Next::Run(Task::Reduce(0)));
    }

    #[test]
    fn backups_go_to_the_longest_running_task_and_each_task_has_one() {
        let mut table = Table::new(2, 1);
        table.backup = true;
        assert_eq!(table.next(0), Next::Run(Task::Map(0)));
        assert_eq!(table.next(1), Next::Run(Task::Map(1)));
        assert_eq!(table.next(2), Next::Run(Task::Map(0)));
        assert_eq!(table.next(3), Next::Run(Task::Map(1)));
        assert_eq!(table.next(4), Next::Wait(Some(table.at(12))));
    }

    #[test]
    fn a_number_that_no_task_has_is_nobodys() {
        let mut table = Table::new(1, 1);
        assert!(!table.tasks.finish(Task::Reduce(7)));
        assert!(!table.tasks.is_pending(Task::Map(1)));
    }

    #[test]
    fn a_job_without_inputs_still_has_outputs() {
        assert_eq!(Table::new(0, 1).next(0), Next::Run(Task::Reduce(0)));
    }
}
