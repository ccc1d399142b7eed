//! How many runs at a time.
//!
//! A run on the simulated clock keeps one core busy. One on the real clock mostly sleeps (the reference
//! Raft uses some 2 % of a core), so several go to a core, and enough is left for timing tolerances. One that
//! keeps the machine busy on the real clock runs alone, whatever was asked for: another beside it would make
//! it too slow, and the verdict wrong.

use protocol::Clock;

use crate::cli::values::Count;
use crate::exit::{Outcome, Stop};

/// Most runs at a time: each has a thread and a few pipes here.
const JOBS_MAX: u64 = 256;

/// Runs at a time for each core on the real clock.
const REAL_PER_CORE: usize = 4;

/// How much of the machine a run takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Load {
    /// One core.
    Core,
    /// A part of a core.
    Light,
    /// All of it.
    Alone,
}

impl Load {
    /// That of a run on `clock`; `busy` says that it keeps more than one core busy on the real one.
    pub(crate) fn of(clock: Clock, busy: bool) -> Self {
        match (clock, busy) {
            (Clock::Sim, _) => Self::Core,
            (Clock::Real, false) => Self::Light,
            (Clock::Real, true) => Self::Alone,
        }
    }
}

/// How many runs at a time, in shares of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Jobs {
    /// This many, whatever each of them needs.
    Given(usize),
    /// As many as this number of cores has room for.
    Cores(usize),
}

impl Jobs {
    /// What was asked for, or else what the machine has room for.
    pub(crate) fn new(given: Option<Count>) -> Outcome<Self> {
        match given.map(Count::get) {
            Some(jobs) if jobs > JOBS_MAX => {
                Err(Stop::usage(format!("--jobs {jobs} is too many: {JOBS_MAX} at most")))
            }
            Some(jobs) => Ok(Self::Given(jobs as usize)),
            None => Ok(Self::Cores(std::thread::available_parallelism().map_or(1, usize::from))),
        }
    }

    /// The shares that there are.
    pub(crate) fn shares(self) -> usize {
        match self {
            Self::Given(jobs) => jobs,
            Self::Cores(cores) => cores * REAL_PER_CORE,
        }
    }

    /// The shares that a run takes.
    pub(crate) fn share(self, load: Load) -> usize {
        match (self, load) {
            (_, Load::Alone) => self.shares(),
            (Self::Given(_), _) | (_, Load::Light) => 1,
            (Self::Cores(_), Load::Core) => REAL_PER_CORE,
        }
    }

    /// Most runs at a time when each of them is one of `loads`; at least 1.
    pub(crate) fn at_most(self, loads: impl IntoIterator<Item = Load>) -> usize {
        let most = loads.into_iter().map(|load| self.shares() / self.share(load)).max();
        most.unwrap_or(1).max(1)
    }

    /// Runs at a time on the simulated clock.
    pub(crate) fn simulated(self) -> usize {
        self.at_most([Load::Core])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sleeps_shares_a_core_and_what_is_busy_runs_alone() {
        let jobs = Jobs::Cores(2);
        assert_eq!(jobs.at_most([Load::Core]), 2);
        assert_eq!(jobs.at_most([Load::Core, Load::Light]), 8);
        assert_eq!(jobs.at_most([Load::Alone]), 1);
    }

    #[test]
    fn what_is_given_holds_for_all_but_what_runs_alone() {
        let jobs = Jobs::Given(5);
        assert_eq!(jobs.at_most([Load::Core]), 5);
        assert_eq!(jobs.at_most([Load::Light]), 5);
        assert_eq!(jobs.at_most([Load::Alone]), 1);
    }
}
