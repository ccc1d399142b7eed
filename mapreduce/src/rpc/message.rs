//! What coordinator and worker say to each other.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::tasks::Task;

/// The version of [`Hello`] and [`Greeting`]. All else may change without notice, because the two are
/// the same build when they get that far.
pub(crate) const PROTOCOL: u32 = 1;

/// The first thing that a worker says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hello {
    /// [`MAGIC`].
    pub(crate) magic: [u8; 8],
    /// [`PROTOCOL`].
    pub(crate) protocol: u32,
    /// Its [build](super::build).
    pub(crate) build: u64,
    /// The folder where it works, by device and inode: the same one may have many names.
    pub(crate) folder: (u64, u64),
    /// The name of its application; empty when it has none.
    pub(crate) application: String,
}

/// What tells a worker from something else that connects.
pub(crate) const MAGIC: [u8; 8] = *b"mapreduc";

/// What a worker hears first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Greeting {
    /// It may work. Carries the name of the job's own folder, in the folder that all share.
    Welcome(Vec<u8>),
    /// It may not: why.
    Refused(String),
}

/// What a worker calls for: a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Call {
    /// What became of the task that it had.
    pub(crate) report: Option<Report>,
}

/// What became of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Report {
    /// Its files are there.
    Finished(Task),
    /// It cannot be done: why.
    Failed(Task, String),
}

/// What a worker is to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Answer {
    /// Run a map task.
    Map(MapTask),
    /// Run a reduce task.
    Reduce(ReduceTask),
    /// Nothing: the whole output is there.
    Done,
    /// Nothing: the job has failed.
    Failed,
}

/// A map task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MapTask {
    /// Its number, from 0.
    pub(crate) number: u32,
    /// The input's name, as the job was given it.
    pub(crate) name: String,
    /// The input's absolute path, as bytes: a path need not be text.
    pub(crate) path: Vec<u8>,
    /// How many reduce tasks there are.
    pub(crate) reduces: u32,
}

/// A reduce task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReduceTask {
    /// Its number, from 0.
    pub(crate) number: u32,
    /// How many map tasks there were.
    pub(crate) maps: u32,
}

/// How long coordinator and worker wait for each other's first word: long enough for any machine that
/// is merely busy.
pub(crate) const HANDSHAKE: Duration = Duration::from_secs(30);
