//! What is not written yet: each place once, with the tests that wait for it.

use super::Page;
use super::text::{Ink, plain};
use crate::model::{FailureGroup, Report, TestReport};
use crate::units::plural;
use crate::verdict::TestVerdict;

/// Most places that are shown; they are in the order of the tests, so the first is what to write next.
const PLACES_SHOWN: usize = 10;

/// Most tests that are named at a place.
const TESTS_NAMED: usize = 6;

/// A place that runs reached.
struct Place<'a> {
    failure: &'a FailureGroup,
    /// Ids of the tests that reached it in every one of their runs.
    tests: Vec<&'a str>,
}

/// Whether `test` was run and found nothing but code that is not written.
pub(crate) fn is_unwritten(test: &TestReport) -> bool {
    test.verdict == TestVerdict::NotImplemented && test.runs > 0
}

/// The places of all tests.
pub(super) fn section(page: &mut Page, report: &Report) {
    let places = places(report);
    if places.is_empty() {
        return;
    }
    page.blank();
    page.inked(Ink::Bold, "not written yet, and the tests that reach it:");
    for place in places.iter().take(PLACES_SHOWN) {
        page.blank();
        describe(page, place);
    }
    if let Some(more) = places.len().checked_sub(PLACES_SHOWN).filter(|more| *more > 0) {
        page.blank();
        page.wrapped(2, &format!("and {}", plural(more as u64, "more place")));
    }
}

fn places(report: &Report) -> Vec<Place<'_>> {
    let mut places: Vec<Place<'_>> = Vec::new();
    for test in report.tests().filter(|test| is_unwritten(test)) {
        for failure in &test.failures {
            let same = |place: &&mut Place<'_>| {
                let known = place.failure;
                (&known.location, &known.message) == (&failure.location, &failure.message)
            };
            match places.iter_mut().find(same) {
                Some(place) => place.tests.push(&test.id),
                None => places.push(Place { failure, tests: vec![&test.id] }),
            }
        }
    }
    places
}

fn describe(page: &mut Page, place: &Place<'_>) {
    let FailureGroup { message, location, .. } = place.failure;
    let location = location.as_deref().map_or_else(String::new, |at| plain(at) + ": ");
    page.wrapped(2, &format!("{location}{message}"));
    let named = place.tests.iter().take(TESTS_NAMED).map(|id| plain(id));
    let mut words = named.collect::<Vec<_>>().join(", ");
    if let Some(more) = place.tests.len().checked_sub(TESTS_NAMED).filter(|more| *more > 0) {
        words = format!("{words}, and {more} more");
    }
    page.wrapped(4, &format!("{}: {words}", plural(place.tests.len() as u64, "test")));
}
