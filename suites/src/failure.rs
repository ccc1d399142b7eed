//! A failure as a value: what was expected, what was seen, at which step.

use std::fmt;

/// What kind of expectation was not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The test saw something else than it expected.
    Check,
    /// A property of this name, which must hold at every moment, did not.
    Safety(&'static str),
    /// Nothing wrong was done, but what must happen in the end did not happen in time.
    Liveness,
    /// A further process of the run reached code that is not written.
    NotImplemented,
}

/// Why a test failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The kind.
    pub kind: Kind,
    /// One line: what was expected and what was seen.
    pub message: String,
    /// The step of the test during which it was seen.
    pub step: Option<String>,
    /// The place in the source that it points to, as `file:line:column`.
    pub location: Option<String>,
    /// Further lines: the events that led there.
    pub details: Vec<String>,
}

impl Failure {
    /// A check that failed with this message.
    pub fn new(message: impl Into<String>) -> Self {
        let message = message.into();
        Self { kind: Kind::Check, message, step: None, location: None, details: Vec::new() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
