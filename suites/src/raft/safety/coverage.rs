//! How closely a run was watched: a property that was not observed never counts as holding.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::property::Property;
use crate::Watched;

/// Most methods that are named where traffic was not understood.
const NAMED_METHODS: usize = 3;

/// Counts what was checked, and what could not be.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    checks: [u64; Property::ALL.len()],
    /// Calls by method whose meaning is not known: other methods, and messages that are not what the
    /// contract says.
    unknown: BTreeMap<Box<str>, u64>,
}

impl Coverage {
    /// Something was seen that could have violated `property`.
    pub(super) fn count(&mut self, property: Property) {
        self.checks[property as usize] += 1;
    }

    /// A call of a method was seen that may carry anything.
    pub(super) fn unknown_call(&mut self, method: &str) {
        match self.unknown.get_mut(method) {
            Some(calls) => *calls += 1,
            None => {
                self.unknown.insert(method.into(), 1);
            }
        }
    }

    /// Whether all that servers told each other was understood so far.
    pub(super) fn is_whole(&self) -> bool {
        self.unknown.is_empty()
    }

    /// The account for each property. `tapped` says whether traffic was watched at all.
    pub(super) fn watched(&self, tapped: bool) -> Vec<Watched> {
        let not_observed = |property: Property| match property.needs_whole_traffic() {
            true if !tapped => Some("the traffic was not watched".to_owned()),
            true if !self.is_whole() => Some(self.unknown_methods()),
            _ => None,
        };
        let watched = |property: Property| Watched {
            property: property.name(),
            checks: self.checks[property as usize],
            not_observed: not_observed(property),
        };
        Property::ALL.into_iter().map(watched).collect()
    }

    /// "servers also speak Raft.Install (12 calls), whose meaning is not known"
    fn unknown_methods(&self) -> String {
        let mut text = "servers also speak ".to_owned();
        for (i, (method, calls)) in self.unknown.iter().take(NAMED_METHODS).enumerate() {
            let separator = if i == 0 { "" } else { ", " };
            let plural = if *calls == 1 { "" } else { "s" };
            let _ = write!(text, "{separator}{method} ({calls} call{plural})");
        }
        if self.unknown.len() > NAMED_METHODS {
            text.push_str(" and others");
        }
        text.push_str(", whose meaning is not known");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traffic_that_is_not_understood_leaves_properties_unobserved() {
        let mut coverage = Coverage::default();
        coverage.count(Property::CommitRule);
        coverage.count(Property::NoGaps);
        let reason = |coverage: &Coverage, property: Property| {
            let watched = coverage.watched(true);
            watched[property as usize].not_observed.clone()
        };
        assert_eq!(reason(&coverage, Property::CommitRule), None);
        coverage.unknown_call("Raft.Install");
        assert_eq!(
            reason(&coverage, Property::CommitRule).as_deref(),
            Some("servers also speak Raft.Install (1 call), whose meaning is not known")
        );
        assert_eq!(reason(&coverage, Property::NoGaps), None);
    }

    #[test]
    fn every_property_has_its_place() {
        for (place, property) in Property::ALL.into_iter().enumerate() {
            assert_eq!(property as usize, place);
        }
    }
}
