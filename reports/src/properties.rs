//! What the runs of a test say about the properties that must hold at every moment.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{Failure, Observation, Record};

use crate::distinct::Distinct;
use crate::model::{PropertyReport, Reason};
use crate::verdict::Standing;

/// Most properties of a test that are kept.
const PROPERTY_CAP: usize = 50;

/// Why runs say nothing that left no record, or one without the property.
const NO_WORD: &str = "the run ended without a word about it";

/// The properties of a test.
#[derive(Clone, Debug, Default)]
pub struct Properties(BTreeMap<String, Tally>);

/// The runs of a test, by what they say about one property.
#[derive(Clone, Debug, Default)]
struct Tally {
    /// The least place that it has in a record, so that reports list properties as records do.
    place: usize,
    held: u64,
    not_observed: u64,
    violated: u64,
    checks: u64,
    reasons: Distinct,
}

impl Properties {
    /// Takes in what run number `run`, which passed or failed, says by its record, if it left one.
    pub fn add(&mut self, run: u64, record: Option<&Record>, failure: Option<&Failure>) {
        let watched = record.map_or(&[][..], |record| &record.watched);
        let mut seen = BTreeSet::new();
        for (place, watched) in watched.iter().enumerate() {
            let property = watched.property.as_str();
            if seen.insert(property) {
                let observation = watched.observation(failure);
                self.count(property, place, observation, watched.checks, run);
            }
        }
        let violated = failure.and_then(Failure::violated);
        if let Some(property) = violated.filter(|property| !seen.contains(property)) {
            self.count(property, usize::MAX, Observation::Violated, 0, run);
        }
    }

    fn count(
        &mut self,
        property: &str,
        place: usize,
        observation: Observation<'_>,
        checks: u64,
        iteration: u64,
    ) {
        if self.0.len() == PROPERTY_CAP && !self.0.contains_key(property) {
            return;
        }
        let tally = self
            .0
            .entry(property.to_owned())
            .or_insert_with(|| Tally { place, ..Tally::default() });
        tally.place = tally.place.min(place);
        tally.checks = tally.checks.saturating_add(checks);
        match observation {
            Observation::Held => tally.held += 1,
            Observation::Violated => tally.violated += 1,
            Observation::NotObserved(reason) => {
                tally.not_observed += 1;
                tally.reasons.add(iteration, [reason]);
            }
        }
    }

    /// The properties, in the order of the records. A run of the test's `runs` that did not speak of
    /// a property did not observe it.
    pub fn listed(&self, runs: u64) -> Vec<PropertyReport> {
        let mut properties: Vec<_> = self.0.iter().collect();
        properties.sort_by_key(|(_, tally)| tally.place);
        properties.into_iter().map(|(property, tally)| tally.listed(property, runs)).collect()
    }
}

impl Tally {
    fn listed(&self, property: &str, runs: u64) -> PropertyReport {
        let Self { held, violated, checks, .. } = *self;
        let silent = runs - held - self.not_observed - violated;
        let not_observed = self.not_observed + silent;
        let mut reasons: Vec<Reason> =
            self.reasons.listed().into_iter().map(Reason::from).collect();
        if silent > 0 {
            reasons.push(Reason { reason: NO_WORD.to_owned(), runs: silent });
            reasons.sort_by_key(|reason| std::cmp::Reverse(reason.runs));
        }
        PropertyReport {
            property: property.to_owned(),
            standing: Standing::of(held, not_observed, violated),
            held,
            not_observed,
            violated,
            checks,
            reasons,
        }
    }
}
