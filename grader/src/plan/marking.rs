//! How points are given, and which results students do not see.

use std::collections::{BTreeMap, BTreeSet};

use protocol::Catalogue;
use regex::RegexSet;
use reports::gradescope::{Output, Visibility};
use reports::score::{Flaky, Scheme};

use crate::exit::{Outcome, Stop};
use crate::settings::{Settings, TestOutput};

/// What the settings file says of both.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marking {
    /// How points are given.
    pub(crate) scheme: Scheme,
    /// Tests that students do not see.
    pub(crate) hidden: RegexSet,
    /// Tests that students see when nobody can submit any more.
    after_due_date: RegexSet,
    /// Tests that students see when grades are published.
    after_published: RegexSet,
    /// How what is told of a test is written, for Gradescope.
    pub(crate) output: Output,
    /// Whether Gradescope compares submissions.
    pub(crate) leaderboard: bool,
}

impl Marking {
    /// Reads it, for `count` runs of each test.
    pub(crate) fn new(settings: &Settings, count: u64) -> Outcome<Self> {
        let scheme = Scheme {
            flaky: settings.points.flaky.unwrap_or_default(),
            suites: settings.points.suites.iter().map(|(id, of)| (id.clone(), of.0)).collect(),
            tests: settings.points.tests.iter().map(|(id, of)| (id.clone(), of.0)).collect(),
        };
        if let Flaky::AtLeast(runs) = scheme.flaky
            && runs > count
        {
            return Err(Stop::usage(format!(
                "`flaky = \"at-least {runs}\"` can never be reached with {count} runs; raise --count"
            )));
        }
        let results = &settings.results;
        Ok(Self {
            scheme,
            hidden: tests("hidden", &settings.hidden)?,
            after_due_date: tests("after-due-date", &results.after_due_date)?,
            after_published: tests("after-published", &results.after_published)?,
            output: match results.output {
                None | Some(TestOutput::Text) => Output::Text,
                Some(TestOutput::Ansi) => Output::Ansi,
                Some(TestOutput::Md) => Output::Markdown,
            },
            leaderboard: results.leaderboard,
        })
    }

    /// When students see the test of this full id: what is named more than once is seen latest.
    pub(crate) fn visibility(&self, id: &str) -> Visibility {
        let later = [
            (&self.hidden, Visibility::Hidden),
            (&self.after_published, Visibility::AfterPublished),
            (&self.after_due_date, Visibility::AfterDueDate),
        ];
        let found = later.into_iter().find(|(tests, _)| tests.is_match(id));
        found.map_or(Visibility::Visible, |(_, visibility)| visibility)
    }

    /// Refuses names in the settings file that the catalogue does not have: points that are silently not
    /// given are worse than none.
    pub(crate) fn check(&self, catalogue: &Catalogue) -> Outcome<()> {
        let suites: BTreeSet<&str> =
            catalogue.suites.iter().map(|suite| suite.id.as_str()).collect();
        let tests = catalogue.suites.iter().flat_map(|suite| &suite.tests);
        let tests: BTreeSet<&str> = tests.map(|test| test.id.as_str()).collect();
        let unknown = |points: &BTreeMap<String, f64>, known: &BTreeSet<&str>| {
            points.keys().find(|id| !known.contains(id.as_str())).cloned()
        };
        if let Some(id) = unknown(&self.scheme.suites, &suites) {
            return Err(Stop::usage(format!(
                "[points.suites] in grader.toml: there is no suite `{id}`"
            )));
        }
        if let Some(id) = unknown(&self.scheme.tests, &tests) {
            return Err(Stop::usage(format!(
                "[points.tests] in grader.toml: there is no test `{id}`"
            )));
        }
        Ok(())
    }
}

/// Tests that a key of the settings file names.
fn tests(key: &str, patterns: &[String]) -> Outcome<RegexSet> {
    RegexSet::new(patterns).map_err(|error| {
        let why = error.to_string();
        let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Stop::usage(format!("`{key}` in grader.toml is not a regular expression: {why}"))
    })
}
