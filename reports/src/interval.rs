//! The failure rate of a test, and how uncertain it is.
//!
//! The interval is the exact one of Clopper and Pearson (Biometrika 26, 1934) at 95 %. Between the
//! ends it is two-sided: 2.5 % of error on each side. With no failure, or nothing but failures, one
//! side is certain, and all of the 5 % goes to the other: 0 of 50 is "under 5.8 %". Exact means:
//! whatever the true rate, intervals made in this way miss it in at most 5 % of the sessions.

use serde::{Deserialize, Serialize};
use statrs::function::beta::beta_reg;

use crate::units::{percent, percent_number};

/// The chance of a wrong interval that is accepted.
const ALPHA: f64 = 0.05;

/// A failure rate with its 95 % interval; fractions, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Failed runs over runs.
    pub point: f64,
    /// Lower end of the interval; 0 when no run failed.
    pub low: f64,
    /// Upper end of the interval; 1 when no run passed.
    pub high: f64,
}

impl Rate {
    /// The rate of `failed` of `runs`, to six significant digits; `None` of no runs.
    ///
    /// # Panics
    ///
    /// When more failed than ran.
    pub fn of(failed: u64, runs: u64) -> Option<Self> {
        assert!(failed <= runs, "{failed} failed runs of {runs}");
        if runs == 0 {
            return None;
        }
        let (low, high) = clopper_pearson(failed, runs);
        let point = failed as f64 / runs as f64;
        Some(Self { point: round(point), low: round(low), high: round(high) })
    }

    /// As short as honest: `under 5.8 %`, `6 % (1.3–17 %)`, `over 94 %`.
    pub fn brief(self) -> String {
        if self.point <= 0.0 {
            format!("under {}", percent(self.high))
        } else if self.high >= 1.0 {
            format!("over {}", percent(self.low))
        } else {
            format!("{} ({})", percent(self.point), self.range())
        }
    }

    /// In a sentence, after how many runs failed: `6 %, 95 % interval 1.3–17 %`.
    pub fn words(self) -> String {
        if self.point <= 0.0 || self.high >= 1.0 {
            format!("failure rate {} with 95 % confidence", self.brief())
        } else {
            format!("{}, 95 % interval {}", percent(self.point), self.range())
        }
    }

    fn range(self) -> String {
        format!("{}–{}", percent_number(self.low), percent(self.high))
    }
}

fn clopper_pearson(failed: u64, runs: u64) -> (f64, f64) {
    let (k, n) = (failed as f64, runs as f64);
    if failed == 0 {
        // 1 - ALPHA^(1/n), without losing digits when n is large.
        return (0.0, -(ALPHA.ln() / n).exp_m1());
    }
    if failed == runs {
        return ((ALPHA.ln() / n).exp(), 1.0);
    }
    if n > 1e7 && k.min(n - k) > 1e6 {
        return wilson(k, n);
    }
    (beta_quantile(k, n - k + 1.0, ALPHA / 2.0), beta_quantile(k + 1.0, n - k, 1.0 - ALPHA / 2.0))
}

