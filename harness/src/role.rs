//! A further process of a run: a coordinator or a worker of MapReduce.

use std::ffi::OsStr;
use std::process::ExitCode;

use contracts::mapreduce::Error;
use protocol::Clock;
use suites::mapreduce::Part;

use crate::{Harness, log, serve};

/// Plays the role that stands in the marker. What goes wrong is one line on standard error, its last.
pub(crate) fn play(harness: Harness, role: &OsStr) -> ExitCode {
    serve::harden();
    match try_play(harness, role) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn try_play(harness: Harness, role: &OsStr) -> Result<(), Error> {
    let part = Part::read(&role.to_string_lossy())?;
    log::install(Clock::Real, part.verbosity);
    part.play(&(harness.submission)())
}
