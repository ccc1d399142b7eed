//! What the value of a report may be.

use std::fmt;

/// Averages are quotients of whole numbers, so two that differ, differ by more.
const TOLERANCE: f64 = 1e-6;

/// The temperatures of a batch: those that count, and those that came at its very end and may count or
/// not.
#[derive(Clone, Debug, Default)]
pub(super) struct Expected {
    pub(super) counts: Vec<f64>,
    pub(super) may_count: Vec<f64>,
}

impl Expected {
    /// Whether `value` is the average of all that count and any of those that may. All of them are whole
    /// numbers.
    pub(super) fn admits(&self, value: f64) -> bool {
        let sum: f64 = self.counts.iter().sum();
        self.additions().iter().enumerate().any(|(more, sums)| {
            let count = self.counts.len() + more;
            if count == 0 {
                return value.is_nan();
            }
            let added = value * count as f64 - sum;
            let is_whole = (added - added.round()).abs() < TOLERANCE * count as f64;
            is_whole && added > -0.5 && sums.get(added.round() as usize) == Some(&true)
        })
    }

    /// For each number of those that may count, which sums that many of them can have.
    fn additions(&self) -> Vec<Vec<bool>> {
        let most: f64 = self.may_count.iter().sum();
        let mut sums = vec![vec![false; most as usize + 1]; self.may_count.len() + 1];
        sums[0][0] = true;
        for value in &self.may_count {
            let value = *value as usize;
            for more in (1..sums.len()).rev() {
                for sum in value..sums[more].len() {
                    sums[more][sum] |= sums[more - 1][sum - value];
                }
            }
        }
        sums
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.counts.len();
        let plural = |count| if count == 1 { "answer" } else { "answers" };
        let average = self.counts.iter().sum::<f64>() / count as f64;
        match count {
            0 => write!(f, "NaN, since no answer came in time")?,
            _ => write!(f, "{average:.3}, the average of {count} {}", plural(count))?,
        }
        match self.may_count.len() {
            0 => Ok(()),
            more => write!(f, " ({more} more came at the very end, which may count or not)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(counts: &[f64], may_count: &[f64]) -> Expected {
        Expected { counts: counts.to_vec(), may_count: may_count.to_vec() }
    }

    #[test]
    fn what_counts_must_be_in_it_and_nothing_else() {
        let three = expected(&[10.0, 20.0, 31.0], &[]);
        assert!(three.admits(61.0 / 3.0));
        assert!(!three.admits(61.0 / 4.0));
        assert!(!three.admits(f64::NAN));
        assert_eq!(three.to_string(), "20.333, the average of 3 answers");
    }

    #[test]
    fn nothing_gives_no_number() {
        let none = expected(&[], &[]);
        assert!(none.admits(f64::NAN));
        assert!(!none.admits(0.0));
        assert_eq!(none.to_string(), "NaN, since no answer came in time");
    }

    #[test]
    fn what_came_at_the_end_may_be_in_it() {
        let either = expected(&[10.0], &[20.0, 60.0]);
        for value in [10.0, 15.0, 35.0, 30.0] {
            assert!(either.admits(value), "{value}");
        }
        for value in [20.0, 9.0, 40.0, f64::NAN] {
            assert!(!either.admits(value), "{value}");
        }
        let all = expected(&[], &[7.0]);
        assert!(all.admits(7.0) && all.admits(f64::NAN) && !all.admits(6.0));
    }
}
