//! How surely and how soon some tests catch a bug.
//!
//! An iteration is one run of each of the tests. It catches the bug when any of these runs fails. Only iterations count
//! in which every one of the tests ran: of a test that was given up, because it hangs, there are few, and the
//! interval says what so few are worth.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::interval::Rate;
use crate::model::TestReport;
use crate::verdict::TestVerdict;

/// A bug counts as caught when the chance that all runs miss it is below 1 − this.
pub const SURE: f64 = 0.99;

/// What the iterations of some tests amount to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// Iterations in which every test ran.
    pub iterations: u64,
    /// Those of them in which some test failed.
    pub caught: u64,
    /// The part of the iterations in which some test failed, with its 95 % interval.
    pub rate: Rate,
    /// Iterations after which the bug is found with a probability of 99 %; `None` where no iteration found it.
    pub runs_99: Option<u64>,
    /// Wall seconds that an iteration takes on average, its runs one after the other.
    pub iteration_s: f64,
    /// Wall seconds until the bug is found, on average; `None` where no iteration found it.
    pub found_in_s: Option<f64>,
}

/// What is known of one iteration.
#[derive(Clone, Copy, Default)]
struct Iteration {
    ran: usize,
    failed: bool,
    wall_s: f64,
}

impl Detection {
    /// What the runs of `tests` amount to, those left out that the submission does not implement. `None` where no
    /// iteration is complete.
    pub fn of<'a>(tests: impl IntoIterator<Item = &'a TestReport>) -> Option<Self> {
        let tests: Vec<_> =
            tests.into_iter().filter(|test| test.verdict != TestVerdict::NotImplemented).collect();
        let mut iterations: BTreeMap<u64, Iteration> = BTreeMap::new();
        for run in tests.iter().flat_map(|test| &test.sampled_runs) {
            let known = iterations.entry(run.iteration).or_default();
            known.ran += 1;
            known.failed |= !run.passed;
            known.wall_s += run.wall_s;
        }
        let complete: Vec<_> =
            iterations.into_values().filter(|known| known.ran == tests.len()).collect();
        let count = complete.len() as u64;
        let caught = complete.iter().filter(|known| known.failed).count() as u64;
        let rate = Rate::of(caught, count)?;
        let iteration_s = complete.iter().map(|known| known.wall_s).sum::<f64>() / count as f64;
        let share = caught as f64 / count as f64;
        Some(Self {
            iterations: count,
            caught,
            rate,
            runs_99: runs_until(SURE, share),
            iteration_s: to_microseconds(iteration_s),
            found_in_s: (caught > 0).then(|| to_microseconds(iteration_s / share)),
        })
    }

    /// Whether `count` iterations find the bug with a probability of 99 %, its rate being what was measured.
    pub fn is_sure_in(&self, count: u64) -> bool {
        self.runs_99.is_some_and(|runs| runs <= count)
    }

    /// Whether further iterations could hardly take back that `count` of them find the bug with a probability of 99 %: the
    /// lower end of the interval is high enough for that.
    pub fn is_settled_in(&self, count: u64) -> bool {
        runs_until(SURE, self.rate.low).is_some_and(|runs| runs <= count)
    }
}

/// Fewest independent runs of which at least one catches with probability `sure`, each doing so with probability
/// `rate`; `None` where none ever does.
fn runs_until(sure: f64, rate: f64) -> Option<u64> {
    if rate <= 0.0 {
        return None;
    }
    if rate >= sure {
        return Some(1);
    }
    Some(((1.0 - sure).ln() / (-rate).ln_1p()).ceil() as u64)
}

fn to_microseconds(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rare_failures_take_many_runs() {
        assert_eq!(runs_until(SURE, 0.0), None);
        assert_eq!(runs_until(SURE, 1.0), Some(1));
        assert_eq!(runs_until(SURE, 0.5), Some(7));
        assert_eq!(runs_until(SURE, 0.1), Some(44));
        assert_eq!(runs_until(SURE, 0.01), Some(459));
    }

    fn detection(caught: u64, iterations: u64) -> Detection {
        let share = caught as f64 / iterations as f64;
        Detection {
            iterations,
            caught,
            rate: Rate::of(caught, iterations).expect("some"),
            runs_99: runs_until(SURE, share),
            iteration_s: 1.0,
            found_in_s: None,
        }
    }

    #[test]
    fn a_few_iterations_settle_what_is_seen_often() {
        assert!(detection(5, 5).is_settled_in(50));
        assert!(detection(3, 5).is_settled_in(50));
        // Sure at this rate, which so few iterations do not bear out.
        assert!(detection(1, 5).is_sure_in(50) && !detection(1, 5).is_settled_in(50));
        assert!(!detection(0, 50).is_settled_in(50));
        // Where only three are to find it, three say little.
        assert!(!detection(3, 3).is_settled_in(3));
    }

    proptest! {
        #[test]
        fn what_is_settled_is_sure((caught, iterations) in (1_u64..200).prop_flat_map(|all| (0..=all, Just(all))), count in 1_u64..200) {
            let detection = detection(caught, iterations);
            prop_assert!(!detection.is_settled_in(count) || detection.is_sure_in(count));
        }

        #[test]
        fn they_suffice_and_one_less_does_not(rate in 1e-6_f64..0.989) {
            let runs = runs_until(SURE, rate).expect("some");
            let missed = |runs: u64| ((-rate).ln_1p() * runs as f64).exp();
            prop_assert!(missed(runs) <= 0.01 * (1.0 + 1e-9));
            prop_assert!(missed(runs - 1) > 0.01 * (1.0 - 1e-9));
        }
    }
}
