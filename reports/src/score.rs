//! From a report to points.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::model::{Report, SuiteReport, TestReport};
use crate::verdict::TestVerdict;

/// What a test is worth that passed in some of its runs only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flaky {
    /// Nothing: a test passes in all of its runs, or not.
    #[default]
    AllOrNothing,
    /// The part of its runs that passed.
    Proportional,
    /// All of its points where at least so many runs passed, else nothing.
    AtLeast(u64),
}

impl fmt::Display for Flaky {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AllOrNothing => f.write_str("all-or-nothing"),
            Self::Proportional => f.write_str("proportional"),
            Self::AtLeast(runs) => write!(f, "at-least {runs}"),
        }
    }
}

impl FromStr for Flaky {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let at_least =
            || text.strip_prefix("at-least ")?.trim().parse().ok().filter(|&runs| runs > 0);
        match (text, at_least()) {
            ("all-or-nothing", _) => Ok(Self::AllOrNothing),
            ("proportional", _) => Ok(Self::Proportional),
            (_, Some(runs)) => Ok(Self::AtLeast(runs)),
            _ => Err(format!(
                "expected `all-or-nothing`, `proportional` or `at-least N` (runs), not {text:?}"
            )),
        }
    }
}

impl Serialize for Flaky {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Flaky {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// How points are given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scheme {
    /// What flaky tests are worth.
    pub flaky: Flaky,
    /// Points of a suite, by id, shared among its tests by their weights. Without an entry a test has its own
    /// weight in points.
    pub suites: BTreeMap<String, f64>,
    /// Points of a test, by full id; these come first.
    pub tests: BTreeMap<String, f64>,
}

/// Points that were reached, of those that there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Points reached.
    pub points: f64,
    /// Points that there are.
    pub of: f64,
}

impl Score {
    /// None, of `of`.
    pub fn none_of(of: f64) -> Self {
        Self { points: 0.0, of }
    }

    /// Rounded to hundredths, as scores are published.
    #[must_use]
    pub fn rounded(self) -> Self {
        let round = |points: f64| (points * 100.0).round() / 100.0;
        Self { points: round(self.points), of: round(self.of) }
    }
}

impl std::iter::Sum for Score {
    fn sum<I: Iterator<Item = Self>>(scores: I) -> Self {
        scores.fold(Self::default(), |sum, score| Self {
            points: sum.points + score.points,
            of: sum.of + score.of,
        })
    }
}

impl Scheme {
    /// The score of a submission.
    pub fn score(&self, report: &Report) -> Score {
        report.suites.iter().map(|suite| self.suite(suite)).sum()
    }

    /// That of one suite.
    pub fn suite(&self, suite: &SuiteReport) -> Score {
        suite.tests.iter().map(|test| self.test(suite, test)).sum()
    }

    /// That of one test of `suite`.
    pub fn test(&self, suite: &SuiteReport, test: &TestReport) -> Score {
        let of = self.points(suite, test);
        Score { points: of * self.credit(test), of }
    }

    /// What the test is worth.
    fn points(&self, suite: &SuiteReport, test: &TestReport) -> f64 {
        if let Some(points) = self.tests.get(&test.id) {
            return *points;
        }
        let Some(points) = self.suites.get(&suite.id) else { return f64::from(test.points) };
        let others = suite.tests.iter().filter(|test| !self.tests.contains_key(&test.id));
        let weights: u32 = others.map(|test| test.points).sum();
        points * f64::from(test.points) / f64::from(weights.max(1))
    }

    /// The part of its points that the test gets, from 0 to 1. Runs that were planned and not made count as
    /// failed, and runs in which the toolkit failed as neither.
    fn credit(&self, test: &TestReport) -> f64 {
        let counted = test.planned.saturating_sub(test.errors);
        let all = test.verdict == TestVerdict::Pass && test.passed() >= counted;
        match self.flaky {
            _ if counted == 0 || test.runs == 0 => 0.0,
            _ if all => 1.0,
            Flaky::AllOrNothing => 0.0,
            Flaky::Proportional => test.passed() as f64 / counted as f64,
            Flaky::AtLeast(runs) => f64::from(u8::from(test.passed() >= runs)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_reads_back() {
        for rule in [Flaky::AllOrNothing, Flaky::Proportional, Flaky::AtLeast(18)] {
            assert_eq!(rule.to_string().parse(), Ok(rule));
        }
        let error = "at-least 0".parse::<Flaky>().expect_err("none is no rule");
        assert!(error.starts_with("expected `all-or-nothing`"), "{error}");
    }
}
