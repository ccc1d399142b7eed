//! What happens in a session, as one stream. The terminal only consumes it.

use protocol::Figures;
use reports::{Noted, RunOutcome, TestVerdict};

use super::Session;
use super::queue::Job;

/// Something that happened.
pub(crate) enum Event<'a> {
    /// The session is about to start its first run.
    Started(&'a Session),
    /// A run began.
    RunStarted {
        /// Which.
        job: Job,
        /// Its seed.
        seed: u64,
    },
    /// A run ended.
    RunFinished {
        /// Which.
        job: Job,
        /// How.
        outcome: &'a RunOutcome,
        /// What that means for its test.
        noted: Noted,
    },
    /// The last run of a test ended.
    TestDecided {
        /// Index of the test.
        test: usize,
        /// What its runs amount to.
        verdict: TestVerdict,
        /// Its runs.
        runs: u64,
        /// Those of them that failed.
        failed: u64,
        /// What a run of it took, the median of each figure; none where no run left a record.
        figures: Option<Figures>,
    },
    /// No further run will come.
    Ended,
}

/// Someone who wants to know.
pub(crate) trait Reporter {
    /// Takes notice of `event`.
    fn see(&mut self, event: &Event<'_>);
}
