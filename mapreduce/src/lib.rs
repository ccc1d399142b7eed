//! The reference MapReduce: CS350 HW3. Section numbers (§) are those of the MapReduce paper.
//!
//! ```text
//!  input files ──map──► mr-X-Y, sorted ──reduce──► mr-out-Y
//!                 ▲                       ▲
//!              workers ── RPC ── coordinator: who runs which task, and until when
//! ```
//!
//! | module | what |
//! | --- | --- |
//! | `coordinator` | hands out tasks, and notices when they are not done |
//! | `tasks` | which task is whose |
//! | `worker` | asks for tasks and runs them |
//! | `rpc` | how the two talk |
//! | `sequential` | one task after the other: what the others must agree with |
//! | `run` | a map and a reduce |
//! | `sort` | any number of pairs, by key, in bounded memory |
//! | `folder` | what a job has in the folder that all share |
//! | `input` | input files, checked |
//! | `files` | files front to back |
//! | `lock` | a file that at most one process holds |
//! | `error` | what can go wrong |
//! | `credit` | the application that the course asks for |
//!
//! `docs/mapreduce.md` tells people how to run it.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "its processes are real ones, outside every world"
)]

mod coordinator;
mod credit;
mod error;
mod files;
mod folder;
mod input;
mod lock;
mod rpc;
mod run;
mod sequential;
mod sort;
mod tasks;
mod worker;

pub use coordinator::{Coordinator, Options};
pub use credit::Credit;
pub use error::Error;
pub use sequential::sequential;
pub use tasks::Progress;
pub use worker::{Ended, WorkerOptions, work, worker};

/// The reference as a submission.
pub fn submission() -> contracts::Submission {
    contracts::Submission::new("reference-mapreduce")
        .mapreduce::<Coordinator>(worker)
        .credit(Credit)
}
