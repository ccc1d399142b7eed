//! Whether two samples differ by more than chance.

use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::factorial::ln_binomial;

/// Fisher's exact test, two-sided: the chance that two equal rates give counts which are as unlikely as these or more, when
/// `failed` of `runs` are known on each side.
///
/// # Panics
///
/// When more failed than ran.
pub(super) fn fisher((failed_a, runs_a): (u64, u64), (failed_b, runs_b): (u64, u64)) -> f64 {
    /// Sums of logarithms are not exact; what is equal up to this counts as equal.
    const SLACK: f64 = 1e-7;
    assert!(failed_a <= runs_a && failed_b <= runs_b, "more failed than ran");
    let failed = failed_a + failed_b;
    let all = ln_binomial(runs_a + runs_b, failed);
    let chance = |failed_a: u64| {
        (ln_binomial(runs_a, failed_a) + ln_binomial(runs_b, failed - failed_a) - all).exp()
    };
    let seen = chance(failed_a) * (1.0 + SLACK);
    let possible = failed.saturating_sub(runs_b)..=failed.min(runs_a);
    possible.map(chance).filter(|chance| *chance <= seen).sum::<f64>().min(1.0)
}

/// The test of Mann and Whitney, two-sided, in its normal approximation with correction for ties and continuity: the chance
/// that two samples of the same distribution are as far apart as these or farther.
pub(super) fn mann_whitney(a: &[f64], b: &[f64]) -> f64 {
    let (count_a, count_b) = (a.len() as f64, b.len() as f64);
    let mut all: Vec<(f64, bool)> =
        a.iter().map(|x| (*x, true)).chain(b.iter().map(|x| (*x, false))).collect();
    all.sort_by(|(x, _), (y, _)| x.total_cmp(y));
    let (mut rank_sum, mut ties) = (0.0, 0.0);
    let mut before = 0;
    for group in all.chunk_by(|(x, _), (y, _)| x.total_cmp(y).is_eq()) {
        let many = group.len() as f64;
        let rank = before as f64 + f64::midpoint(many, 1.0);
        rank_sum += rank * group.iter().filter(|(_, is_a)| *is_a).count() as f64;
        ties += many * many * many - many;
        before += group.len();
    }
    let u = rank_sum - count_a * (count_a + 1.0) / 2.0;
    let n = count_a + count_b;
    let variance = count_a * count_b / 12.0 * (n + 1.0 - ties / (n * (n - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    let distance = ((u - count_a * count_b / 2.0).abs() - 0.5).max(0.0);
    let normal = Normal::standard();
    (2.0 * normal.sf(distance / variance.sqrt())).min(1.0)
}

/// Which of several hypotheses are rejected when the chance of a single wrong rejection among all is to be `alpha` at most (Holm,
/// Scandinavian Journal of Statistics 6, 1979).
pub(super) fn holm(p_values: &[f64], alpha: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut rejected = vec![false; p_values.len()];
    for (rank, &i) in order.iter().enumerate() {
        if p_values[i] > alpha / (p_values.len() - rank) as f64 {
            break;
        }
        rejected[i] = true;
    }
    rejected
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    #[test]
    fn fisher_agrees_with_tables() {
        // The lady who tasted tea, two-sided.
        assert!(is_close(fisher((1, 4), (3, 4)), 0.485_714_286));
        assert!(is_close(fisher((0, 50), (0, 50)), 1.0));
        assert!(is_close(fisher((0, 10), (10, 10)), 2.0 / 184_756.0));
        assert!(is_close(fisher((0, 50), (1, 50)), 1.0));
        assert!(is_close(fisher((8, 10), (1, 10)), 0.005_477_494));
    }

    #[test]
    fn samples_of_one_figure_do_not_differ() {
        assert!(is_close(mann_whitney(&[3.0; 20], &[3.0; 20]), 1.0));
        assert!(mann_whitney(&[3.0; 20], &[4.0; 20]) < 1e-6);
        let a: Vec<f64> = (0..20).map(f64::from).collect();
        let b: Vec<f64> = (0..20).map(|x| f64::from(x) + 0.5).collect();
        assert!(mann_whitney(&a, &b) > 0.5);
    }

    #[test]
    fn many_tests_need_more() {
        assert_eq!(holm(&[0.01, 0.04, 0.03], 0.05), [true, false, false]);
        assert_eq!(holm(&[0.01, 0.02], 0.05), [true, true]);
        assert_eq!(holm(&[], 0.05), [true; 0]);
    }

    proptest! {
        #[test]
        fn a_p_value_is_a_chance_and_has_no_sides(
            (failed_a, runs_a) in (0_u64..60, 1_u64..60), (failed_b, runs_b) in (0_u64..60, 1_u64..60)
        ) {
            let (a, b) = ((failed_a.min(runs_a), runs_a), (failed_b.min(runs_b), runs_b));
            let p = fisher(a, b);
            prop_assert!((0.0..=1.0).contains(&p) && is_close(p, fisher(b, a)));
            // What is seen is possible.
            prop_assert!(p > 0.0);
        }
    }
}
