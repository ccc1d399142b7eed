//! One run: drawn, made, and the way in which it fails.

use std::sync::Arc;

use protocol::{Clock, Failure, FailureKind, Limits, PROTOCOL, Policy, Request};
use reports::groups::Key;
use runner::shares::Shares;
use runner::{Allowance, CancelToken, Program, RunResult};
use scenario::{Options, Scenario};

use crate::plan::seeds;
use crate::session::EXPLORE;
use crate::session::pool::{self, Message, Work};

/// One run, to the last detail.
#[derive(Clone, Debug)]
pub(crate) struct Mission {
    /// What is done to the cluster.
    pub(crate) scenario: Arc<Scenario>,
    /// Seed of every choice of the run.
    pub(crate) seed: u64,
    /// Who runs next.
    pub(crate) policy: Policy,
}

/// Policies of which each run draws one. Few delays leave a run much as the network makes it; many let
/// threads overtake each other everywhere. With PCT a thread may wait very long for another.
const POLICIES: [Policy; 9] = [
    Policy::Random { delay_one_in: 0 },
    Policy::Random { delay_one_in: 10 },
    Policy::Random { delay_one_in: 40 },
    Policy::Random { delay_one_in: 40 },
    Policy::Random { delay_one_in: 200 },
    Policy::Random { delay_one_in: 1000 },
    Policy::Pct { depth: 1, length: PCT_LENGTH },
    Policy::Pct { depth: 3, length: PCT_LENGTH },
    Policy::Pct { depth: 10, length: PCT_LENGTH },
];
/// Steps over which PCT spreads its changes: about what a run takes.
const PCT_LENGTH: u64 = 50_000;

impl Mission {
    /// Run number `run`, from 0, of the exploration with this base seed.
    pub(crate) fn draw(base: u64, run: u64, options: &Options, policy: Option<Policy>) -> Self {
        let seed = seeds::of_run(base, EXPLORE, run);
        let scenario = Arc::new(Scenario::draw(seed, options));
        Self { scenario, seed, policy: policy.unwrap_or_else(|| policy_of(seed)) }
    }

    /// The same scenario on another schedule. Number 0 is this mission itself; even numbers have its
    /// policy.
    pub(crate) fn variation(&self, number: u64) -> Self {
        if number == 0 {
            return self.clone();
        }
        let seed = seeds::of_run(self.seed, "shrink", number);
        let policy = if number.is_multiple_of(2) { self.policy } else { policy_of(seed) };
        Self { scenario: Arc::clone(&self.scenario), seed, policy }
    }

    /// This schedule, as far as it is one, with another scenario.
    pub(crate) fn with(&self, scenario: Scenario) -> Self {
        Self { scenario: Arc::new(scenario), ..self.clone() }
    }
}

fn policy_of(seed: u64) -> Policy {
    let draw = seeds::of_run(seed, "policy", 0);
    POLICIES[(draw % POLICIES.len() as u64) as usize]
}

/// The way in which a run fails. A violated property and missing progress are the same whatever the
/// words say; of other failures the words count, without the numbers in them.
pub(crate) fn way(failure: &Failure) -> Key {
    let property = failure.property.clone();
    if property.is_none() && failure.kind != FailureKind::Liveness {
        return Key::of(failure);
    }
    Key::of(&Failure { property, ..Failure::new(failure.kind, "") })
}

/// Whether a failure says nothing about the submission.
pub(crate) fn is_undetermined(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::Internal | FailureKind::Killed)
}

/// Whether a run is what was looked for.
pub(crate) fn is_violation(result: &RunResult) -> bool {
    result.failure().is_some_and(|failure| !is_undetermined(failure))
}

/// Who makes the runs.
#[derive(Debug)]
pub(crate) struct Crew {
    /// The harness.
    pub(crate) program: Program,
    /// Runs at a time.
    pub(crate) jobs: usize,
}

