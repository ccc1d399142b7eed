//! One run, as the harness reports it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Clock, Failure};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Everything that the test expects was seen.
    Pass,
    /// Something was not.
    Fail,
}

/// How closely a run was watched for one property that must hold at every moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// The property's name: `election safety`.
    pub property: String,
    /// How often something was seen that could have violated it.
    pub checks: u64,
    /// Why the run says nothing about it although it was not seen violated; none when it was
    /// observed. A property with no checks was not observed either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_observed: Option<String>,
}

/// What one run says about one property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observation<'a> {
    /// Something was seen that could have violated it, and nothing that did.
    Held,
    /// Nothing, for this reason: it may hold or not.
    NotObserved(&'a str),
    /// Something was seen that violated it.
    Violated,
}

impl Watched {
    /// What the run says about the property, if `failure` is why it did not pass.
    pub fn observation(&self, failure: Option<&Failure>) -> Observation<'_> {
        let violated = failure.and_then(Failure::violated);
        match (&self.not_observed, self.checks) {
            _ if violated == Some(&self.property) => Observation::Violated,
            (Some(reason), _) => Observation::NotObserved(reason),
            (None, 0) => Observation::NotObserved("nothing was seen that could have violated it"),
            (None, 1..) => Observation::Held,
        }
    }
}

/// What one run did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`PROTOCOL`](crate::PROTOCOL) of the harness.
    pub protocol: u32,
    /// The request's nonce.
    pub nonce: String,
    /// The request's test.
    pub test: String,
    /// The request's seed.
    pub seed: u64,
    /// The clock that was in use.
    pub clock: Clock,
    /// How it ended.
    pub verdict: Verdict,
    /// Why it did not pass; present exactly when the verdict is a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// What a person should know although it is no failure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The properties that were watched all the time; empty where the test has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watched: Vec<Watched>,
    /// What was done to the cluster, each with its time, in order; only where it was not known before:
    /// in an exploration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<String>,
    /// Seconds on the clock in use.
    pub virtual_s: f64,
    /// Wall seconds.
    pub wall_s: f64,
    /// CPU seconds of the process.
    pub cpu_s: f64,
    /// Servers in the cluster; 0 where the test has none.
    pub servers: u32,
    /// RPCs sent.
    pub rpcs: u64,
    /// Bytes of requests and delivered replies, encoded.
    pub bytes: u64,
    /// Log entries committed.
    pub commits: u64,
    /// Scheduling steps; 0 on the real clock.
    pub steps: u64,
    /// Hash of all events, 16 hexadecimal digits; empty on the real clock, and where the simulated
    /// world was stuck and had to be interrupted.
    pub trace_hash: String,
}

impl Record {
    /// What the run took, in the five numbers that a course asks for.
    pub fn figures(&self) -> Figures {
        let Self { virtual_s, servers, rpcs, bytes, commits, .. } = *self;
        Figures { virtual_s, servers, rpcs, bytes, commits }
    }
}

/// The five numbers of the line with which CS350's tester ends a test that passed: time, peers,
/// RPCs, bytes, commits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Seconds on the clock in use.
    pub virtual_s: f64,
    /// Servers in the cluster; 0 where the test has none.
    pub servers: u32,
    /// RPCs sent.
    pub rpcs: u64,
    /// Bytes of requests and delivered replies, encoded.
    pub bytes: u64,
    /// Log entries committed.
    pub commits: u64,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { virtual_s, servers, rpcs, bytes, commits } = *self;
        write!(f, "{virtual_s:.3} s")?;
        let counts =
            [(servers.into(), "server"), (rpcs, "RPC"), (bytes, "byte"), (commits, "commit")];
        counts.into_iter().try_for_each(|(count, noun)| {
            write!(f, ", {count} {noun}{}", if count == 1 { "" } else { "s" })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FailureKind;

    fn watched(checks: u64, not_observed: Option<&str>) -> Watched {
        let not_observed = not_observed.map(str::to_owned);
        Watched { property: "log matching".to_owned(), checks, not_observed }
    }

    #[test]
    fn a_property_that_was_not_observed_does_not_hold() {
        assert_eq!(watched(1, None).observation(None), Observation::Held);
        let unread = watched(1, Some("a message could not be read"));
        let reason = Observation::NotObserved("a message could not be read");
        assert_eq!(unread.observation(None), reason);
        assert!(matches!(watched(0, None).observation(None), Observation::NotObserved(_)));
    }

    #[test]
    fn only_a_failure_that_names_it_violates_a_property() {
        let mut failure = Failure::new(FailureKind::Safety, "entries differ");
        assert_eq!(watched(1, None).observation(Some(&failure)), Observation::Held);
        failure.property = Some("log matching".to_owned());
        let unread = watched(0, Some("a message could not be read"));
        assert_eq!(unread.observation(Some(&failure)), Observation::Violated);
    }

    #[test]
    fn figures_are_five_numbers() {
        let figures = Figures { virtual_s: 3.5, servers: 3, rpcs: 120, bytes: 14_312, commits: 1 };
        assert_eq!(figures.to_string(), "3.500 s, 3 servers, 120 RPCs, 14312 bytes, 1 commit");
    }
}
