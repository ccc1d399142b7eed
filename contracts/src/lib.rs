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
//! | [`submission`] | which contracts a package implements |

pub mod raft;
pub mod submission;

pub use submission::{RaftInstance, Submission};
