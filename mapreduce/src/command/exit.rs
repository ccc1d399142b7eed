//! Exit codes, and the error that carries one. `--help` lists them, and where `grader` has a code for
//! it, it is the same.

/// The job is done.
pub(crate) const DONE: u8 = 0;
/// The job, or the worker, has failed.
pub(crate) const FAILED: u8 = 1;

/// The codes, for `--help`. Of a wrong command line, clap makes it 2.
pub(crate) const HELP: &str = "\
Exit codes: 0 the job is done; 1 it has failed, or the worker has; 2 the command line is wrong;
129, 130, 143 ended by SIGHUP, by Ctrl-C (SIGINT), by SIGTERM.
File formats, memory and figures: docs/mapreduce.md in the toolkit.";

/// The code of a command that was ended by signal `number`, as shells count.
pub(crate) const fn interrupted(number: i32) -> u8 {
    128 + number as u8
}

/// Why a command ends early: what to tell the person, and the exit code.
#[derive(Debug)]
pub(crate) struct Stop {
    /// One of this module's codes.
    pub(crate) code: u8,
    /// What is wrong.
    pub(crate) message: String,
}

/// What a command answers.
pub(crate) type Outcome<T = ()> = Result<T, Stop>;

impl Stop {
    /// The end of a job, or of what was needed for it, that failed.
    pub(crate) fn failed(why: impl ToString) -> Self {
        Self { code: FAILED, message: why.to_string() }
    }
}

impl From<mapreduce::Error> for Stop {
    fn from(error: mapreduce::Error) -> Self {
        Self::failed(error)
    }
}
