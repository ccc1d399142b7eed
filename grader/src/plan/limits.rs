//! Which limits hold for a test.

use std::collections::BTreeMap;

use protocol::{Catalogue, Limits, SuiteInfo, TestInfo, Together};

use crate::cli::values::Seconds;
use crate::exit::{Outcome, Stop};
use crate::settings::{Settings, SuiteSettings};
use crate::suggest::nearest;

/// Limits from the flags and from the settings file, and budgets from the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct LimitRules {
    flags: Limits,
    all: Limits,
    suites: BTreeMap<String, SuiteSettings>,
    tests: BTreeMap<String, Limits>,
    /// Seconds for one iteration of a suite, or of suites that are timed together.
    suite_time: Option<Seconds>,
}

impl LimitRules {
    /// `flags`, and what the settings file says.
    pub(crate) fn new(flags: Limits, settings: &Settings) -> Self {
        let tests = settings.tests.iter().map(|(id, limits)| (id.clone(), (*limits).into()));
        Self {
            flags,
            all: settings.limits.into(),
            suites: settings.suites.clone(),
            tests: tests.collect(),
            suite_time: None,
        }
    }

    /// Limits one iteration of a suite, or of suites that are timed together, to this time; none
    /// leaves it to the course.
    pub(crate) fn limit_suites(&mut self, time: Option<Seconds>) {
        self.suite_time = time;
    }

    /// What replaces the test's own limits: the flag, else what the file says of the test, of its
    /// suite, of all tests.
    pub(crate) fn overrides(&self, test: &str) -> Limits {
        let suite = test.split_once('/').map_or(test, |(suite, _)| suite);
        let of_suite = self.suites.get(suite).map_or_else(Limits::default, |suite| suite.limits());
        let of_test = self.tests.get(test).copied().unwrap_or_default();
        self.flags.or(of_test).or(of_suite).or(self.all)
    }

    /// `suite` with the limits and the budget that are in force.
    pub(crate) fn in_force(&self, suite: SuiteInfo) -> SuiteInfo {
        let budget = self.suites.get(&suite.id).and_then(|suite| suite.budget);
        let with_limits =
            |test: TestInfo| TestInfo { limits: self.overrides(&test.id).or(test.limits), ..test };
        let together = match self.suite_time {
            None => suite.together,
            Some(Seconds(limit_s)) => Some(Together {
                name: suite.together.map_or_else(|| suite.id.clone(), |together| together.name),
                limit_s,
            }),
        };
        SuiteInfo {
            together,
            budget_s: budget.map_or(suite.budget_s, |seconds| seconds.0),
            tests: suite.tests.into_iter().map(with_limits).collect(),
            ..suite
        }
    }

    /// Refuses names in the settings file that the catalogue does not have: a limit that is
    /// misspelt must not silently be none.
    pub(crate) fn check(&self, catalogue: &Catalogue) -> Outcome<()> {
        let suites: Vec<&str> = catalogue.suites.iter().map(|suite| suite.id.as_str()).collect();
        let tests = catalogue.suites.iter().flat_map(|suite| &suite.tests);
        let tests: Vec<&str> = tests.map(|test| test.id.as_str()).collect();
        known("suites", self.suites.keys(), &suites)?;
        known("tests", self.tests.keys(), &tests)
    }
}

fn known<'a>(
    table: &str,
    names: impl IntoIterator<Item = &'a String>,
    known: &[&str],
) -> Outcome<()> {
    let Some(name) = names.into_iter().find(|name| !known.contains(&name.as_str())) else {
        return Ok(());
    };
    let hint = nearest(name, known.iter().copied())
        .map_or_else(String::new, |near| format!(" (did you mean \"{near}\"?)"));
    Err(Stop::usage(format!(
        "the settings file has [{table}.\"{name}\"], but there is none of that name{hint}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(time_s: Option<f64>, rpcs: Option<u64>, bytes: Option<u64>) -> Limits {
        Limits { time_s, rpcs, bytes }
    }

    #[test]
    fn the_nearest_setting_wins_for_each_limit() {
        let suite = SuiteSettings { rpc_limit: Some(2), byte_limit: Some(2), ..Default::default() };
        let rules = LimitRules {
            flags: limits(Some(4.0), None, None),
            all: limits(Some(1.0), Some(1), Some(1)),
            suites: [("part2".to_owned(), suite)].into(),
            tests: [("part2/x".to_owned(), limits(Some(3.0), Some(3), None))].into(),
            suite_time: None,
        };
        assert_eq!(rules.overrides("part2/x"), limits(Some(4.0), Some(3), Some(2)));
        assert_eq!(rules.overrides("part2/y"), limits(Some(4.0), Some(2), Some(2)));
        assert_eq!(rules.overrides("part3/x"), limits(Some(4.0), Some(1), Some(1)));
    }

    #[test]
    fn a_suite_that_no_course_limits_is_limited_alone() {
        let suite = |id: &str, together| SuiteInfo {
            id: id.to_owned(),
            title: String::new(),
            course: String::new(),
            budget_s: 1.0,
            together,
            clock: None,
            effort: protocol::Effort::Usual,
            reads: false,
            processes: false,
            implemented: true,
            tests: Vec::new(),
        };
        let raft = Together { name: "a course's Raft".to_owned(), limit_s: 600.0 };
        let mut rules = LimitRules::default();
        assert_eq!(rules.in_force(suite("a", None)).together, None);
        assert_eq!(rules.in_force(suite("a", Some(raft.clone()))).together, Some(raft.clone()));
        rules.limit_suites(Some(Seconds(5.0)));
        let alone = Together { name: "a".to_owned(), limit_s: 5.0 };
        assert_eq!(rules.in_force(suite("a", None)).together, Some(alone));
        let tighter = Together { limit_s: 5.0, ..raft.clone() };
        assert_eq!(rules.in_force(suite("a", Some(raft))).together, Some(tighter));
    }
}
