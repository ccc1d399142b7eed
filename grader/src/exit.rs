//! Exit codes, and the error that carries one.
//!
//! The codes follow nextest's where nextest has one. They are part of the interface: scripts read
//! them, `docs/grader.md` lists them, and none is ever given a second meaning.

use std::io;

use reports::writer::WriteError;

/// Every run of every test passed (or the command did what it was asked).
pub(crate) const PASSED: u8 = 0;
/// The command line, an environment variable or the settings file is wrong.
pub(crate) const USAGE: u8 = 2;
/// No test matches what was asked for.
pub(crate) const NO_TESTS: u8 = 4;
/// Something that the grader needs is missing or broken: its toolkit, a report to replay, the
/// machine.
pub(crate) const SETUP: u8 = 96;
/// At least one test failed in all of its runs, a required contract is not implemented, or an iteration
/// took longer than its suites may take as a whole.
pub(crate) const TESTS_FAILED: u8 = 100;
/// The submission does not build.
pub(crate) const BUILD_FAILED: u8 = 101;
/// The harness did not list its tests.
pub(crate) const LISTING_FAILED: u8 = 104;
/// A report, a log or the output cannot be written.
pub(crate) const WRITE_FAILED: u8 = 110;
/// Some tests failed, and each of them passed in some of its runs.
pub(crate) const FLAKY: u8 = 120;
/// A replayed run did not fail in the way the report says.
pub(crate) const NOT_REPRODUCED: u8 = 121;
/// Nothing failed, but nothing can be said about some tests: the toolkit itself failed in a run.
pub(crate) const UNDETERMINED: u8 = 122;
/// The machine cannot confine a submission as `--sandbox require` wants.
pub(crate) const UNCONFINED: u8 = 123;

/// Submissions of a class are still to be graded: its deadline came, or something was in the way.
pub(crate) const CLASS_UNFINISHED: u8 = 124;
/// Of two reports that were compared, the later one is worse in something.
pub(crate) const REGRESSED: u8 = 125;

/// A bug is not caught as it should be, a correct solution was not left alone, or nothing can be said of an entry.
pub(crate) const AUDIT_FAILED: u8 = 119;

/// The code of a command that was ended by signal `number`, as shells count: 130 for Ctrl-C
/// (SIGINT), 143 for SIGTERM, 129 for SIGHUP.
pub(crate) const fn interrupted(number: i32) -> u8 {
    128 + number as u8
}

/// Why a command ends early: what to tell the person, and the exit code.
#[derive(Debug)]
pub(crate) struct Stop {
    /// One of this module's codes.
    pub(crate) code: u8,
    /// What is wrong and what would be right.
    pub(crate) message: String,
    /// What the compiler or another tool said in full, to be shown before the message; often empty.
    pub(crate) details: String,
}

/// What a command answers: its exit code, or why it ended early.
pub(crate) type Outcome<T = u8> = Result<T, Stop>;

impl Stop {
    /// An end with `code`.
    pub(crate) fn new(code: u8, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: String::new() }
    }

    /// The same end, with what was said in full.
    pub(crate) fn with_details(self, details: String) -> Self {
        Self { details, ..self }
    }

    /// An end because of what the person typed.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(USAGE, message)
    }
}

/// The end of a command whose report cannot be written.
pub(crate) fn write_failed(error: WriteError) -> Stop {
    Stop::new(WRITE_FAILED, error.to_string())
}

/// A reader that has seen enough closes the pipe: that is no failure to write.
pub(crate) fn unless_closed(written: Result<(), WriteError>) -> Outcome<()> {
    match written {
        Err(error) if error.reason.kind() != io::ErrorKind::BrokenPipe => Err(write_failed(error)),
        _ => Ok(()),
    }
}
