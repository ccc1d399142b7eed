//! A run, from the request to the record.

use std::time::Instant;

use labrt::exit_now;
use protocol::Verdict;

use crate::private::{self, PrivateOutput};
use crate::{Harness, once};

/// Exit status of a run that passed, and of one that failed. They only confirm the record.
const PASSED: i32 = 0;
const FAILED: i32 = 1;
/// Exit status when there was no request to answer.
const NO_REQUEST: i32 = 2;

/// Reads a request, runs it, writes the record, leaves: at once, because lab threads are still there,
/// suspended in the middle of their work.
pub(crate) fn serve(harness: Harness) -> ! {
    let start = Instant::now();
    confine::inherited::close();
    harden();
    let taken = PrivateOutput::take().and_then(|output| Ok((output, private::take_request()?)));
    let (output, request) = match taken {
        Ok(taken) => taken,
        Err(error) => {
            eprintln!("harness: {error}");
            exit_now(NO_REQUEST);
        }
    };
    let record = once::run(harness, &request, start);
    let status = match record.verdict {
        Verdict::Pass => PASSED,
        Verdict::Fail => FAILED,
    };
    let mut line = serde_json::to_vec(&record).unwrap_or_default();
    line.push(b'\n');
    if let Err(error) = output.write(&line) {
        eprintln!("harness: could not write the record: {error}");
        exit_now(FAILED);
    }
    exit_now(status)
}

/// Ends with whoever started it, and keeps its memory, with the nonce in it, from being read
/// through `/proc`; what else is there stays readable to itself. Nothing of this can fail in a way that
/// matters to a run.
#[cfg(target_os = "linux")]
pub(crate) fn harden() {
    use rustix::process::{
        DumpableBehavior, Signal, set_dumpable_behavior, set_parent_process_death_signal,
    };

    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let _ = confine::entry::hold();
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn harden() {}
