//! The coordinator: the process that hands out tasks (§3.1).

use contracts::mapreduce::{self, Error, Job};

/// The coordinator. (What it holds is yours to say: the state of every task, and since when a worker has it.)
pub struct Coordinator {}

impl mapreduce::Coordinator for Coordinator {
    /// Creates the socket and starts to serve. When it returns, workers can connect; the work goes on in
    /// threads.
    ///
    /// Each input file is one map task, and there are `job.reduces` reduce tasks. It is an error, which
    /// names the file or the socket, when an input cannot be read, when the folder cannot be written, or
    /// when another coordinator listens at the socket. A socket that a coordinator left behind which is
    /// gone may be replaced: nobody answers there.
    ///
    /// A task that is not finished `job.reissue_after` after it was handed out goes to the next worker
    /// that asks (§3.3). The coordinator cannot tell a worker that died from one that is slow.
    fn make(job: Job) -> Result<Self, Error> {
        todo!("listen at the socket and hand out tasks")
    }

    /// Whether every reduce task has ended, so that the whole output is there.
    ///
    /// An error when the job cannot be finished, for instance because a worker says that an input is not what
    /// the application expects: the next worker would fail, too.
    fn done(&self) -> Result<bool, Error> {
        todo!("say whether the job is done")
    }
}
