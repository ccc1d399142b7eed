//! What each test catches, and what no other test does.

use serde::{Deserialize, Serialize};

use super::bug::Bug;

/// A test, and the bugs that it catches with 99 % in as many iterations as there were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worth {
    /// Its full id.
    pub test: String,
    /// Bugs that it catches.
    pub caught: u64,
    /// Names of those that no other test catches.
    pub alone: Vec<String>,
}

/// What each test catches of `bugs`; `count` says how many iterations there were for the bugs of a lab. In the order in
/// which the tests were run.
pub fn worths(bugs: &[Bug], count: impl Fn(&str) -> u64) -> Vec<Worth> {
    let mut worths: Vec<Worth> = Vec::new();
    for test in bugs.iter().flat_map(|bug| &bug.by_test) {
        if !worths.iter().any(|known| known.test == test.test) {
            worths.push(Worth { test: test.test.clone(), caught: 0, alone: Vec::new() });
        }
    }
    for bug in bugs {
        let tests: Vec<&str> = bug.caught_by(count(&bug.about.lab)).collect();
        for worth in worths.iter_mut().filter(|worth| tests.contains(&worth.test.as_str())) {
            worth.caught += 1;
            if tests.len() == 1 {
                worth.alone.push(bug.about.name.clone());
            }
        }
    }
    worths
}
