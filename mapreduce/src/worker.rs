//! The process that runs tasks.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use contracts::mapreduce::{self, Application, Workplace, output_file};

use crate::error::{About, Error, Result};
use crate::files::{Output, Segment};
use crate::folder::{Attempt, intermediate_file};
use crate::rpc::frame::{self, FrameError};
use crate::rpc::message::{
    Answer, Call, Greeting, HANDSHAKE, Hello, MAGIC, MapTask, PROTOCOL, ReduceTask, Report,
};
use crate::rpc::{address, build};
use crate::run;
use crate::sort::collector::Collector;
use crate::sort::groups::Groups;
use crate::tasks::Task;

/// How long a worker waits for a coordinator to come: people start both at the same time.
const PATIENCE: Duration = Duration::from_secs(1);
/// Bytes of an error's text that a worker reports.
const LONGEST_REASON: usize = 8 * 1024;

/// What a worker may be told.
#[derive(Clone, Debug)]
pub struct WorkerOptions {
    /// About how many bytes it uses beside one input file, before it goes to files.
    pub memory: usize,
    /// The application's name. Workers that name different ones do not work on one job. Empty: unnamed.
    pub application: String,
}

impl WorkerOptions {
    /// Bytes that a process uses when it is not told how many: 64 MiB.
    pub const MEMORY: usize = 64 << 20;
}

impl Default for WorkerOptions {
    fn default() -> Self {
        Self { memory: Self::MEMORY, application: String::new() }
    }
}

/// Why a worker's work is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The coordinator said so.
    JobOver,
    /// The coordinator is gone, and so the job is over, one way or another.
    CoordinatorGone,
    /// There was no coordinator, not even for a second.
    NeverReached,
}

/// The reference worker, with default options: [`contracts::mapreduce::Worker`].
///
/// # Errors
/// See [`work`].
pub fn worker(app: Arc<dyn Application>, workplace: Workplace) -> Result<(), mapreduce::Error> {
    work(app.as_ref(), &workplace, &WorkerOptions::default())?;
    Ok(())
}

/// Runs tasks until there are none.
///
/// A coordinator that is not there yet is waited for, for a second.
///
/// # Errors
/// When a task fails and the job with it; or when the coordinator refuses this worker, because it is of
/// another build, works in another folder or runs another application.
pub fn work(
    app: &dyn Application,
    workplace: &Workplace,
    options: &WorkerOptions,
) -> Result<Ended, Error> {
    let Some(coordinator) = connect(&workplace.socket)? else { return Ok(Ended::NeverReached) };
    let Some(job) = handshake(&coordinator, workplace, options)? else {
        return Ok(Ended::CoordinatorGone);
    };
    let mut bench = Bench {
        app,
        folder: &workplace.folder,
        job: &job,
        memory: options.memory,
        groups: Groups::default(),
    };
    let mut report = None;
    let mut failure = None;
    loop {
        let answer = call(&coordinator, report.take(), &workplace.socket)?;
        // If the job goes on although the last task failed here, it did not matter.
        let failed = failure.take();
        let (task, result) = match (answer, failed) {
            (None | Some(Answer::Failed), Some(failed)) => return Err(failed),
            (None, None) => return Ok(Ended::CoordinatorGone),
            (Some(Answer::Done), _) | (Some(Answer::Failed), None) => return Ok(Ended::JobOver),
            (Some(Answer::Map(task)), _) => (Task::Map(task.number), bench.map(&task)),
            (Some(Answer::Reduce(task)), _) => (Task::Reduce(task.number), bench.reduce(&task)),
        };
        report = Some(match result {
            Ok(()) => Report::Finished(task),
            Err(error) => {
                let why = error.to_string();
                // Without the job's folder nothing can succeed. The job is over then, and this is no error.
                failure = job.exists().then_some(error);
                Report::Failed(task, why[..why.floor_char_boundary(LONGEST_REASON)].to_owned())
            }
        });
    }
}

/// Connects to the coordinator; `None` when there is none.
fn connect(socket: &Path) -> Result<Option<UnixStream>> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match address::connect(socket) {
            Ok(connection) => return Ok(Some(connection)),
            Err(error) if !is_absent(&error) => return Err(error).about("connect to", socket),
            Err(_) if Instant::now() >= deadline => return Ok(None),
            Err(_) => thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// Whether nobody listens at the socket.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
}

/// Introduces this worker; the job's own folder. `None` when the coordinator has just gone.
fn handshake(
    coordinator: &UnixStream,
    workplace: &Workplace,
    options: &WorkerOptions,
) -> Result<Option<PathBuf>> {
    let Workplace { folder, socket } = workplace;
    let place = folder.metadata().about("read the folder", folder)?;
    let hello = Hello {
        magic: MAGIC,
        protocol: PROTOCOL,
        build: build::identity()?,
        folder: (place.dev(), place.ino()),
        application: options.application.clone(),
    };
    let greeted = || {
        coordinator.set_read_timeout(Some(HANDSHAKE))?;
        frame::send(coordinator, &hello)?;
        let greeting = frame::receive(coordinator)?;
        coordinator.set_read_timeout(None)?;
        Ok(greeting)
    };
    let socket = socket.display();
    match greeted() {
        Ok(Greeting::Welcome(job)) => Ok(Some(folder.join(OsStr::from_bytes(&job)))),
        Ok(Greeting::Refused(why)) => {
            Err(Error::Other(format!("the coordinator at `{socket}` refused this worker: {why}")))
        }
        Err(FrameError::Closed) => Ok(None),
        Err(error) => {
            let why =
                format!("what listens at `{socket}` is no coordinator of this build: {error}");
            Err(Error::Other(why))
        }
    }
}

/// Calls the coordinator; `None` when it is gone.
fn call(coordinator: &UnixStream, report: Option<Report>, socket: &Path) -> Result<Option<Answer>> {
    let answered =
        frame::send(coordinator, &Call { report }).and_then(|()| frame::receive(coordinator));
    match answered {
        Ok(answer) => Ok(Some(answer)),
        Err(FrameError::Closed) => Ok(None),
        Err(error) => {
            let socket = socket.display();
            Err(Error::Other(format!("lost the coordinator at `{socket}`: {error}")))
        }
    }
}

/// What a worker has at hand.
struct Bench<'a> {
    app: &'a dyn Application,
    /// The folder that all share.
    folder: &'a Path,
    /// The job's own folder in it.
    job: &'a Path,
    memory: usize,
    /// Memory for pairs, which is used again.
    groups: Groups,
}

impl Bench<'_> {
    fn map(&mut self, task: &MapTask) -> Result<()> {
        let attempt = Attempt::begin(self.folder, self.job)?;
        let scratch = attempt.scratch();
        let mut collector = Collector::new(task.reduces, self.memory, scratch, &mut self.groups);
        let path = Path::new(OsStr::from_bytes(&task.path));
        run::map(self.app, &task.name, path, &mut collector)?;
        collector.write_files(|reduce| scratch.join(intermediate_file(task.number, reduce)))?;
        (0..task.reduces).try_for_each(|reduce| attempt.publish_intermediate(task.number, reduce))
    }

    fn reduce(&self, task: &ReduceTask) -> Result<()> {
        let attempt = Attempt::begin(self.folder, self.job)?;
        let runs = (0..task.maps).map(|map| attempt.intermediate(map, task.number));
        let runs = runs.map(Segment::whole).collect();
        let mut output = Output::create(attempt.scratch().join(output_file(task.number)))?;
        run::reduce(self.app, runs, attempt.scratch(), &mut output)?;
        output.finish()?;
        attempt.publish_output(task.number)
    }
}
