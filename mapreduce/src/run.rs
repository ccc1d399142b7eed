//! A map and a reduce, as workers and the sequential runner do them.

use std::path::Path;

use contracts::mapreduce::Application;

use crate::error::{Error, Result};
use crate::files::{self, Output, Segment};
use crate::sort::collector::Collector;
use crate::sort::merge::Merge;

/// Maps the file at `path`, whose name is `name`, and collects what comes out.
pub(crate) fn map(
    app: &dyn Application,
    name: &str,
    path: &Path,
    collector: &mut Collector<'_>,
) -> Result<()> {
    let contents = files::text(path, Path::new(name))?;
    // `emit` cannot fail, so what went wrong in it has to wait.
    let mut collected = Ok(());
    let mapped = app.map(name, &contents, &mut |key, value| {
        if collected.is_ok() {
            collected = collector.push(key, value);
        }
    });
    collected?;
    mapped.map_err(|error| refused(error, name, "file"))
}

/// Reduces what the sorted `runs` hold, and appends to `output` a line for each key. The folder `scratch`
/// is for what does not fit in memory.
pub(crate) fn reduce(
    app: &dyn Application,
    runs: Vec<Segment>,
    scratch: &Path,
    output: &mut Output,
) -> Result<()> {
    let mut merge = Merge::open(runs, scratch)?;
    let mut key = String::new();
    while merge.next_key(&mut key)? {
        let mut values = merge.values();
        let reduced = app.reduce(&key, &mut values);
        if let Some(error) = values.error() {
            return Err(error);
        }
        let reduced = reduced.map_err(|error| refused(error, &key, "key"))?;
        for part in [&key, " ", &reduced, "\n"] {
            output.write(part.as_bytes())?;
        }
    }
    Ok(())
}

/// The application's refusal, which names what it refused.
fn refused(error: contracts::mapreduce::Error, name: &str, what: &str) -> Error {
    if error.to_string().contains(name) {
        return Error::Application(error);
    }
    Error::Other(format!("the application failed at the {what} `{name}`: {error}"))
}
