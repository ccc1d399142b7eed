//! Who grades: some submissions at a time, each by a worker of its own, all on one machine.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, bounded, select};
use runner::CancelToken;

use super::grade::Desk;
use super::journal::Done;
use super::roster::Entry;
use crate::exit::{Outcome, SETUP, Stop};
use crate::signals::Interrupt;

/// What a worker says.
pub(crate) enum Message<'a> {
    /// A submission is begun.
    Begun(&'a Entry),
    /// It is done, or something failed that says nothing about it.
    Ended(&'a Entry, Box<Outcome<Done>>),
}

/// Submissions at a time. One is being built while another runs.
pub(crate) fn at_once() -> usize {
    runner::shares::cores().max(2)
}

/// Grades `entries` and hands each message to `on_message`. None is begun after an interrupt, after the
/// deadline, or once `on_message` says so.
pub(crate) fn grade_all(
    desk: &Desk<'_>,
    entries: &[&Entry],
    deadline: Option<Instant>,
    mut on_message: impl FnMut(Message<'_>),
) {
    let interrupt = desk.workshop.interrupt;
    let next = AtomicUsize::new(0);
    let (sender, messages) = bounded(at_once());
    thread::scope(|scope| {
        for _ in 0..at_once().min(entries.len()) {
            let sender = sender.clone();
            let next = &next;
            scope.spawn(move || {
                let over = || deadline.is_some_and(|deadline| Instant::now() >= deadline);
                while interrupt.signal().is_none() && !over() {
                    let Some(entry) = entries.get(next.fetch_add(1, Ordering::Relaxed)) else {
                        break;
                    };
                    let _ = sender.send(Message::Begun(entry));
                    let outcome = grade_one(desk, entry, interrupt);
                    let _ = sender.send(Message::Ended(entry, Box::new(outcome)));
                }
            });
        }
        drop(sender);
        messages.into_iter().for_each(&mut on_message);
    });
}

/// Grades one, within its time.
fn grade_one(desk: &Desk<'_>, entry: &Entry, interrupt: &Interrupt) -> Outcome<Done> {
    let cancel = CancelToken::new()
        .map_err(|error| Stop::new(SETUP, format!("cannot watch a submission: {error}")))?;
    let (done, ended) = bounded::<()>(0);
    let outcome = thread::scope(|scope| {
        scope.spawn(|| cancel_in(desk.plan.submission_time, interrupt, &cancel, &ended));
        // When this is dropped the other thread ends.
        let _done: Sender<()> = done;
        desk.grade(entry, &cancel)
    });
    // What an interrupt cut short says nothing about the submission.
    if interrupt.signal().is_some() && cancel.is_cancelled() {
        Err(interrupt.stop())
    } else {
        outcome
    }
}

/// Cancels after `time`, or at an interrupt, unless the work has ended before.
fn cancel_in(
    time: Duration,
    interrupt: &Interrupt,
    cancel: &CancelToken,
    ended: &crossbeam_channel::Receiver<()>,
) {
    select! {
        recv(ended) -> _ => {}
        recv(interrupt.rung()) -> _ => cancel.cancel(),
        recv(crossbeam_channel::after(time)) -> _ => cancel.cancel(),
    }
}