impl Crew {
    /// Makes the runs that `next` gives, each known by a number, and hands each end to `on_end`, until
    /// there is no next or `cancel` stops it. `notice` sees each end before the next run begins in its
    /// place.
    pub(crate) fn make(
        &self,
        next: impl Fn() -> Option<(u64, Mission)> + Sync,
        notice: impl Fn(&RunResult) + Sync,
        cancel: &CancelToken,
        mut on_end: impl FnMut(u64, Mission, RunResult),
    ) {
        let allowance = Allowance::for_test(Clock::Sim, 0.0);
        let missions = Missions { crew: self, next, notice, allowance };
        pool::run(&missions, self.jobs as u64, &Shares::new(self.jobs), cancel, |message| {
            if let Message::Finished((number, mission), result) = message {
                on_end(number, mission, *result);
            }
        });
    }

    /// Makes one run; none when `cancel` stopped it.
    pub(crate) fn make_one(&self, mission: &Mission, cancel: &CancelToken) -> Option<RunResult> {
        let taken = std::sync::atomic::AtomicBool::new(false);
        let mut ended = None;
        let once = || {
            let first = !taken.swap(true, std::sync::atomic::Ordering::Relaxed);
            first.then(|| (0, mission.clone()))
        };
        self.make(once, |_| {}, cancel, |_, _, result| ended = Some(result));
        ended
    }
}

/// Missions as the pool takes them.
struct Missions<'a, N, E> {
    crew: &'a Crew,
    next: N,
    notice: E,
    allowance: Allowance,
}

impl<N, E> Work for Missions<'_, N, E>
where
    N: Fn() -> Option<(u64, Mission)> + Sync,
    E: Fn(&RunResult) + Sync,
{
    type Job = (u64, Mission);

    fn take(&self) -> Option<Self::Job> {
        (self.next)()
    }

    fn share(&self, _: &Self::Job) -> usize {
        1
    }

    fn program(&self) -> &Program {
        &self.crew.program
    }

    fn request(&self, (_, mission): &Self::Job, nonce: String) -> Request {
        Request {
            protocol: PROTOCOL,
            nonce,
            test: EXPLORE.to_owned(),
            seed: mission.seed,
            clock: Clock::Sim,
            policy: mission.policy,
            vlevel: 0,
            trace: None,
            scenario: Some(mission.scenario.to_string()),
            limits: Limits::default(),
        }
    }

    fn allowance(&self, _: &Self::Job) -> &Allowance {
        &self.allowance
    }

    fn ended(&self, _: &Self::Job, result: &RunResult, _: &CancelToken) {
        (self.notice)(result);
    }
}

#[cfg(test)]
mod tests {
    use FailureKind::{Check, Liveness, Safety};

    use super::*;

    #[test]
    fn a_violated_property_is_the_same_whatever_the_words_say() {
        let of = |kind, property: Option<&str>, message: &str| {
            let property = property.map(str::to_owned);
            way(&Failure { property, ..Failure::new(kind, message) })
        };
        let election = of(Safety, Some("election safety"), "servers 1 and 2 lead term 3");
        assert_eq!(election, of(Safety, Some("election safety"), "two leaders in term 4"));
        assert_ne!(election, of(Safety, Some("log matching"), "servers 1 and 2 lead term 3"));
        assert_eq!(of(Liveness, None, "a"), of(Liveness, None, "b"));
        assert_eq!(of(Check, None, "index 1"), of(Check, None, "index 2"));
        assert_ne!(of(Check, None, "a"), of(Check, None, "b"));
    }

    #[test]
    fn a_run_follows_from_the_base_seed_and_its_number() {
        let options = Options::default();
        let drawn = |base, run| {
            let Mission { scenario, seed, policy } = Mission::draw(base, run, &options, None);
            (scenario.to_string(), seed, policy.to_string())
        };
        assert_eq!(drawn(7, 3), drawn(7, 3));
        assert_ne!(drawn(7, 3), drawn(7, 4));
        assert_ne!(drawn(7, 3), drawn(8, 3));
    }
}
