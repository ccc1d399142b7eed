//! What each test catches, and what no other does.

use std::collections::BTreeMap;

use serde::Serialize;

use super::bug;
use crate::account::words;
use crate::audit::{Audit, Worth};
use crate::units::count;

#[derive(Serialize)]
pub(super) struct Worths {
    /// Tests that are the only ones to catch some bug.
    alone: Vec<Alone>,
    /// The others, by suite.
    nothing_alone: Vec<Suite>,
}

/// A test, and the bugs that no other test catches.
#[derive(Serialize)]
struct Alone {
    test: String,
    caught: String,
    bugs: Vec<Link>,
}

/// The name of a bug, and the element that tells of it.
#[derive(Serialize)]
struct Link {
    id: String,
    name: String,
}

/// The tests of a suite that catch nothing alone, with how many bugs they catch.
#[derive(Serialize)]
struct Suite {
    id: String,
    tests: Vec<(String, String)>,
}

impl Worths {
    pub(super) fn of(audit: &Audit) -> Self {
        let (alone, others): (Vec<&Worth>, Vec<&Worth>) =
            audit.tests.iter().partition(|worth| !worth.alone.is_empty());
        let mut suites: BTreeMap<&str, Vec<(String, String)>> = BTreeMap::new();
        for worth in others {
            let (suite, test) = worth.test.split_once('/').unwrap_or(("", &worth.test));
            suites.entry(suite).or_default().push((words(test), count(worth.caught)));
        }
        let suite = |(id, tests)| Suite { id: words(id), tests };
        Self {
            alone: alone.into_iter().map(|worth| self::alone(worth, audit)).collect(),
            nothing_alone: suites.into_iter().map(suite).collect(),
        }
    }
}

fn alone(worth: &Worth, audit: &Audit) -> Alone {
    // Two labs may have bugs of the same name, but no tests in common.
    let ran = |of: &&crate::audit::Bug| of.by_test.iter().any(|test| test.test == worth.test);
    let its = audit.bugs.iter().filter(ran).filter(|bug| worth.alone.contains(&bug.about.name));
    Alone {
        test: words(&worth.test),
        caught: count(worth.caught),
        bugs: its.map(|bug| Link { id: bug::id(bug), name: words(&bug.about.name) }).collect(),
    }
}
