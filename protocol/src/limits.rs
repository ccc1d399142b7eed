//! What one run may use.

use serde::{Deserialize, Serialize};

use crate::{Failure, FailureKind};

/// What one run may use. `None` means: the next outer setting decides (flag, then settings file,
/// then the test's own limit).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Seconds on the clock in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_s: Option<f64>,
    /// RPCs sent, in total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpcs: Option<u64>,
    /// Bytes of requests and delivered replies, encoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

impl Limits {
    /// These limits, with `outer` filling what they leave open.
    #[must_use]
    pub fn or(self, outer: Self) -> Self {
        Self {
            time_s: self.time_s.or(outer.time_s),
            rpcs: self.rpcs.or(outer.rpcs),
            bytes: self.bytes.or(outer.bytes),
        }
    }

    /// The first of these limits that a run went over, as a failure that names the limit and the
    /// figure. `time_s` is in seconds on the clock in use.
    pub fn exceeded(&self, time_s: f64, rpcs: u64, bytes: u64) -> Option<Failure> {
        if let Some(limit) = self.time_s
            && time_s > limit
        {
            let message = format!("took {time_s:.3} s on the clock in use, the limit is {limit} s");
            return Some(Failure::new(FailureKind::TimeLimit, message));
        }
        if let Some(limit) = self.rpcs
            && rpcs > limit
        {
            let message = format!("sent {rpcs} RPCs, the limit is {limit}");
            return Some(Failure::new(FailureKind::RpcLimit, message));
        }
        if let Some(limit) = self.bytes
            && bytes > limit
        {
            let message = format!("sent and received {bytes} bytes, the limit is {limit}");
            return Some(Failure::new(FailureKind::ByteLimit, message));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_a_limit_names_the_limit_and_the_figure() {
        let limits = Limits { time_s: Some(120.0), rpcs: Some(10), bytes: None };
        assert_eq!(limits.exceeded(120.0, 10, u64::MAX), None);
        let failure = limits.exceeded(1.0, 11, 0).unwrap();
        assert_eq!(failure.kind, FailureKind::RpcLimit);
        assert_eq!(failure.message, "sent 11 RPCs, the limit is 10");
        let failure = limits.exceeded(120.5, 11, 0).unwrap();
        assert_eq!(failure.kind, FailureKind::TimeLimit);
    }
}
