//! Code that is not written, reached in a further process of a run.

use serde::{Deserialize, Serialize};

/// What such a process says before it ends with [`EXIT_NOT_IMPLEMENTED`](crate::EXIT_NOT_IMPLEMENTED), as a
/// line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unwritten {
    /// What was reached: `` `todo!()` was reached: run a task ``.
    pub message: String,
    /// Where: `src/worker.rs:17:5`.
    pub location: Option<String>,
}
