//! The workers: one harness process per run, some at a time.

use std::thread;

use crossbeam_channel::{Sender, bounded};
use protocol::{Failure, FailureKind, Request};
use runner::shares::Shares;
use runner::{Allowance, CancelToken, Ending, Log, Program, RunResult, run_once};

/// Runs that are to be made.
pub(crate) trait Work: Sync {
    /// One of them.
    type Job: Clone + Send;

    /// The next; none when there is nothing left to begin. Workers ask at the same time.
    fn take(&self) -> Option<Self::Job>;
    /// How many shares of the machine it takes.
    fn share(&self, job: &Self::Job) -> usize;
    /// The program that makes the runs.
    fn program(&self) -> &Program;
    /// What the program is asked for a run.
    fn request(&self, job: &Self::Job, nonce: String) -> Request;
    /// What its process may use of the machine.
    fn allowance(&self, job: &Self::Job) -> &Allowance;
    /// Takes notice of a run's end, on its worker's thread and before that worker takes the next.
    fn ended(&self, job: &Self::Job, result: &RunResult, cancel: &CancelToken);
}

/// What a worker says.
pub(crate) enum Message<J> {
    /// It begins a run.
    Started(J),
    /// A run ended; never one that was stopped from outside.
    Finished(J, Box<RunResult>),
}

/// Messages that may wait to be read; more, and the workers wait.
const BACKLOG: usize = 64;

/// Makes all runs of `work`, at most `workers` at a time and no more than there are `shares` for, and hands each
/// message to `on_message`, until all is done or `cancel` stops it.
pub(crate) fn run<W: Work>(
    work: &W,
    workers: u64,
    shares: &Shares,
    cancel: &CancelToken,
    mut on_message: impl FnMut(Message<W::Job>),
) {
    let (sender, messages) = bounded(BACKLOG);
    thread::scope(|scope| {
        for _ in 0..workers {
            let sender = sender.clone();
            scope.spawn(move || labour(work, shares, cancel, &sender));
        }
        drop(sender);
        messages.into_iter().for_each(&mut on_message);
    });
}

/// Takes runs until there is none.
fn labour<W: Work>(work: &W, shares: &Shares, cancel: &CancelToken, to: &Sender<Message<W::Job>>) {
    while !cancel.is_cancelled()
        && let Some(job) = work.take()
    {
        let _taken = shares.take(work.share(&job));
        if cancel.is_cancelled() {
            return;
        }
        // The receiver outlives us: it reads until the last worker has ended.
        let _ = to.send(Message::Started(job.clone()));
        let result = run_job(work, &job, cancel);
        if result.ending == Ending::Cancelled {
            return;
        }
        work.ended(&job, &result, cancel);
        let _ = to.send(Message::Finished(job, Box::new(result)));
    }
}

fn run_job<W: Work>(work: &W, job: &W::Job, cancel: &CancelToken) -> RunResult {
    match runner::secret::nonce() {
        Ok(nonce) => {
            let request = work.request(job, nonce);
            run_once(work.program(), &request, work.allowance(job), cancel)
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
