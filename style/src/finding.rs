//! A finding, and all that was found.

use std::collections::BTreeMap;
use std::fmt;

use crate::Rule;

/// A place in the sources that a rule has something against.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// The file, as its path stands in the [`Sources`](crate::Sources).
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1; none where the whole line is meant.
    pub column: Option<usize>,
    /// One line: what is there, and where it helps, what would be right.
    pub message: String,
}

impl fmt::Display for Finding {
    /// `src/raft.rs:120: unneeded return statement`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, message, .. } = self;
        write!(f, "{file}:{line}: {message}")
    }
}

/// All that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    findings: Vec<Finding>,
    unknown: BTreeMap<Rule, String>,
}

/// What was found by one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary<'a> {
    /// The rule.
    pub rule: Rule,
    /// How many findings there are.
    pub findings: usize,
    /// Why there may be more: the rule could not be judged, for this reason.
    pub unknown: Option<&'a str>,
}

impl Outcome {
    /// All findings: rule by rule, and in the order of file and line.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Those of one rule.
    pub fn of(&self, rule: Rule) -> impl Iterator<Item = &Finding> + Clone {
        self.findings.iter().filter(move |finding| finding.rule == rule)
    }

    /// What each rule amounts to.
    pub fn summary(&self) -> impl Iterator<Item = Summary<'_>> {
        Rule::ALL.into_iter().map(|rule| Summary {
            rule,
            findings: self.of(rule).count(),
            unknown: self.unknown.get(&rule).map(String::as_str),
        })
    }

    pub(crate) fn add(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.findings.extend(findings);
    }

    /// Says that `rule` could not be judged. The first reason stays.
    pub(crate) fn unknown(&mut self, rule: Rule, why: &str) {
        self.unknown.entry(rule).or_insert_with(|| why.to_owned());
    }

    pub(crate) fn sort(&mut self) {
        self.findings.sort();
        self.findings.dedup();
    }
}
