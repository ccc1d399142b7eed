//! The workers: one harness process per run, some at a time.

use std::thread;

use crossbeam_channel::{Sender, bounded};
use protocol::{Failure, FailureKind};
use runner::{CancelToken, Ending, Log, RunResult, run_once};

use super::Session;
use super::queue::{Job, Queue};

/// What a worker says.
pub(crate) enum Message {
    /// It begins a run.
    Started(Job),
    /// A run ended; never one that was stopped from outside.
    Finished(Job, Box<RunResult>),
}

/// Messages that may wait to be read; more, and the workers wait.
const BACKLOG: usize = 64;

/// Runs everything that `session` says and hands each message to `on_message`, until all is done
/// or `cancel` stops it. With `fail_fast`, the first run that fails cancels the rest.
pub(crate) fn run(session: &Session, cancel: &CancelToken, mut on_message: impl FnMut(Message)) {
    let queue = Queue::new(session.tests.len(), session.count);
    let runs = (session.tests.len() as u64).saturating_mul(session.count);
    let workers = runs.min(session.jobs as u64);
    let (sender, messages) = bounded(BACKLOG);
    thread::scope(|scope| {
        for _ in 0..workers {
            let (queue, sender) = (&queue, sender.clone());
            scope.spawn(move || work(session, queue, cancel, &sender));
        }
        drop(sender);
        messages.into_iter().for_each(&mut on_message);
    });
}

/// Takes runs from the queue until there is none.
fn work(session: &Session, queue: &Queue, cancel: &CancelToken, to: &Sender<Message>) {
    while !cancel.is_cancelled()
        && let Some(job) = queue.take()
    {
        // The receiver outlives us: it reads until the last worker has ended.
        let _ = to.send(Message::Started(job));
        let result = run_job(session, job, cancel);
        if result.ending == Ending::Cancelled {
            return;
        }
        if session.fail_fast && !result.passed() {
            cancel.cancel();
        }
        let _ = to.send(Message::Finished(job, Box::new(result)));
    }
}

fn run_job(session: &Session, job: Job, cancel: &CancelToken) -> RunResult {
    match runner::secret::nonce() {
        Ok(nonce) => {
            let request = session.request(job, nonce);
            let allowance = &session.tests[job.test].allowance;
            run_once(&session.program, &request, allowance, cancel)
        }
        Err(error) => RunResult {
            ending: Ending::Failed(Failure::new(
                FailureKind::Internal,
                format!("could not draw a nonce: {error}"),
            )),
            record: None,
            exit: "never started".into(),
            wall_s: 0.0,
            log: Log::default(),
        },
    }
}
