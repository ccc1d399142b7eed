//! Checks that say what was expected and what was seen.

use std::fmt::Debug;

use crate::Failure;

/// Checks that `seen` is as `expected`.
pub(crate) fn equal<T: PartialEq + Debug>(what: &str, seen: T, expected: T) -> Result<(), Failure> {
    check(seen == expected, || format!("{what}: expected {expected:?}, saw {seen:?}"))
}

/// Checks a condition on something seen.
pub(crate) fn that(holds: bool, expected: &str, seen: impl Debug) -> Result<(), Failure> {
    check(holds, || format!("expected {expected}, saw {seen:?}"))
}

/// Fails with `message` unless it is `right`.
pub(crate) fn check(right: bool, message: impl FnOnce() -> String) -> Result<(), Failure> {
    if right { Ok(()) } else { Err(Failure::new(message())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_was_expected_and_what_was_seen() {
        let failure = equal("next index", 3, 4).unwrap_err();
        assert_eq!(failure.message, "next index: expected 4, saw 3");
        let failure = that(false, "a leader", 7).unwrap_err();
        assert_eq!(failure.message, "expected a leader, saw 7");
    }
}
