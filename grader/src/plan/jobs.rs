//! How many runs at a time: as many as the machine has room for ([`runner::shares`]), or as many as were
//! asked for. One that keeps the machine busy on the real clock runs alone in either case.

use runner::shares::{self, Load};

use crate::cli::values::Count;
use crate::exit::{Outcome, Stop};

/// Most runs at a time: each has a thread and a few pipes here.
const JOBS_MAX: u64 = 256;

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
            None => Ok(Self::Cores(shares::cores())),
        }
    }

    /// The shares that there are.
    pub(crate) fn shares(self) -> usize {
        match self {
            Self::Given(jobs) => jobs,
            Self::Cores(cores) => cores * shares::PER_CORE,
        }
    }

    /// The shares that a run takes.
    pub(crate) fn share(self, load: Load) -> usize {
        match (self, load) {
            (Self::Given(_), Load::Core | Load::Light | Load::Slight) => 1,
            _ => load.share(self.shares()),
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
        assert_eq!(jobs.at_most([Load::Slight]), 16);
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
