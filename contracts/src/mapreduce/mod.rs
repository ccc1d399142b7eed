//! The MapReduce contract: CS350 HW3. Section numbers (§) are those of the MapReduce paper.
//!
//! A *job* runs the map function of an [`Application`] over each input file, and its reduce function
//! over each key that came out. One *coordinator* process hands out the tasks; *worker* processes ask
//! for them, run them, and leave their output in files of a folder that all share. They talk by RPC
//! over a Unix-domain socket.
//!
//! | module | what |
//! | --- | --- |
//! | [`application`] | what a job computes |
//! | [`apps`] | the applications that the course gives |
//! | [`job`] | coordinator and worker |

pub mod application;
pub mod apps;
pub mod job;

pub use application::{Application, Listed, Values, bucket};
pub use job::{Coordinator, Job, Worker, Workplace, output_file};

/// Why something went wrong: one line that names the culprit, such as a file.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
