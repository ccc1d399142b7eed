//! Many submissions, some at a time, each by a worker of its own, all on one machine.

pub(crate) mod workplace;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, select};
use runner::CancelToken;

use crate::exit::{Outcome, SETUP, Stop};
use crate::signals::Interrupt;

/// What a worker says of a piece of work.
pub(crate) enum Message<'a, T, R> {
    /// It is begun.
    Begun(&'a T),
    /// It is done, or something failed that says nothing about it.
    Ended(&'a T, Box<Outcome<R>>),
}

/// Who does it.
pub(crate) struct Crew<'a> {
    /// When to stop.
    pub(crate) interrupt: &'a Interrupt,
    /// Wall time for one piece of work.
    pub(crate) time: Duration,
    /// How many at a time.
    pub(crate) at_once: usize,
    /// When no further one is begun.
    pub(crate) deadline: Option<Instant>,
}

/// Submissions at a time. One is being built while another runs.
pub(crate) fn at_once() -> usize {
    runner::shares::cores().max(2)
}

impl Crew<'_> {
    /// Does `work` on each of `all` and hands each message to `on_message`. None is begun after an interrupt or after
    /// the deadline; what takes longer than its time is told so through its token.
    pub(crate) fn each<T: Sync, R: Send>(
        &self,
        all: &[T],
        work: impl Fn(&T, &CancelToken) -> Outcome<R> + Sync,
        mut on_message: impl FnMut(Message<'_, T, R>),
    ) {
        let next = AtomicUsize::new(0);
        let (sender, messages) = bounded(self.at_once);
        thread::scope(|scope| {
            for _ in 0..self.at_once.min(all.len()) {
                let sender = sender.clone();
                let (next, work) = (&next, &work);
                scope.spawn(move || {
                    while self.goes_on() {
                        let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) else {
                            break;
                        };
                        let _ = sender.send(Message::Begun(one));
                        let outcome = self.within_time(|cancel| work(one, cancel));
                        let _ = sender.send(Message::Ended(one, Box::new(outcome)));
                    }
                });
            }
            drop(sender);
            messages.into_iter().for_each(&mut on_message);
        });
    }

    fn goes_on(&self) -> bool {
        let over = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        self.interrupt.signal().is_none() && !over
    }

    /// Does one piece of work within its time.
    fn within_time<R>(&self, work: impl FnOnce(&CancelToken) -> Outcome<R>) -> Outcome<R> {
        let cancel = CancelToken::new()
            .map_err(|error| Stop::new(SETUP, format!("cannot watch a submission: {error}")))?;
        let (done, ended) = bounded::<()>(0);
        let outcome = thread::scope(|scope| {
            scope.spawn(|| self.cancel_in_time(&cancel, &ended));
            // When this is dropped the other thread ends.
            let _done: Sender<()> = done;
            work(&cancel)
        });
        // What an interrupt cut short says nothing about the submission.
        if self.interrupt.signal().is_some() && cancel.is_cancelled() {
            Err(self.interrupt.stop())
        } else {
            outcome
        }
    }

    /// Cancels when the time is over, or at an interrupt, unless the work has ended before.
    fn cancel_in_time(&self, cancel: &CancelToken, ended: &Receiver<()>) {
        select! {
            recv(ended) -> _ => {}
            recv(self.interrupt.rung()) -> _ => cancel.cancel(),
            recv(crossbeam_channel::after(self.time)) -> _ => cancel.cancel(),
        }
    }
}
