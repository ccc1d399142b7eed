//! A rate in words, and as a bar of a hundred units.

use serde::Serialize;

use crate::interval::Rate;

/// A rate with its interval.
#[derive(Debug, Serialize)]
pub(super) struct RateView {
    words: String,
    low: f64,
    width: f64,
    point: f64,
}

impl From<Rate> for RateView {
    fn from(rate: Rate) -> Self {
        let hundredths = |fraction: f64| (fraction * 10_000.0).round() / 100.0;
        Self {
            words: rate.brief(),
            low: hundredths(rate.low),
            // Never so narrow that it cannot be seen.
            width: hundredths(rate.high - rate.low).max(0.5),
            point: hundredths(rate.point),
        }
    }
}