/// The `p` quantile of the beta distribution, by bisection.
///
/// Bisection, because Newton's method (`inv_beta_reg`) does not end for parameters of ten million.
fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high || high - low < middle * 1e-9 {
            return middle;
        }
        if beta_reg(a, b, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// Wilson's interval, for more runs than the beta function's series can take. There the two agree to
/// the digits that are reported.
fn wilson(k: f64, n: f64) -> (f64, f64) {
    /// 97.5 % quantile of the normal distribution.
    const Z: f64 = 1.959_963_984_540_054;
    let rate = k / n;
    let middle = (rate + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (rate * (1.0 - rate) / n + Z * Z / (4.0 * n * n)).sqrt();
    (middle - half, middle + half)
}

/// `fraction` to six significant digits.
fn round(fraction: f64) -> f64 {
    format!("{fraction:.5e}").parse().expect("a formatted number is a number")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(failed: u64, runs: u64) -> (f64, f64, f64) {
        let Rate { point, low, high } = Rate::of(failed, runs).unwrap();
        (point, low, high)
    }

    #[test]
    fn agrees_with_r() {
        // binom.test(failed, runs)$conf.int
        assert_eq!(rate(1, 10), (0.1, 0.002_528_58, 0.445_016));
        assert_eq!(rate(3, 50), (0.06, 0.012_548_6, 0.165_482));
        assert_eq!(rate(25, 50), (0.5, 0.355_273, 0.644_727));
        assert_eq!(rate(1, 1000), (0.001, 2.531_75e-5, 0.005_558_92));
    }

    #[test]
    fn is_one_sided_where_one_side_is_certain() {
        // binom.test(failed, runs, alternative = "less" or "greater")$conf.int
        assert_eq!(rate(0, 50), (0.0, 0.0, 0.058_155_1));
        assert_eq!(rate(50, 50), (1.0, 0.941_845, 1.0));
        assert_eq!(rate(0, 1), (0.0, 0.0, 0.95));
        assert_eq!(rate(0, 1_000_000_000), (0.0, 0.0, 2.995_73e-9));
    }

    #[test]
    fn reads_as_people_say_it() {
        let rate = |failed, runs| Rate::of(failed, runs).unwrap();
        assert_eq!(rate(0, 50).brief(), "under 5.8 %");
        assert_eq!(rate(3, 50).brief(), "6 % (1.3–17 %)");
        assert_eq!(rate(50, 50).brief(), "over 94 %");
        assert_eq!(rate(3, 50).words(), "6 %, 95 % interval 1.3–17 %");
        assert_eq!(rate(50, 50).words(), "failure rate over 94 % with 95 % confidence");
    }

    #[test]
    fn no_runs_have_no_rate() {
        assert_eq!(Rate::of(0, 0), None);
    }

    #[test]
    fn many_runs_are_no_seam() {
        // The exact interval and Wilson's where the one takes over from the other.
        let (k, n) = (1_000_000.0, 10_000_000.0);
        let (low, high) = clopper_pearson(1_000_000, 10_000_000);
        let (wilson_low, wilson_high) = wilson(k, n);
        assert!((low / wilson_low - 1.0).abs() < 1e-5, "{low} {wilson_low}");
        assert!((high / wilson_high - 1.0).abs() < 1e-5, "{high} {wilson_high}");
        let (_, low, high) = rate(500_000_000, 1_000_000_000);
        assert_eq!((low, high), (0.499_969, 0.500_031));
    }

    /// Failed runs and runs, with one more of each to spare.
    fn counts() -> impl Strategy<Value = (u64, u64)> {
        (1_u64..2_000).prop_flat_map(|runs| (0..=runs, Just(runs)))
    }

    proptest! {
        #[test]
        fn contains_its_point((failed, runs) in counts()) {
            let (point, low, high) = rate(failed, runs);
            prop_assert!(0.0 <= low && low <= point && point <= high && high <= 1.0);
        }

        #[test]
        fn rises_with_the_failures((failed, runs) in counts()) {
            prop_assume!(failed < runs);
            let (_, low, high) = rate(failed, runs);
            let (_, more_low, more_high) = rate(failed + 1, runs);
            prop_assert!(low <= more_low && high <= more_high);
        }

        #[test]
        fn more_runs_at_the_same_rate_say_more((failed, runs) in counts()) {
            let (_, low, high) = rate(failed, runs);
            let (_, more_low, more_high) = rate(2 * failed, 2 * runs);
            prop_assert!(low <= more_low && more_high <= high);
        }

        #[test]
        fn is_symmetric((failed, runs) in counts()) {
            let (_, low, high) = rate(failed, runs);
            let (_, mirror_low, mirror_high) = rate(runs - failed, runs);
            prop_assert!((low + mirror_high - 1.0).abs() < 2e-6);
            prop_assert!((high + mirror_low - 1.0).abs() < 2e-6);
        }
    }
}
