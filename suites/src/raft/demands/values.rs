//! The demands of each course, as values.

use labrt::time::Duration;

/// What becomes of a demand that is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The run passes, and its record says so.
    Warning,
    /// The run fails.
    Failure,
}

/// What a course demands of a Raft beyond its correctness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demands {
    /// What becomes of `make`, `start` and `kill` when they do not return at once.
    pub at_once: Severity,
    /// The most requests a second that a leader may send to a connected peer while nothing happens;
    /// none for any number.
    pub requests_per_s: Option<u32>,
    /// The time within which a majority that can talk must have a new leader; none for any time.
    pub leader_within: Option<Duration>,
    /// The time after winning an election within which the winner's first message is expected, or
    /// there is a warning; none for any time.
    pub first_message_within: Option<Duration>,
}

impl Demands {
    /// Nothing is measured, and a call that does not return at once is a warning.
    pub const NONE: Self = Self {
        at_once: Severity::Warning,
        requests_per_s: None,
        leader_within: None,
        first_message_within: None,
    };

    /// COMP385 measures requests and elections in tests of their own.
    pub const COMP385: Self = Self::NONE;

    /// CS350's demands: "no more than ten times per second", "within five seconds", "should return
    /// immediately", and a hint against "not sending out heartbeats immediately after winning".
    ///
    /// At once is 50 milliseconds for the winner's first message. A course that suggests loops with
    /// a pause of 10 milliseconds cannot mean less than a few of them; a leader that waits for its
    /// next regular heartbeat, at ten a second, comes later than this every other time.
    pub const CS350: Self = Self {
        at_once: Severity::Failure,
        requests_per_s: Some(10),
        leader_within: Some(Duration::from_secs(5)),
        first_message_within: Some(Duration::from_millis(50)),
    };
}
