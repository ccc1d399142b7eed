//! Why a run did not pass.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kind of a failure: who found it and what it means for the student.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The test saw something else than it expected.
    Check,
    /// A property that must hold at every moment did not; the failure says which.
    Safety,
    /// Nothing wrong was done, but what must happen in the end did not happen in time.
    Liveness,
    /// A thread of the submission panicked.
    Panic,
    /// Threads wait for each other, or nothing is left that can run.
    Deadlock,
    /// A thread took very many steps without ever waiting.
    BusyWait,
    /// A thread runs without ever calling into labrt: an endless loop.
    EndlessLoop,
    /// A thread waits for something outside labrt, which the simulated clock cannot see.
    BlockedOutside,
    /// The submission started an OS thread, or called labrt from one.
    ForeignThread,
    /// More live threads than the world can hold.
    TooManyThreads,
    /// A thread's stack overflowed.
    StackOverflow,
    /// The process was aborted: a panic while panicking, or an explicit abort.
    Abort,
    /// Something called `exit` before the test was over.
    Exit,
    /// The process died of a signal.
    Crash,
    /// More time on the clock in use than the limit.
    TimeLimit,
    /// More wall or CPU time than the grader grants a process.
    Killed,
    /// More memory than the grader grants a run.
    Memory,
    /// More on the disk than the grader grants a run.
    Disk,
    /// More RPCs than the limit.
    RpcLimit,
    /// More bytes than the limit.
    ByteLimit,
    /// The process ended without an acceptable record.
    NoRecord,
    /// The submission does not implement the contract, or a run reached code that is not written: a `todo!()`.
    NotImplemented,
    /// Its sources are not as a rule of style has them.
    Style,
    /// The harness itself could not do its work; says nothing about the submission.
    Internal,
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Check => "check failed",
            Self::Safety => "safety violated",
            Self::Liveness => "no progress",
            Self::Panic => "panic",
            Self::Deadlock => "deadlock",
            Self::BusyWait => "busy wait",
            Self::EndlessLoop => "endless loop",
            Self::BlockedOutside => "blocked outside labrt",
            Self::ForeignThread => "thread outside labrt",
            Self::TooManyThreads => "too many threads",
            Self::StackOverflow => "stack overflow",
            Self::Abort => "abort",
            Self::Exit => "exit",
            Self::Crash => "crash",
            Self::TimeLimit => "time limit",
            Self::Killed => "killed",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::RpcLimit => "RPC limit",
            Self::ByteLimit => "byte limit",
            Self::NoRecord => "no record",
            Self::NotImplemented => "not implemented",
            Self::Style => "style",
            Self::Internal => "internal error",
        })
    }
}

impl FailureKind {
    /// The kind, with the property that was violated where there is one: `safety violated (election
    /// safety)`.
    pub fn title(self, property: Option<&str>) -> String {
        property.map_or_else(|| self.to_string(), |property| format!("{self} ({property})"))
    }
}

/// Why a run did not pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The kind.
    pub kind: FailureKind,
    /// One line for a person: what was expected and what was seen.
    pub message: String,
    /// The property that was violated, where it is one that is watched all the time:
    /// `election safety`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// The step of the test during which it failed, as the course numbers or words it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Source location it points to: `src/raft.rs:120:9`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Further lines: the waiting threads of a deadlock, the notes of the run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
}

impl Failure {
    /// A failure of this kind with this message, and nothing else known of it.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            property: None,
            step: None,
            location: None,
            details: Vec::new(),
        }
    }

    /// The property that was violated, if this is a violation.
    pub fn violated(&self) -> Option<&str> {
        self.property.as_deref().filter(|_| self.kind == FailureKind::Safety)
    }

    /// What kind of failure it is, in words: `safety violated (election safety)`.
    pub fn title(&self) -> String {
        self.kind.title(self.property.as_deref())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.title(), self.message)?;
        if let Some(step) = &self.step {
            write!(f, " (at step: {step})")?;
        }
        if let Some(location) = &self.location {
            write!(f, "\n  at {location}")?;
        }
        for line in &self.details {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_property_beside_its_kind() {
        let mut failure = Failure::new(FailureKind::Safety, "two leaders in term 3");
        failure.property = Some("election safety".to_owned());
        assert_eq!(failure.to_string(), "safety violated (election safety): two leaders in term 3");
        let failure = Failure::new(FailureKind::Liveness, "no leader within 5 s");
        assert_eq!(failure.to_string(), "no progress: no leader within 5 s");
    }
}
