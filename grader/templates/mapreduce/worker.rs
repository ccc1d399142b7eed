//! A worker: the process that runs tasks (§3.1).

use std::sync::Arc;

use contracts::mapreduce::{Application, Error, Workplace};

/// Asks the coordinator at `workplace.socket` for a task, runs it, says that it is done, and asks again,
/// until the job is done or the coordinator cannot be reached (any more).
///
/// *Map task X*: reads the input file as text and hands it to `application.map`. Each pair goes to the
/// intermediate file `mr-X-Y` in `workplace.folder`, where Y is [`bucket`](contracts::mapreduce::bucket)`(key,
/// reduces)`; in which format is yours to say.
///
/// *Reduce task Y*: reads `mr-X-Y` of every X, sorts by key, and calls `application.reduce` once for each
/// key with all its values ([`Listed`](contracts::mapreduce::Listed) makes `Values` of a list). The output is
/// the file [`output_file`](contracts::mapreduce::output_file)`(Y)`, a line `key value` for each call, and it
/// appears there as a whole or not at all (§3.3).
///
/// An error, for instance a file that cannot be read or written, names the file. The coordinator must
/// learn of it as well, or it waits for the task and then gives it to the next.
pub fn worker(application: Arc<dyn Application>, workplace: Workplace) -> Result<(), Error> {
    todo!("ask for tasks and run them")
}
