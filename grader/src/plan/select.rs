//! Which tests of the catalogue are meant.

use protocol::{Catalogue, SuiteInfo, TestInfo};
use regex::Regex;

use crate::exit::{NO_TESTS, Outcome, Stop};
use crate::suggest::nearest;

/// What the person asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    /// Ids of suites; empty for all that the submission implements.
    pub(crate) suites: Vec<String>,
    /// What a test's id or its name in its course must match.
    pub(crate) test: Option<Regex>,
}

impl Selection {
    /// Reads the flags `--suite` and `--test`.
    pub(crate) fn new(suites: Vec<String>, test: Option<&str>) -> Outcome<Self> {
        let test = test.map(Regex::new).transpose().map_err(|error| {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let pattern = test.unwrap_or_default();
            Stop::usage(format!("--test {pattern:?} is not a regular expression: {reason}"))
        })?;
        Ok(Self { suites, test })
    }

    /// Whether tests of `suite` may be meant. One that runs nothing takes its time all the same, so it is only
    /// where somebody asks for it.
    fn takes_suite(&self, suite: &SuiteInfo) -> bool {
        match self.suites.as_slice() {
            [] => !suite.reads || self.test.is_some(),
            named => named.contains(&suite.id),
        }
    }

    /// Whether `test` is meant, whatever its suite.
    fn takes(&self, test: &TestInfo) -> bool {
        self.test
            .as_ref()
            .is_none_or(|regex| regex.is_match(&test.id) || regex.is_match(&test.course_name))
    }

    /// The selected suites of `catalogue`, in its order, and in each the selected tests.
    pub(crate) fn apply(&self, catalogue: &Catalogue) -> Outcome<Vec<SuiteInfo>> {
        self.check_suites(catalogue)?;
        let suites: Vec<SuiteInfo> = catalogue
            .suites
            .iter()
            .filter(|suite| self.takes_suite(suite))
            .map(|suite| SuiteInfo {
                tests: suite.tests.iter().filter(|test| self.takes(test)).cloned().collect(),
                ..suite.clone()
            })
            .filter(|suite| !suite.tests.is_empty())
            .collect();
        if suites.is_empty() { Err(self.nothing(catalogue)) } else { Ok(suites) }
    }

    /// Refuses names of suites that do not exist.
    fn check_suites(&self, catalogue: &Catalogue) -> Outcome<()> {
        let known: Vec<&str> = catalogue.suites.iter().map(|suite| suite.id.as_str()).collect();
        match self.suites.iter().find(|wanted| !known.contains(&wanted.as_str())) {
            None => Ok(()),
            Some(unknown) => Err(Stop::usage(format!(
                "no suite `{unknown}`{}; there are {}",
                did_you_mean(nearest(unknown, known.iter().copied())),
                known.join(", ")
            ))),
        }
    }

    /// Says that no test matches, and what would.
    fn nothing(&self, catalogue: &Catalogue) -> Stop {
        let inside = catalogue
            .suites
            .iter()
            .filter(|suite| self.suites.is_empty() || self.suites.contains(&suite.id));
        let tests: Vec<&TestInfo> = inside.flat_map(|suite| &suite.tests).collect();
        let Some(regex) = &self.test else {
            return Stop::new(NO_TESTS, "the harness has no tests");
        };
        let names = tests.iter().flat_map(|test| [test.id.as_str(), test.course_name.as_str()]);
        let ids: Vec<&str> = tests.iter().map(|test| test.id.as_str()).collect();
        Stop::new(
            NO_TESTS,
            format!(
                "no test matches `{regex}`{}; {}",
                did_you_mean(nearest(regex.as_str(), names)),
                there_are(&ids)
            ),
        )
    }
}

/// At most this many names are listed in an error.
const LISTED: usize = 12;

fn there_are(ids: &[&str]) -> String {
    match ids.len() {
        0..=LISTED => format!("there are {}", ids.join(", ")),
        many => format!("there are {many} tests, which `grader list` shows"),
    }
}

fn did_you_mean(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
}
