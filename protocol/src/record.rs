//! One run, as the harness reports it.

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
