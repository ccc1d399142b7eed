//! What the runs of a suite say about the properties that must hold at every moment: a line for those
//! that held in every run, and one for each reason why others did not, or were not observed.

use std::collections::BTreeMap;

use super::Page;
use super::text::Ink;
use crate::groups::shape;
use crate::model::SuiteReport;
use crate::units::{count, plural};
use crate::verdict::Standing;

/// Columns of the labels "held", "held in part", "not observed", "violated".
const LABEL: usize = 14;

/// Most tests that are named for a reason, and most reasons of a property.
const TESTS_NAMED: usize = 3;
const REASONS_NAMED: usize = 3;

/// A property in all tests of a suite that watch it.
#[derive(Debug, Default)]
struct Across<'a> {
    /// Tests that watch it.
    tests: usize,
    held: u64,
    not_observed: u64,
    violated: u64,
    /// Tests in which it was violated.
    violators: Vec<&'a str>,
    /// By the shape of the reason.
    reasons: BTreeMap<String, Where<'a>>,
}

/// Where a reason was given.
#[derive(Debug)]
struct Where<'a> {
    reason: &'a str,
    runs: u64,
    tests: Vec<&'a str>,
}

/// What there is to say before and after the names of properties; those with the same words share a
/// line.
type Words = (String, String);

/// The lines on `suite`; none where nothing was watched.
pub(super) fn section(page: &mut Page, suite: &SuiteReport) {
    let properties = across(suite);
    if properties.is_empty() {
        return;
    }
    page.blank();
    for standing in
        [Standing::Violated, Standing::Held, Standing::HeldInPart, Standing::NotObserved]
    {
        let mut lines: Vec<(Words, Vec<&str>)> = Vec::new();
        for (name, across) in properties.iter().filter(|(_, across)| across.standing() == standing)
        {
            let words = across.words();
            match lines.iter_mut().find(|(known, _)| *known == words) {
                Some((_, names)) => names.push(name),
                None => lines.push((words, vec![name])),
            }
        }
        for (i, ((before, after), names)) in lines.iter().enumerate() {
            let label = if i == 0 { standing.to_string() } else { String::new() };
            let text = format!("{before}{}{after}", names.join(", "));
            page.labelled(2, LABEL, (&label, ink(standing)), &text);
        }
    }
}

/// The ink of a standing.
pub(super) fn ink(standing: Standing) -> Ink {
    match standing {
        Standing::Held => Ink::Good,
        Standing::HeldInPart => Ink::Plain,
        Standing::NotObserved => Ink::Doubtful,
        Standing::Violated => Ink::Bad,
    }
}

/// The properties of all tests, in the order in which tests list them.
fn across(suite: &SuiteReport) -> Vec<(&str, Across<'_>)> {
    let mut all: Vec<(&str, Across<'_>)> = Vec::new();
    for test in &suite.tests {
        for property in &test.properties {
            let known = all.iter().position(|(name, _)| *name == property.property);
            let at = known.unwrap_or(all.len());
            if known.is_none() {
                all.push((&property.property, Across::default()));
            }
            let across = &mut all[at].1;
            across.tests += 1;
            across.held += property.held;
            across.not_observed += property.not_observed;
            across.violated += property.violated;
            if property.violated > 0 {
                across.violators.push(test.short_id());
            }
            for reason in &property.reasons {
                let place = across.reasons.entry(shape(&reason.reason)).or_insert_with(|| Where {
                    reason: &reason.reason,
                    runs: 0,
                    tests: Vec::new(),
                });
                place.runs += reason.runs;
                place.tests.push(test.short_id());
            }
        }
    }
    all
}

impl Across<'_> {
    fn standing(&self) -> Standing {
        Standing::of(self.held, self.not_observed, self.violated)
    }

    fn runs(&self) -> u64 {
        self.held + self.not_observed + self.violated
    }

    /// `in 3 of 150 runs: `
    fn in_runs(&self, some: u64) -> String {
        match self.runs() {
            1 => "in the only run: ".to_owned(),
            all if some == all => format!("in all {} runs: ", count(all)),
            all => format!("in {} of {}: ", count(some), plural(all, "run")),
        }
    }

    fn words(&self) -> Words {
        match self.standing() {
            Standing::Violated => {
                (self.in_runs(self.violated), format!(" ({})", named(&self.violators)))
            }
            Standing::Held => (self.in_runs(self.held), String::new()),
            Standing::HeldInPart => {
                (self.in_runs(self.held), format!("; not observed in the others: {}", self.why()))
            }
            Standing::NotObserved => (String::new(), format!(": {}", self.why())),
        }
    }

    /// The reasons, the most frequent first, and where, unless it is in all tests.
    fn why(&self) -> String {
        let mut reasons: Vec<&Where<'_>> = self.reasons.values().collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.runs));
        let words = |reason: &&Where<'_>| {
            if reason.tests.len() == self.tests {
                reason.reason.to_owned()
            } else {
                format!("{} ({})", reason.reason, named(&reason.tests))
            }
        };
        let mut told: Vec<String> = reasons.iter().take(REASONS_NAMED).map(words).collect();
        if reasons.len() > REASONS_NAMED {
            told.push(plural((reasons.len() - REASONS_NAMED) as u64, "other reason"));
        }
        told.join("; ")
    }
}

/// The first of `tests`, and how many others.
fn named(tests: &[&str]) -> String {
    if tests.len() <= TESTS_NAMED + 1 {
        return tests.join(", ");
    }
    let others = tests.len() - TESTS_NAMED;
    format!("{} and {others} other tests", tests[..TESTS_NAMED].join(", "))
}
