//! What a submission implements: one module per lab, plain traits and data.
//!
//! A submission is a library package with one function:
//!
//! ```ignore
//! pub fn submission() -> contracts::Submission {
//!     contracts::Submission::new("my-raft")
//!         .raft::<MyRaft>()
//!         .raft_internals::<MyRaft>()
//! }
//! ```
//!
//! The suites see a submission only through the object-safe traits behind it, values in and values
//! out, so they are compiled once and a submission is merely linked to them.
//!
//! | module | lab |
//! | --- | --- |
//! | [`raft`] | Raft: COMP385 Lab 3 and CS350 HW4 |
//! | [`weather`] | weather stations: CS350 HW1 |
//! | [`bank`] | a bank: CS350 HW2 |
//! | [`mapreduce`] | MapReduce: CS350 HW3 |
//! | [`submission`] | which contracts a package implements |

pub mod bank;
pub mod mapreduce;
pub mod raft;
pub mod submission;
pub mod weather;

pub use submission::{RaftInstance, Submission};
