//! One run, from the start of its process to its verdict.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::Child;
use std::time::Instant;

use confine::{Sandbox, children};
use protocol::{Failure, FailureKind, Record, Request};

use crate::rules::{self, Places};
use crate::scratch::Scratch;
use crate::trace::Trace;
use crate::usage::Meter;
use crate::watch::{self, Remains};
use crate::{Allowance, CancelToken, Log, Program, judge};

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// It passed; there is a record that proves it.
    Passed,
    /// It failed.
    Failed(Failure),
    /// It was stopped from outside before it ended; says nothing about the submission.
    Cancelled,
}

/// What one run left.
#[derive(Clone, Debug)]
pub struct RunResult {
    /// How it ended.
    pub ending: Ending,
    /// Its record, when it left one that can be believed. A run that left none has no figures.
    pub record: Option<Record>,
    /// How its process ended, in words: `status 0`, `signal 11 (SIGSEGV)`.
    pub exit: String,
    /// Wall seconds from the start of the process to its end.
    pub wall_s: f64,
    /// What it printed, on either stream.
    pub log: Log,
}

impl RunResult {
    /// Whether the run passed.
    pub fn passed(&self) -> bool {
        self.ending == Ending::Passed
    }

    /// Why it failed.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.ending {
            Ending::Failed(failure) => Some(failure),
            Ending::Passed | Ending::Cancelled => None,
        }
    }
}

/// Starts `program`, hands it `request`, waits for its end and judges what it left. Whatever
/// happens, nothing of its process group is left running.
pub fn run_once(
    program: &Program,
    request: &Request,
    allowance: &Allowance,
    cancel: &CancelToken,
) -> RunResult {
    let start = Instant::now();
    let attempt = attempt(program, request, allowance, cancel);
    let wall_s = start.elapsed().as_secs_f64();
    match attempt {
        Ok(remains) => {
            let (ending, record) = judge::judge(request, allowance, &remains);
            RunResult {
                ending,
                record,
                exit: judge::describe(remains.status),
                wall_s,
                log: remains.log,
            }
        }
        Err(error) => RunResult {
            ending: Ending::Failed(Failure::new(
                FailureKind::Internal,
                format!("could not run {}: {error}", program.path.display()),
            )),
            record: None,
            exit: "never started".into(),
            wall_s,
            log: Log::new(0),
        },
    }
}

fn attempt(
    program: &Program,
    request: &Request,
    allowance: &Allowance,
    cancel: &CancelToken,
) -> io::Result<Remains> {
    // These go in the opposite order, when all processes of the run have gone.
    let job = program.job()?;
    let temp = program.sandbox.as_ref().map_or_else(std::env::temp_dir, temp);
    let scratch = Scratch::new(request.clock, &temp, job.as_ref())?;
    let mut request = request.clone();
    let trace = match (&job, &mut request.trace) {
        (Some(job), Some(wanted)) => {
            let trace = Trace::new(wanted, &temp, job)?;
            trace.path().clone_into(wanted);
            Some(trace)
        }
        _ => None,
    };
    let places = Places { scratch: scratch.path(), trace: trace.as_ref().map(Trace::path) };
    let rules = rules::of_run(program, request.clock, allowance, places);
    let mut line = serde_json::to_vec(&request)?;
    line.push(b'\n');

    let mut child = children::spawn(&mut program.command(job.as_ref(), &rules))?;
    watch::limit(&child, allowance);
    hand_over(&mut child, &line);
    let meter = Meter::new(watch::pid(&child), allowance, scratch.path());
    let remains = watch::watch(child, allowance, &meter, cancel)?;
    children::end_orphans();
    if let Some(why) = job.and_then(|job| remains.log.refusal(&job)) {
        return Err(io::Error::other(why));
    }
    trace.map_or(Ok(()), Trace::keep)?;
    Ok(remains)
}

fn temp(of: &Sandbox) -> PathBuf {
    of.temp().to_owned()
}

/// Writes the request and closes the pipe. It fits into the pipe's buffer, so this does not block;
/// a process that is gone already is found out by [`watch::watch`].
fn hand_over(child: &mut Child, line: &[u8]) {
    if let Some(mut stdin) = child.stdin.take() {
        let _ = stdin.write_all(line);
    }
}
