//! The state of a job, and what workers are told.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use contracts::mapreduce::Job;

use super::Options;
use super::socket::Socket;
use crate::error::{About, Error, Result};
use crate::folder::JobFolder;
use crate::input::Input;
use crate::rpc::build;
use crate::rpc::message::{
    Answer, Call, Greeting, Hello, MAGIC, MapTask, PROTOCOL, ReduceTask, Report,
};
use crate::tasks::{Next, Progress, Task, Tasks};

/// What a job has as long as it runs.
#[derive(Debug)]
pub(crate) struct Office {
    pub(crate) folder: JobFolder,
    pub(crate) socket: Socket,
}

/// Where all threads of a coordinator meet.
#[derive(Debug)]
pub(crate) struct Desk {
    inputs: Vec<Input>,
    reduces: u32,
    reissue_after: Duration,
    options: Options,
    /// What a worker must have in common with its coordinator.
    build: u64,
    folder_id: (u64, u64),
    /// What a welcome carries.
    job_name: Vec<u8>,
    state: Mutex<State>,
    /// A task was finished or given back, or the job has ended.
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    tasks: Tasks,
    /// Gone when the job has ended.
    office: Option<Office>,
    /// How the job ended, or why it failed.
    end: Option<Result<(), String>>,
    /// What the workers run; the first one that says it settles it.
    application: Option<String>,
}

impl Desk {
    pub(crate) fn new(
        job: &Job,
        options: Options,
        inputs: Vec<Input>,
        office: Office,
    ) -> Result<Self> {
        let folder = job.folder.metadata().about("read the folder", &job.folder)?;
        let maps = u32::try_from(inputs.len());
        let maps = maps.map_err(|_| Error::Other("a job has at most 2^32 inputs".to_owned()))?;
        let state = State {
            tasks: Tasks::new(maps, job.reduces),
            end: None,
            application: None,
            office: None,
        };
        Ok(Self {
            inputs,
            reduces: job.reduces,
            reissue_after: job.reissue_after,
            options,
            build: build::identity()?,
            folder_id: (folder.dev(), folder.ino()),
            job_name: office.folder.name().as_bytes().to_owned(),
            state: Mutex::new(State { office: Some(office), ..state }),
            changed: Condvar::new(),
        })
    }

    /// The state. A thread that panicked leaves it as it is: each change is one step.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Greets a worker.
    pub(crate) fn greet(&self, hello: &Hello) -> Greeting {
        match self.objection(hello) {
            Some(why) => Greeting::Refused(why),
            None => Greeting::Welcome(self.job_name.clone()),
        }
    }

    /// Why a worker may not work here.
    fn objection(&self, hello: &Hello) -> Option<String> {
        if hello.magic != MAGIC {
            return Some("it is no worker".to_owned());
        }
        if hello.protocol != PROTOCOL || hello.build != self.build {
            return Some("it is of another build than the coordinator".to_owned());
        }
        if hello.folder != self.folder_id {
            let state = self.state();
            let folder = state.office.as_ref().map(|office| office.folder.folder().display());
            // When the job has ended, it will hear so.
            return Some(format!(
                "it works in another folder than the coordinator's `{}`",
                folder?
            ));
        }
        let ours = &mut self.state().application;
        let theirs = &hello.application;
        match ours {
            Some(ours) if !theirs.is_empty() && ours != theirs => {
                Some(format!("it runs `{theirs}`, but this job's workers run `{ours}`"))
            }
            None if !theirs.is_empty() => {
                *ours = Some(theirs.clone());
                None
            }
            _ => None,
        }
    }

    /// Answers a call. It takes as long as there is nothing to do.
    pub(crate) fn answer(&self, call: Call) -> Answer {
        let mut state = self.state();
        if let Some(report) = call.report {
            self.note(&mut state, report);
        }
        loop {
            match &state.end {
                Some(Ok(())) => return Answer::Done,
                Some(Err(_)) => return Answer::Failed,
                None => {}
            }
            let now = Instant::now();
            state = match state.tasks.next(now, self.reissue_after, self.options.backup_tasks) {
                Next::Run(task) => return self.describe(task),
                Next::Over => return Answer::Done,
                Next::Wait(until) => {
                    let time = until.map_or(Duration::MAX, |until| until.duration_since(now));
                    let woken = self.changed.wait_timeout(state, time);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// What a worker has to know of a task.
    fn describe(&self, task: Task) -> Answer {
        match task {
            Task::Map(number) => {
                let input = &self.inputs[number as usize];
                Answer::Map(MapTask {
                    number,
                    name: input.name.clone(),
                    path: input.path.as_os_str().as_bytes().to_owned(),
                    reduces: self.reduces,
                })
            }
            Task::Reduce(number) => {
                Answer::Reduce(ReduceTask { number, maps: self.inputs.len() as u32 })
            }
        }
    }

    /// Takes in what became of a task. Of a task that is done already, nothing matters any more.
    fn note(&self, state: &mut State, report: Report) {
        if state.end.is_some() {
            return;
        }
        match report {
            Report::Finished(task) => {
                if state.tasks.finish(task) {
                    if state.tasks.all_done() {
                        self.end(state, Ok(()));
                    }
                    self.changed.notify_all();
                }
            }
            Report::Failed(task, why) => {
                if state.tasks.is_pending(task) {
                    self.end(state, Err(why));
                }
            }
        }
    }

    /// An answer did not reach its worker.
    pub(crate) fn take_back(&self, answer: &Answer) {
        let task = match answer {
            Answer::Map(task) => Task::Map(task.number),
            Answer::Reduce(task) => Task::Reduce(task.number),
            Answer::Done | Answer::Failed => return,
        };
        self.state().tasks.give_back(task);
        self.changed.notify_all();
    }

    /// Ends the job. Whoever sees the end sees the folder tidy.
    fn end(&self, state: &mut State, mut end: Result<(), String>) {
        if let Some(Office { folder, socket }) = state.office.take() {
            if end.is_ok() && self.options.keep_intermediate {
                end = folder.keep_intermediate().map_err(|error| error.to_string());
            }
            folder.close();
            if end.is_err() {
                folder.remove_output(self.reduces);
            }
            drop((folder, socket));
        }
        state.end = Some(end);
        self.changed.notify_all();
    }

    /// Makes the job fail, unless it has ended.
    pub(crate) fn fail(&self, why: &str) {
        let mut state = self.state();
        if state.end.is_none() {
            self.end(&mut state, Err(why.to_owned()));
        }
    }

    /// Whether the job has ended, well or not.
    pub(crate) fn has_ended(&self) -> bool {
        self.state().end.is_some()
    }

    /// Waits until the job has ended, or for `limit`; whether it is done.
    pub(crate) fn wait(&self, limit: Duration) -> Result<bool> {
        let unfinished = |state: &mut State| state.end.is_none();
        let waited = self.changed.wait_timeout_while(self.state(), limit, unfinished);
        match &waited.unwrap_or_else(PoisonError::into_inner).0.end {
            None => Ok(false),
            Some(Ok(())) => Ok(true),
            Some(Err(why)) => Err(Error::Other(why.clone())),
        }
    }

    /// How far the job is.
    pub(crate) fn progress(&self) -> Progress {
        self.state().tasks.progress()
    }
}
