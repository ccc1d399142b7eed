//! What happened in runs that failed, kept for pictures.
//!
//! Nobody knows beforehand which run will fail, and traces of all of them would cost more than the runs. So a few of
//! those that failed are made once more when all is over, with a trace. On the simulated clock that is the same
//! run; where it turns out not to be, there is no timeline, and a note.

use std::fs;
use std::path::Path;

use protocol::{Clock, Request};
use reports::model::FailureGroup;
use reports::{Report, Timeline};
use runner::{Allowance, CancelToken, RunResult, run_once};

use super::Session;
use super::logs::stem;
use super::queue::Job;
use crate::trace::Trace;

/// Most timelines of one test, and of a session: those of the most frequent failures.
const OF_A_TEST: usize = 2;
const OF_A_SESSION: usize = 12;

/// Makes timelines of failures of `report` in `folder` and names them there. What stands in the way becomes a note,
/// and `cancel` ends it early.
pub(crate) fn keep(report: &mut Report, session: &Session, folder: &Path, cancel: &CancelToken) {
    let mut kept = 0;
    let mut note = None;
    for test in report.suites.iter_mut().flat_map(|suite| &mut suite.tests) {
        let Some(index) = session.tests.iter().position(|planned| planned.id == test.id) else {
            continue;
        };
        if session.tests[index].clock == Clock::Real {
            continue;
        }
        let traced = test.failures.iter_mut().filter(|failure| failure.trace_hash.is_some());
        for failure in traced.take(OF_A_TEST) {
            if kept == OF_A_SESSION || cancel.is_cancelled() {
                break;
            }
            match timeline(failure, session, index, folder, cancel) {
                Ok(file) => {
                    kept += usize::from(file.is_some());
                    failure.timeline = file;
                }
                Err(why) => {
                    note.get_or_insert_with(|| format!("no timeline of {}: {why}", test.id));
                }
            }
        }
    }
    report.notes.extend(note.filter(|_| !cancel.is_cancelled()));
    if kept > 0 {
        report.logs.get_or_insert_with(|| folder.to_string_lossy().into_owned());
    }
}

/// Makes the run once more that tells the failure; the file of its timeline, if there is anything to draw.
fn timeline(
    failure: &FailureGroup,
    session: &Session,
    test: usize,
    folder: &Path,
    cancel: &CancelToken,
) -> Result<Option<String>, String> {
    let seed = failure.seeds.first().ok_or("its seed is not known")?.0;
    let nonce = runner::secret::nonce().map_err(|error| format!("cannot draw a nonce: {error}"))?;
    let trace = Trace::temporary().map_err(|stop| stop.message)?;
    let request = Request {
        seed,
        trace: Some(trace.path().to_owned()),
        ..session.request(Job { test, iteration: 0 }, nonce)
    };
    let allowance: &Allowance = &session.tests[test].allowance;
    let result = run_once(&session.program, &request, allowance, cancel);
    if hash(&result) != failure.trace_hash.as_deref() {
        return Err(format!("seed {seed} did not give the same run again"));
    }
    let history = trace.history(&result).map_err(|error| error.to_string())?;
    if history.events.is_empty() {
        return Ok(None);
    }
    let file = folder.join(format!("{}.timeline", stem(&session.tests[test].id, seed)));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&file, Timeline::of(&history).to_bytes()))
        .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    Ok(Some(file.to_string_lossy().into_owned()))
}

fn hash(result: &RunResult) -> Option<&str> {
    result.record.as_ref().map(|record| record.trace_hash.as_str())
}
