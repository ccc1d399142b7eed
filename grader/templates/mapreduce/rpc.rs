//! What coordinator and workers say to each other, over a Unix-domain socket
//! (`std::os::unix::net::{UnixListener, UnixStream}`).
//!
//! A message needs a form that tells where it ends: its length in front of it, for instance, or one line of
//! text for each. `postcard::to_stdvec` and `from_bytes` make bytes of these types and read them.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What a worker says. (A proposal.)
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    /// It has nothing to do.
    Task,
    /// It has finished the task.
    Done(Task),
    /// It cannot do the task, for this reason, and nobody else will.
    Failed(Task, String),
}

/// What the coordinator answers to a worker that has nothing to do. (A proposal.)
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// Run this.
    Run(Task),
    /// There is nothing to do just now; ask again.
    Wait,
    /// The job is done.
    Leave,
}

/// A task. (A proposal.)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Task {
    /// Map the input file of this number.
    Map {
        /// The number, from 0.
        number: usize,
        /// The file.
        file: PathBuf,
        /// How many reduce tasks there are.
        reduces: u32,
    },
    /// Reduce what all maps have made for the reduce task of this number.
    Reduce {
        /// The number, from 0.
        number: u32,
        /// How many map tasks there were.
        maps: usize,
    },
}
