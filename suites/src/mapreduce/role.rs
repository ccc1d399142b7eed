//! What a further process of a run plays: a coordinator or a worker of the submission.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use contracts::Submission;
use contracts::mapreduce::apps::{Indexer, WordCount};
use contracts::mapreduce::{Application, Error, Job, Workplace};
use labrt::thread::sleep;
use labrt::time::Duration;
use nix::sys::signal::{SigSet, Signal};
use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

use super::probe::{Plan, Probe};
use super::results::Credit;

/// How often a coordinator's process asks whether the job is done.
const ASK: Duration = Duration::from_millis(50);

/// What such a process is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// How much of the submission's log is to be seen: 0 nothing, 1 info, 2 debug, 3 trace.
    pub verbosity: u8,
    pub(super) role: Role,
}

/// What it plays.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Role {
    Coordinator(Duty),
    Worker(Place),
}

/// A coordinator's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Duty {
    pub(super) files: Vec<PathBuf>,
    pub(super) reduces: u32,
    pub(super) folder: PathBuf,
    pub(super) socket: PathBuf,
    pub(super) reissue_after: Duration,
    /// A file that it creates once workers can be started.
    pub(super) ready: PathBuf,
}

/// A worker's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) app: App,
    pub(super) folder: PathBuf,
    pub(super) socket: PathBuf,
    /// The longest file that it can write, in bytes: what is longer meets a full disk.
    pub(super) disk_bytes: Option<u64>,
}

/// What a job computes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum App {
    WordCount,
    Indexer,
    Credit,
    Probe(Plan),
}

impl App {
    /// The application itself.
    fn made(self, submission: &Submission) -> Result<Arc<dyn Application>, Error> {
        Ok(match self {
            Self::WordCount => Arc::new(WordCount),
            Self::Indexer => Arc::new(Indexer),
            Self::Credit => submission.credit_app().ok_or("the submission has no `credit`")?,
            Self::Probe(plan) => Arc::new(Probe::new(plan)),
        })
    }

    /// What it computes, without anything besides, and without the submission.
    pub(super) fn pure(&self) -> Box<dyn Application> {
        match self {
            Self::WordCount => Box::new(WordCount),
            Self::Indexer => Box::new(Indexer),
            Self::Credit => Box::new(Credit),
            Self::Probe(plan) => Box::new(Probe::pure(plan)),
        }
    }
}

impl Part {
    /// What stands in the marker of the process.
    ///
    /// # Errors
    /// When it is no part.
    pub fn read(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|error| format!("no role: {error}").into())
    }

    /// Plays it with the submission's MapReduce, to its end.
    ///
    /// # Errors
    /// What the submission's coordinator or worker says.
    pub fn play(self, submission: &Submission) -> Result<(), Error> {
        let of = submission.map_reduce().ok_or("the submission has no MapReduce")?;
        match self.role {
            Role::Coordinator(duty) => {
                let ready = duty.ready.clone();
                let coordinator = (of.coordinator)(duty.job())?;
                fs::write(ready, "")?;
                while !coordinator.done()? {
                    sleep(ASK);
                }
                Ok(())
            }
            Role::Worker(place) => {
                if let Some(bytes) = place.disk_bytes {
                    fill_disk(bytes)?;
                }
                let workplace = Workplace { folder: place.folder, socket: place.socket };
                (of.worker)(place.app.made(submission)?, workplace)
            }
        }
    }
}

impl Duty {
    fn job(self) -> Job {
        let Self { files, reduces, folder, socket, reissue_after, ready: _ } = self;
        Job { files, reduces, folder, socket, reissue_after }
    }
}

/// From now on no file that this process writes can become longer than `bytes`: writing on is an error,
/// as on a full disk.
fn fill_disk(bytes: u64) -> Result<(), Error> {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGXFSZ);
    // Threads inherit it, and with it the write fails instead of ending the process.
    signals.thread_block()?;
    setrlimit(Resource::Fsize, Rlimit { current: Some(bytes), maximum: Some(bytes) })?;
    Ok(())
}
