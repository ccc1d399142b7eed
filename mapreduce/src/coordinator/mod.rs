//! The process that hands out tasks.
//!
//! One thread accepts connections, and each worker has a thread that answers its calls. All of them
//! meet in the [`Desk`], behind one lock.
//!
//! | module | what |
//! | --- | --- |
//! | [`desk`] | the state of the job, and what workers are told |
//! | [`serve`] | connections |
//! | [`socket`] | the socket, which is one coordinator's at a time |

pub(crate) mod desk;
mod serve;
mod socket;

use std::sync::Arc;
use std::time::Duration;

use contracts::mapreduce::{self, Job};

use crate::error::{Error, Result};
use crate::folder::{self, JobFolder};
use crate::input;
use crate::tasks::Progress;
use desk::{Desk, Office};
use socket::Socket;

/// What the contract's [`Job`] leaves open.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether a worker that would have to wait gets a copy of the task that another one has been running
    /// for longest: a *backup task* (§3.6 of the paper). Whoever finishes first counts.
    pub backup_tasks: bool,
    /// Whether the intermediate files `mr-X-Y` are still there when the job is done.
    pub keep_intermediate: bool,
}

/// The reference coordinator.
///
/// When it is dropped before its job has ended, the job has failed.
#[derive(Debug)]
pub struct Coordinator(Arc<Desk>);

impl Coordinator {
    /// As [`make`](mapreduce::Coordinator::make), with options.
    ///
    /// Takes away what earlier jobs left in the folder: `mr-out-*`, `mr-X-Y`, and what a coordinator that
    /// was killed could not remove. A socket that such a coordinator left is taken over.
    ///
    /// # Errors
    /// When an input file cannot be read, the folder cannot be written, another job runs in the folder or
    /// another coordinator listens at the socket.
    pub fn with(job: Job, options: Options) -> Result<Self, Error> {
        if job.reduces == 0 {
            return Err(Error::Other("a job needs at least 1 reduce task".to_owned()));
        }
        let inputs = input::check(&job.files)?;
        folder::check(&job.folder)?;
        // The socket comes first: whoever is refused it has touched nothing of the job that has it.
        let (socket, listener) = Socket::claim(&job.socket)?;
        let folder = JobFolder::open(&job.folder, &job.files)?;
        let desk = Desk::new(&job, options, inputs, Office { folder, socket })?;
        let desk = Arc::new(desk);
        serve::accept(Arc::clone(&desk), listener);
        Ok(Self(desk))
    }

    /// Waits until the job has ended, or for `limit`; whether it is done.
    ///
    /// # Errors
    /// When the job has failed.
    pub fn wait(&self, limit: Duration) -> Result<bool, Error> {
        self.0.wait(limit)
    }

    /// How far the job is.
    pub fn progress(&self) -> Progress {
        self.0.progress()
    }

    /// Makes the job fail, unless it has ended.
    pub fn fail(&self, why: &str) {
        self.0.fail(why);
    }
}

impl mapreduce::Coordinator for Coordinator {
    fn make(job: Job) -> Result<Self, mapreduce::Error> {
        Ok(Self::with(job, Options::default())?)
    }

    fn done(&self) -> Result<bool, mapreduce::Error> {
        Ok(self.wait(Duration::ZERO)?)
    }
}

impl Drop for Coordinator {
    fn drop(&mut self) {
        self.fail("its coordinator has stopped");
    }
}
