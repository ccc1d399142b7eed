//! The runs of a test as marks in a row: low for a pass, high for a failure, in between for a slow one. The height
//! says what the colour says.

use std::fmt::Write;

use serde::Serialize;

use crate::model::{SampledRun, TestReport};

/// A run that needs more than this part of a limit of its test is slow.
pub(super) const SLOW: f64 = 0.8;

/// A mark is this wide, and there is one every `STEP`.
const MARK: usize = 3;
const STEP: usize = 4;

/// Height of the row, and where marks begin, from the top.
const HEIGHT: usize = 20;
const TOP_OF_PASSED: usize = 12;
const TOP_OF_SLOW: usize = 6;

/// The row, in units of its own.
#[derive(Debug, Serialize)]
pub(super) struct Strip {
    width: usize,
    height: usize,
    /// Marks of runs that passed in good time, as the path of a drawing.
    passed: String,
    /// Marks of runs that passed and were slow.
    slow: String,
    /// Marks of runs that failed.
    failed: String,
    /// How many marks there are.
    marks: usize,
    /// How many of them are slow.
    slow_runs: usize,
}

impl Strip {
    /// The marks of a test's runs; none of no run.
    pub(super) fn of(test: &TestReport) -> Option<Self> {
        let runs = &test.sampled_runs;
        if runs.is_empty() {
            return None;
        }
        let mut strip = Self {
            width: runs.len() * STEP,
            height: HEIGHT,
            passed: String::new(),
            slow: String::new(),
            failed: String::new(),
            marks: runs.len(),
            slow_runs: 0,
        };
        for (i, run) in runs.iter().enumerate() {
            let is_slow = is_slow(run, test);
            strip.slow_runs += usize::from(run.passed && is_slow);
            let (path, top) = match (run.passed, is_slow) {
                (false, _) => (&mut strip.failed, 0),
                (true, true) => (&mut strip.slow, TOP_OF_SLOW),
                (true, false) => (&mut strip.passed, TOP_OF_PASSED),
            };
            let (x, height) = (i * STEP, HEIGHT - top);
            let _ = write!(path, "M{x} {top}h{MARK}v{height}h-{MARK}z");
        }
        Some(strip)
    }
}

/// Whether a run came close to a limit of its test.
pub(super) fn is_slow(run: &SampledRun, test: &TestReport) -> bool {
    let limits = &test.limits;
    let close = |used: Option<f64>, limit: Option<f64>| {
        used.zip(limit).is_some_and(|(used, limit)| used > SLOW * limit)
    };
    let float = |number: Option<u64>| number.map(|number| number as f64);
    close(run.virtual_s, limits.time_s)
        || close(float(run.rpcs), float(limits.rpcs))
        || close(float(run.bytes), float(limits.bytes))
}
