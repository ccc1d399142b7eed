//! One task after the other, in this process: what a distributed run must agree with.

use std::path::{Path, PathBuf};

use contracts::mapreduce::{Application, output_file};

use crate::error::{Error, Result};
use crate::files::Output;
use crate::folder::{Attempt, JobFolder};
use crate::sort::collector::Collector;
use crate::sort::groups::Groups;
use crate::{input, run};

/// Runs a job on `files` and leaves its output in the file `mr-out-0` of `folder`, a line `key value`
/// for each key in the order of their bytes. Uses about `memory` bytes beside one input file.
///
/// Output of earlier jobs in the folder is removed.
///
/// # Errors
/// When a file cannot be read or written or is not UTF-8, another job is running in the folder, or the
/// application fails. The error names the culprit, and there is no output then.
pub fn sequential(
    app: &dyn Application,
    files: &[PathBuf],
    folder: &Path,
    memory: usize,
) -> Result<(), Error> {
    let inputs = input::check(files)?;
    let job = JobFolder::open(folder, files)?;
    let path = folder.join(job.name());
    let attempt = Attempt::begin(folder, &path)?;
    let mut groups = Groups::default();
    let mut collector = Collector::new(1, memory, attempt.scratch(), &mut groups);
    for input in &inputs {
        run::map(app, &input.name, &input.path, &mut collector)?;
    }
    let mut output = Output::create(attempt.scratch().join(output_file(0)))?;
    run::reduce(app, collector.into_runs()?, attempt.scratch(), &mut output)?;
    output.finish()?;
    attempt.publish_output(0)
}
