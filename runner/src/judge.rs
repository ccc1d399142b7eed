//! What a process left, turned into a verdict.
//!
//! A status proves nothing, since a submission can call `exit(0)`. Output proves nothing either,
//! since it can print. Only a record with this run's nonce counts, and a pass must also have ended
//! its process properly.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use nix::sys::signal::Signal;
use protocol::{EXIT_STACK_OVERFLOW, Failure, FailureKind, PROTOCOL, Record, Request, Verdict};

use crate::log::Panic;
use crate::usage::{Excess, in_words};
use crate::watch::{Cause, Remains};
use crate::{Allowance, Ending, Log};

/// How many of the log's last lines a failure without a record quotes.
const QUOTED_LINES: usize = 5;

/// How many of its last panics: one, and the one during which it came.
const QUOTED_PANICS: usize = 2;

/// What std prints before it aborts for an OS thread's stack.
const STD_OVERFLOW: &str = "has overflowed its stack";

/// Judges what a run left. The record is returned only when it can be believed.
pub(crate) fn judge(
    request: &Request,
    allowance: &Allowance,
    remains: &Remains,
) -> (Ending, Option<Record>) {
    let record = read(request, &remains.output);
    // A failure that the harness itself reports is the best account of it, even when the process
    // came to grief afterwards.
    if let Ok(record) = &record
        && let Some(failure) = &record.failure
    {
        let failure = of_record(failure, &remains.log);
        return (Ending::Failed(failure), Some(record.clone()));
    }
    let failure = match remains.cause {
        Cause::Cancelled => return (Ending::Cancelled, None),
        Cause::WallTime => wall_time(allowance, &remains.log),
        Cause::Excess(excess) => too_much(excess, allowance, &remains.log),
        Cause::Ended => match (record, remains.status.code()) {
            (Ok(record), Some(0)) => return (Ending::Passed, Some(record)),
            (Err(why), Some(_)) if !remains.output.is_empty() => no_record(&why, &remains.log),
            _ => of_status(remains.status, allowance, &remains.log),
        },
    };
    (Ending::Failed(failure), None)
}

/// The record, if `output` is exactly one line with a record that answers `request`.
fn read(request: &Request, output: &[u8]) -> Result<Record, String> {
    let line = match output.iter().position(|&byte| byte == b'\n') {
        Some(end) if end + 1 == output.len() => &output[..end],
        Some(_) => return Err("there is more than one line".into()),
        None => return Err("there is no complete line".into()),
    };
    let record: Record = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let echoes = [
        (record.protocol == PROTOCOL, "protocol"),
        (record.nonce == request.nonce, "nonce"),
        (record.test == request.test, "test"),
        (record.seed == request.seed, "seed"),
        (record.clock == request.clock, "clock"),
    ];
    if let Some((_, what)) = echoes.iter().find(|(same, _)| !same) {
        return Err(format!("it has another {what}"));
    }
    match (record.verdict, &record.failure) {
        (Verdict::Fail, None) => Err("it says neither pass nor why not".into()),
        (Verdict::Pass, Some(_)) => Err("it is a pass with a failure inside".into()),
        (Verdict::Fail, Some(_)) => Ok(record),
        (Verdict::Pass, None) => {
            let over = request.limits.exceeded(record.virtual_s, record.rpcs, record.bytes);
            over.map_or(Ok(record), |over| Err(format!("it passed but {over}")))
        }
    }
}

/// The failure that a record tells of. Where memory is refused, the runtime only sees an abort; std has
/// said why.
fn of_record(failure: &Failure, log: &Log) -> Failure {
    match log.failed_allocation() {
        Some(allocation) if failure.kind == FailureKind::Abort => Failure {
            kind: FailureKind::Memory,
            message: out_of_memory(&allocation),
            ..failure.clone()
        },
        _ => failure.clone(),
    }
}

fn out_of_memory(allocation: &str) -> String {
    format!("{allocation}: more than a run may reserve")
}

fn too_much(excess: Excess, allowance: &Allowance, log: &Log) -> Failure {
    let limit = |bytes: Option<u64>| in_words(bytes.unwrap_or(u64::MAX));
    let (kind, message) = match excess {
        Excess::Memory(used) => (
            FailureKind::Memory,
            format!(
                "used {} of memory, more than the {} that a run may, so it was killed",
                in_words(used),
                limit(allowance.memory_bytes)
            ),
        ),
        Excess::Disk(Some(used)) => (
            FailureKind::Disk,
            format!(
                "kept {} in temporary files, more than the {} that a run may, so it was killed",
                in_words(used),
                limit(allowance.disk_bytes)
            ),
        ),
        Excess::Disk(None) => (
            FailureKind::Disk,
            "kept temporary files where nobody can count them, so it was killed".to_owned(),
        ),
    };
    quoting(kind, message, log)
}

