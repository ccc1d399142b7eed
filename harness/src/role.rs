//! A further process of a run: a coordinator or a worker of MapReduce.

use std::ffi::OsStr;
use std::panic;
use std::process::ExitCode;

use contracts::mapreduce::Error;
use labrt::verdict::unwritten;
use protocol::{Clock, EXIT_NOT_IMPLEMENTED, Unwritten};
use suites::mapreduce::Part;

use crate::{Harness, log, serve};

/// Plays the role that stands in the marker. What goes wrong is one line on standard error, its last.
pub(crate) fn play(harness: Harness, role: &OsStr) -> ExitCode {
    serve::harden();
    end_where_unwritten();
    match try_play(harness, role) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A process that reaches a `todo!()`, in whichever thread, says so and ends. Left alone, only that thread
/// would end, and the others would wait for it.
fn end_where_unwritten() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        previous(info);
        let text = info.payload_as_str().and_then(unwritten);
        if let Some(message) = text {
            let location = info.location().map(ToString::to_string);
            let said = serde_json::to_string(&Unwritten { message, location });
            eprintln!("{}", said.unwrap_or_default());
            std::process::exit(EXIT_NOT_IMPLEMENTED);
        }
    }));
}

fn try_play(harness: Harness, role: &OsStr) -> Result<(), Error> {
    let part = Part::read(&role.to_string_lossy())?;
    log::install(Clock::Real, part.verbosity);
    part.play(&(harness.submission)())
}
