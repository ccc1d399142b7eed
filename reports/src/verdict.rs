//! What the runs of a test amount to.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What the runs of a test amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestVerdict {
    /// At least one run, and none failed.
    Pass,
    /// Some runs passed and some failed.
    Flaky,
    /// At least one run, and none passed.
    Fail,
    /// The submission leaves out the contract that is tested, or every run reached code that is not written.
    NotImplemented,
    /// Nothing can be said: no run was done, or none failed but in some the toolkit itself did.
    /// Never a pass.
    Undetermined,
}

/// The runs of a test, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Runs that passed or failed.
    pub runs: u64,
    /// Runs that failed.
    pub failed: u64,
    /// Runs that failed because something is not implemented; part of `failed`.
    pub not_implemented: u64,
    /// Runs in which the toolkit itself failed; no part of `runs`.
    pub errors: u64,
}

impl TestVerdict {
    /// The verdict on the runs counted.
    pub fn of(counts: Counts) -> Self {
        match counts {
            Counts { runs: 0, .. } => Self::Undetermined,
            Counts { runs, failed, not_implemented, .. }
                if failed == runs && not_implemented == runs =>
            {
                Self::NotImplemented
            }
            Counts { runs, failed, .. } if failed == runs => Self::Fail,
            Counts { failed: 1.., .. } => Self::Flaky,
            Counts { errors: 1.., .. } => Self::Undetermined,
            _ => Self::Pass,
        }
    }
}

impl fmt::Display for TestVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pass => "pass",
            Self::Flaky => "flaky",
            Self::Fail => "fail",
            Self::NotImplemented => "not implemented",
            Self::Undetermined => "undetermined",
        })
    }
}

/// What the runs of a test amount to for a property that must hold at every moment. Where nothing was
/// seen that could have violated it, it is not observed; that is never a property that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Observed in every run, and never violated.
    Held,
    /// Observed in some runs, and never violated.
    HeldInPart,
    /// Observed in no run.
    NotObserved,
    /// Violated in some run.
    Violated,
}

impl Standing {
    /// The standing after runs in which it held, was not observed, was violated.
    pub fn of(held: u64, not_observed: u64, violated: u64) -> Self {
        match (held, not_observed, violated) {
            (_, _, 1..) => Self::Violated,
            (1.., 0, 0) => Self::Held,
            (1.., 1.., 0) => Self::HeldInPart,
            (0, _, 0) => Self::NotObserved,
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Held => "held",
            Self::HeldInPart => "held in part",
            Self::NotObserved => "not observed",
            Self::Violated => "violated",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(runs: u64, failed: u64, errors: u64) -> TestVerdict {
        TestVerdict::of(Counts { runs, failed, errors, not_implemented: 0 })
    }

    #[test]
    fn is_pass_flaky_or_fail_by_the_failed_runs() {
        assert_eq!(verdict(50, 0, 0), TestVerdict::Pass);
        assert_eq!(verdict(50, 1, 0), TestVerdict::Flaky);
        assert_eq!(verdict(50, 49, 0), TestVerdict::Flaky);
        assert_eq!(verdict(50, 50, 0), TestVerdict::Fail);
        assert_eq!(verdict(1, 1, 0), TestVerdict::Fail);
    }

    #[test]
    fn is_never_a_pass_without_runs_or_with_errors() {
        assert_eq!(verdict(0, 0, 0), TestVerdict::Undetermined);
        assert_eq!(verdict(0, 0, 3), TestVerdict::Undetermined);
        assert_eq!(verdict(49, 0, 1), TestVerdict::Undetermined);
    }

    #[test]
    fn failures_that_were_seen_count_in_spite_of_errors() {
        assert_eq!(verdict(49, 2, 1), TestVerdict::Flaky);
        assert_eq!(verdict(49, 49, 1), TestVerdict::Fail);
    }

    #[test]
    fn is_not_implemented_only_when_every_run_says_so() {
        let counts =
            |runs, not_implemented| Counts { runs, failed: runs, not_implemented, errors: 0 };
        assert_eq!(TestVerdict::of(counts(3, 3)), TestVerdict::NotImplemented);
        assert_eq!(TestVerdict::of(counts(3, 2)), TestVerdict::Fail);
    }

    #[test]
    fn a_property_holds_only_where_it_was_observed_in_every_run() {
        assert_eq!(Standing::of(50, 0, 0), Standing::Held);
        assert_eq!(Standing::of(49, 1, 0), Standing::HeldInPart);
        assert_eq!(Standing::of(0, 50, 0), Standing::NotObserved);
        assert_eq!(Standing::of(0, 0, 0), Standing::NotObserved);
        assert_eq!(Standing::of(48, 1, 1), Standing::Violated);
    }
}
