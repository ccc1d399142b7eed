//! When to stop running what will not pass.
//!
//! Most failures take milliseconds, and the rate at which a test fails is worth knowing. One that hangs takes
//! seconds, each time, and of a class of three hundred some always do. So where somebody has little patience, a
//! test of which a run hung, and none passed, is given up; and so is a submission of which several
//! runs hung and none passed. Nothing that passes now and then is ever given up.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use protocol::FailureKind;
use runner::RunResult;

/// So many runs that hung, and none that passed, and the whole submission is given up.
const HOPELESS: usize = 8;

/// How much is known of the tests of a session, towards giving them up.
#[derive(Debug)]
pub(crate) struct Patience {
    /// Whether it ends at all.
    ends: bool,
    tests: Vec<Known>,
    /// Runs that hung, of all tests.
    hung: AtomicUsize,
    /// Whether some run of some test passed.
    passed: AtomicBool,
}

/// What is known of one test.
#[derive(Debug, Default)]
struct Known {
    hung: AtomicBool,
    passed: AtomicBool,
}

/// Whether a run ended only because it was ended: it would have gone on taking time, memory or disk.
fn hung(kind: FailureKind) -> bool {
    use FailureKind::{BlockedOutside, Disk, EndlessLoop, Killed, Memory};
    matches!(kind, EndlessLoop | BlockedOutside | Killed | Memory | Disk)
}

impl Patience {
    /// With `tests` tests; `ends` says whether any is ever given up.
    pub(crate) fn new(tests: usize, ends: bool) -> Self {
        let tests = std::iter::repeat_with(Known::default).take(tests).collect();
        Self { ends, tests, hung: AtomicUsize::new(0), passed: AtomicBool::new(false) }
    }

    /// Takes notice of a run of the test with this index.
    pub(crate) fn notice(&self, test: usize, result: &RunResult) {
        let known = &self.tests[test];
        if result.passed() {
            known.passed.store(true, Ordering::Relaxed);
            self.passed.store(true, Ordering::Relaxed);
        } else if result.failure().is_some_and(|failure| hung(failure.kind)) {
            known.hung.store(true, Ordering::Relaxed);
            self.hung.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Whether no further run of the test is worth its time.
    pub(crate) fn gave_up(&self, test: usize) -> bool {
        let Known { hung, passed } = &self.tests[test];
        let test = hung.load(Ordering::Relaxed) && !passed.load(Ordering::Relaxed);
        self.ends && (test || self.gave_up_all())
    }

    /// Whether no further run of any test is.
    pub(crate) fn gave_up_all(&self) -> bool {
        let hopeless = self.hung.load(Ordering::Relaxed) >= HOPELESS;
        self.ends && hopeless && !self.passed.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use protocol::Failure;
    use runner::{Ending, Log};

    use super::*;

    fn result(ending: Ending) -> RunResult {
        RunResult { ending, record: None, exit: String::new(), wall_s: 0.0, log: Log::default() }
    }

    fn failed(kind: FailureKind) -> RunResult {
        result(Ending::Failed(Failure::new(kind, "x")))
    }

    #[test]
    fn a_test_that_hung_is_given_up_unless_it_passed() {
        let patience = Patience::new(3, true);
        patience.notice(0, &failed(FailureKind::EndlessLoop));
        patience.notice(1, &failed(FailureKind::Check));
        patience.notice(2, &result(Ending::Passed));
        patience.notice(2, &failed(FailureKind::Killed));
        assert_eq!([0, 1, 2].map(|test| patience.gave_up(test)), [true, false, false]);
        assert!(!patience.gave_up_all());
    }

    #[test]
    fn a_submission_that_only_hangs_is_given_up() {
        let patience = Patience::new(20, true);
        (0..HOPELESS).for_each(|test| patience.notice(test, &failed(FailureKind::Killed)));
        assert!(patience.gave_up(19) && patience.gave_up_all());
        patience.notice(19, &result(Ending::Passed));
        assert!(!patience.gave_up(19));
    }

    #[test]
    fn who_is_patient_gives_nothing_up() {
        let patience = Patience::new(1, false);
        (0..100).for_each(|_| patience.notice(0, &failed(FailureKind::Killed)));
        assert!(!patience.gave_up(0) && !patience.gave_up_all());
    }
}
