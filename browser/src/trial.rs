//! Tests that need a browser.

use libtest_mimic::Trial;

use crate::kit::{Kit, VARIABLE};

/// A test: its name, and what it does with the programs that were found.
pub type Test = (&'static str, fn(&Kit));

/// The tests as trials. Without a browser they count as ignored and one line on standard error says so and how to get
/// one; where it is required, they fail with that line.
pub fn trials(tests: &[Test]) -> Vec<Trial> {
    let kit = Kit::find();
    let is_required = Kit::is_required();
    if let (Err(missing), false) = (&kit, is_required) {
        let many = tests.len();
        eprintln!(
            "skipped: {many} tests in a browser: {missing}; {VARIABLE}=require makes it an error"
        );
    }
    let trial = |&(name, check): &Test| {
        let kit = kit.clone();
        let is_skipped = kit.is_err() && !is_required;
        let trial = Trial::test(name, move || {
            check(&kit?);
            Ok(())
        });
        trial.with_ignored_flag(is_skipped)
    };
    tests.iter().map(trial).collect()
}
