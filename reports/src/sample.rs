//! Minimum, median and maximum of many runs, in bounded memory and whatever their order.
//!
//! Minima, maxima and sums are exact. Medians are taken of the runs kept: all of them up to
//! [`SAMPLE_CAP`], beyond that a fair sample of so many: those whose iterations have the least
//! hash. Every run is as likely to be kept as any other, and which ones are does not depend on the
//! order in which they ended.
//!
//! Figures are whole numbers throughout (microseconds for times), so that sums do not depend on
//! order either.

use std::collections::BTreeMap;

use crate::model::{SampledRun, Seed, Spread};
use crate::outcome::RunOutcome;

/// Most runs of a test that are kept one by one.
pub const SAMPLE_CAP: usize = 1_000;

/// What is measured of a run, as a column of [`Sample`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Microseconds on the clock in use.
    Virtual,
    /// Wall microseconds.
    Wall,
    /// CPU microseconds.
    Cpu,
    /// RPCs sent.
    Rpcs,
    /// Bytes, encoded.
    Bytes,
    /// Log entries committed.
    Commits,
}

const COLUMNS: usize = 6;

/// One run that is kept.
#[derive(Clone, Debug)]
struct Kept {
    iteration: u64,
    seed: Seed,
    passed: bool,
    /// Arrival number of its failure's group.
    group: Option<usize>,
    figures: [Option<u64>; COLUMNS],
}

/// Exact extremes and sum of a column.
#[derive(Clone, Copy, Debug)]
struct Extremes {
    min: u64,
    max: u64,
    sum: u128,
}

/// The figures of a test's runs.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    extremes: [Option<Extremes>; COLUMNS],
    /// By the hash of the iteration, at most [`SAMPLE_CAP`].
    kept: BTreeMap<u64, Kept>,
}

impl Sample {
    /// Takes in a run; `group` is the arrival number of its failure's group.
    pub fn add(&mut self, outcome: &RunOutcome, passed: bool, group: Option<usize>) {
        let figures = figures(outcome);
        for (extremes, figure) in self.extremes.iter_mut().zip(figures) {
            if let Some(figure) = figure {
                *extremes = Some(Extremes::with(*extremes, figure));
            }
        }
        let (iteration, seed) = (outcome.iteration, Seed(outcome.seed));
        self.kept.insert(mix(iteration), Kept { iteration, seed, passed, group, figures });
        if self.kept.len() > SAMPLE_CAP {
            self.kept.pop_last();
        }
    }

    /// Spread of a column that counts; `None` where no run has a figure.
    pub fn counts(&self, column: Column) -> Option<Spread<u64>> {
        let extremes = self.extremes[column as usize]?;
        Some(extremes.spread(self.kept.values().filter_map(|run| run.figures[column as usize])))
    }

    /// Spread of a column of times, in seconds.
    pub fn seconds(&self, column: Column) -> Option<Spread<f64>> {
        self.counts(column).map(in_seconds)
    }

    /// Sum of a column over all runs.
    pub fn sum(&self, column: Column) -> u128 {
        self.extremes[column as usize].map_or(0, |extremes| extremes.sum)
    }

    /// The runs kept, in the order of their iterations; `places` gives the index of a failure by its
    /// arrival number.
    pub fn listed(&self, places: &[usize]) -> Vec<SampledRun> {
        let mut runs: Vec<SampledRun> = self.kept.values().map(|run| run.listed(places)).collect();
        runs.sort_unstable_by_key(|run| run.iteration);
        runs
    }
}

impl Kept {
    fn listed(&self, places: &[usize]) -> SampledRun {
        let figure = |column: Column| self.figures[column as usize];
        SampledRun {
            iteration: self.iteration,
            seed: self.seed,
            passed: self.passed,
            failure: self.group.map(|group| places[group]),
            virtual_s: figure(Column::Virtual).map(seconds),
            wall_s: figure(Column::Wall).map_or(0.0, seconds),
            cpu_s: figure(Column::Cpu).map(seconds),
            rpcs: figure(Column::Rpcs),
            bytes: figure(Column::Bytes),
            commits: figure(Column::Commits),
        }
    }
}

impl Extremes {
    fn with(so_far: Option<Self>, figure: u64) -> Self {
        let Self { min, max, sum } = so_far.unwrap_or(Self { min: figure, max: figure, sum: 0 });
        Self { min: min.min(figure), max: max.max(figure), sum: sum + u128::from(figure) }
    }

    /// With the median of the figures that were kept.
    fn spread(self, kept: impl Iterator<Item = u64>) -> Spread<u64> {
        let Self { min, max, .. } = self;
        let mut figures: Vec<u64> = kept.collect();
        if figures.is_empty() {
            // So few runs have a figure that none was kept: better their middle than nothing.
            return Spread { min, median: u64::midpoint(min, max), max };
        }
        let middle = (figures.len() - 1) / 2;
        let (_, &mut median, _) = figures.select_nth_unstable(middle);
        Spread { min, median, max }
    }
}

/// One figure of each iteration.
#[derive(Clone, Debug, Default)]
pub(crate) struct Series {
    extremes: Option<Extremes>,
    /// By the hash of the iteration, at most [`SAMPLE_CAP`].
    kept: BTreeMap<u64, u64>,
}

impl Series {
    /// Takes in the figure of an iteration.
    pub(crate) fn add(&mut self, iteration: u64, figure: u64) {
        self.extremes = Some(Extremes::with(self.extremes, figure));
        self.kept.insert(mix(iteration), figure);
        if self.kept.len() > SAMPLE_CAP {
            self.kept.pop_last();
        }
    }

    /// The spread; `None` of no figure.
    pub(crate) fn spread(&self) -> Option<Spread<u64>> {
        self.extremes.map(|extremes| extremes.spread(self.kept.values().copied()))
    }
}

/// The run's figures, by [`Column`].
fn figures(outcome: &RunOutcome) -> [Option<u64>; COLUMNS] {
    let record = outcome.record.as_ref();
    [
        record.map(|record| micros(record.virtual_s)),
        Some(micros(outcome.wall_s)),
        outcome.cpu_s.or(record.map(|record| record.cpu_s)).map(micros),
        record.map(|record| record.rpcs),
        record.map(|record| record.bytes),
        record.map(|record| record.commits),
    ]
}

/// Whole microseconds; what is no duration (negative, `NaN`) is none.
pub(crate) fn micros(seconds: f64) -> u64 {
    (seconds * 1e6).round() as u64
}

/// Seconds from microseconds.
pub(crate) fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}

/// A spread of microseconds in seconds.
pub(crate) fn in_seconds(spread: Spread<u64>) -> Spread<f64> {
    let Spread { min, median, max } = spread;
    Spread { min: seconds(min), median: seconds(median), max: seconds(max) }
}

/// Scatters iterations over all 64 bits, one to one (the finaliser of `SplitMix64`).
fn mix(iteration: u64) -> u64 {
    let mut z = iteration.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
