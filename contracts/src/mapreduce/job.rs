//! Coordinator and worker.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{Application, Error};

/// What a coordinator is to get done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The input files. Each is the input of one map task.
    pub files: Vec<PathBuf>,
    /// Number of reduce tasks, at least 1.
    pub reduces: u32,
    /// The folder that coordinator and workers share. Intermediate files and output go there.
    pub folder: PathBuf,
    /// Where the coordinator listens: a Unix-domain socket that it creates. It replaces one that a
    /// coordinator left behind which no longer listens there.
    pub socket: PathBuf,
    /// How long after it was handed out a task that is not finished goes to another worker; the course
    /// has 10 s.
    pub reissue_after: Duration,
}

/// The process that hands out tasks.
///
/// No reduce task starts before the last map task has ended. A task that is not finished in time is
/// handed to another worker; what its first worker may still deliver does no harm.
pub trait Coordinator: Send + Sync + 'static {
    /// Creates the socket and starts to serve. When it returns, workers can connect; the work goes on
    /// in threads.
    ///
    /// # Errors
    /// When an input file cannot be read, the folder cannot be written, or another coordinator listens
    /// at the socket. The error names the file or socket.
    fn make(job: Job) -> Result<Self, Error>
    where
        Self: Sized;

    /// Whether the whole output is there. The coordinator's process asks now and then, and ends when
    /// it is.
    ///
    /// # Errors
    /// When the job has failed: it cannot be finished, and the process ends with the error.
    fn done(&self) -> Result<bool, Error>;
}

/// Where a worker works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workplace {
    /// The folder that coordinator and workers share.
    pub folder: PathBuf,
    /// Where the coordinator listens.
    pub socket: PathBuf,
}

/// A worker's process: `worker(application, workplace)`.
///
/// It asks the coordinator for a task, runs it, says so, and asks again. It waits without spinning
/// while there is none, and returns when the job is done or the coordinator cannot be reached (any
/// more). The output of reduce task `Y` is the file [`output_file`]`(Y)`, one line `key value` for
/// each call of the reduce function. It appears there as a whole or not at all. Intermediate files of map
/// task `X` may be called `mr-X-Y`.
///
/// # Errors
/// When a file cannot be read or written; the error names it.
pub type Worker = fn(Arc<dyn Application>, Workplace) -> Result<(), Error>;

/// The name of the output of the reduce task with this number, counted from 0.
pub fn output_file(reduce: u32) -> String {
    format!("mr-out-{reduce}")
}