fn wall_time(allowance: &Allowance, log: &Log) -> Failure {
    let wall_s = allowance.wall.as_secs_f64();
    quoting(
        FailureKind::Killed,
        format!("still running after {wall_s} s of wall time, so it was killed"),
        log,
    )
}

/// The failure of a process that ended with `status` and without a record.
fn of_status(status: ExitStatus, allowance: &Allowance, log: &Log) -> Failure {
    let Some(number) = status.signal() else {
        return match status.code() {
            Some(EXIT_STACK_OVERFLOW) => stack_overflow(log),
            code => quoting(
                FailureKind::Exit,
                format!(
                    "the process ended with status {} before the test was over: something called \
                     `exit`",
                    code.unwrap_or_default()
                ),
                log,
            ),
        };
    };
    let signal = describe(status);
    match Signal::try_from(number) {
        Ok(Signal::SIGABRT) if log.contains(STD_OVERFLOW) => stack_overflow(log),
        Ok(Signal::SIGABRT) => match log.failed_allocation() {
            Some(allocation) => quoting(FailureKind::Memory, out_of_memory(&allocation), log),
            None => quoting(
                FailureKind::Abort,
                "the process was aborted: a panic while panicking (often in a `Drop`), or a call \
                 of `abort`"
                    .into(),
                log,
            ),
        },
        Ok(Signal::SIGKILL) => quoting(
            FailureKind::Killed,
            format!("the process was ended from outside by {signal}: too much memory or CPU time?"),
            log,
        ),
        Ok(Signal::SIGXCPU) => {
            quoting(FailureKind::Killed, "the process used more CPU time than it may".into(), log)
        }
        Ok(Signal::SIGXFSZ) => {
            let limit = in_words(allowance.disk_bytes.unwrap_or(u64::MAX));
            let message = format!("wrote a file of more than the {limit} that a run may keep");
            quoting(FailureKind::Disk, message, log)
        }
        Ok(Signal::SIGSYS) => quoting(
            FailureKind::Crash,
            format!("the process died of {signal}: it made a system call that no run may make"),
            log,
        ),
        _ => quoting(FailureKind::Crash, format!("the process died of {signal}"), log),
    }
}

/// Something did come back, though not from the harness alone.
fn no_record(why: &str, log: &Log) -> Failure {
    let message = format!(
        "what came back is not a record of this run: {why}; something wrote to a descriptor that \
         is the harness's own"
    );
    quoting(FailureKind::NoRecord, message, log)
}

fn stack_overflow(log: &Log) -> Failure {
    let advice = "look for endless recursion or very large local variables";
    let Some((who, last_call)) = log.stack_overflow() else {
        let message = format!("the stack of a thread overflowed: {advice}");
        return quoting(FailureKind::StackOverflow, message, log);
    };
    let mut failure = Failure::new(FailureKind::StackOverflow, format!("{who}: {advice}"));
    failure.details.extend(last_call);
    failure
}

/// A failure with the last panics of the log, or else its last lines.
fn quoting(kind: FailureKind, message: String, log: &Log) -> Failure {
    let mut failure = Failure::new(kind, message);
    let panics = log.panics();
    if let Some(last) = panics.last() {
        failure.location = Some(last.location.clone());
        let told = &panics[panics.len().saturating_sub(QUOTED_PANICS)..];
        let lines = told.iter().map(|panic| {
            let Panic { thread, location, message } = panic;
            format!("thread '{thread}' panicked at {location}: {message}")
        });
        failure.details.extend(lines);
    } else if !log.is_empty() {
        failure.details.push("the last it printed:".into());
        failure.details.extend(log.last_lines(QUOTED_LINES));
    }
    failure
}

/// How a process ended, in words.
pub(crate) fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("status {code}"),
        (None, Some(number)) => match Signal::try_from(number) {
            Ok(signal) => format!("signal {number} ({signal})"),
            Err(_) => format!("signal {number}"),
        },
        (None, None) => "unknown".into(),
    }
}
