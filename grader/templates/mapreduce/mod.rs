//! MapReduce: one coordinator process hands out tasks, worker processes run them. Section numbers (§) are those
//! of the paper, "MapReduce: Simplified Data Processing on Large Clusters".
//!
//! | module | what |
//! | --- | --- |
//! | `coordinator` | hands out tasks, and hands them out again when a worker is too slow |
//! | `worker` | asks for tasks and runs them |
//! | `rpc` | what the two say to each other, over a Unix-domain socket |
//! | `credit` | an application of your own |
//!
//! This lab runs in real processes on the real clock, so it may use the standard library for everything.
//!
//! # Traps that nearly everybody meets
//!
//! - **A task that is finished twice.** A worker that was given up may only have been slow. Its result comes all
//!   the same, and must do no harm: whoever is first counts.
//! - **Files that are half written.** A worker may die at any moment. Write to a temporary file in the same
//!   folder and rename it when it is whole (§3.3); `tempfile::NamedTempFile::new_in` and its `persist` do that.
//! - **A reduce that begins too early.** It needs the output of *every* map, so none begins before the last
//!   map has ended.
//! - **Waiting.** A worker for which there is nothing to do now must neither spin nor leave: a map that is
//!   running may have to be done again. It sleeps and asks again, or waits for the answer to its call.
//! - **The end.** When the job is done the coordinator ends, and a worker that can no longer reach it takes
//!   that as the end: no error.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "real processes on the real clock"
)]

mod coordinator;
mod credit;
mod rpc;
mod worker;

pub use coordinator::Coordinator;
pub use credit::Credit;
pub use worker::worker;
