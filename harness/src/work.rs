//! What a run is to do: a test of a suite, or a scenario of an exploration.

use labrpc::Knobs;
use protocol::{Limits, Request};
use scenario::Scenario;
use suites::{Context, Failure, Needs, Suite, Test, explore};

use crate::{Harness, own_limits};

/// What a run is to do.
pub(crate) enum Work {
    /// A test of a suite.
    Test(&'static Suite, &'static Test),
    /// A scenario.
    Scenario(Scenario),
}

/// What a scenario may take beyond its safety phase and the time for recovery, in seconds on the clock in
/// use: calls into a submission that wait although they must not.
const MARGIN_S: f64 = 30.0;

impl Work {
    /// What `request` names.
    ///
    /// # Errors
    /// One line that says what this harness does not know.
    pub(crate) fn find(harness: Harness, request: &Request) -> Result<Self, String> {
        if let Some(scenario) = &request.scenario {
            let scenario = scenario.parse();
            return scenario.map(Self::Scenario).map_err(|why| format!("no scenario: {why}"));
        }
        let found = harness.find(&request.test);
        let (suite, test) =
            found.ok_or_else(|| format!("this harness has no test `{}`", request.test))?;
        Ok(Self::Test(suite, test))
    }

    /// What it may use, by its own account.
    pub(crate) fn own_limits(&self) -> Limits {
        match self {
            Self::Test(_, test) => own_limits(test),
            Self::Scenario(scenario) => {
                let safety_s = f64::from(scenario.until.0) / 1000.0;
                let recovery_s = (explore::RECOVERY + explore::HANGING).as_secs_f64();
                let time_s = safety_s + recovery_s + MARGIN_S;
                Limits { time_s: Some(time_s), ..Limits::default() }
            }
        }
    }

    /// What it needs of the submission.
    pub(crate) fn needs(&self) -> Needs {
        match self {
            Self::Test(suite, _) => suite.needs,
            Self::Scenario(_) => Needs::Raft,
        }
    }

    /// The only clock that it runs on; none where either will do.
    pub(crate) fn clock(&self) -> Option<labrt::Clock> {
        match self {
            Self::Test(suite, _) => suite.clock,
            Self::Scenario(_) => Some(labrt::Clock::Sim),
        }
    }

    /// Whether the random policy may hold its threads up.
    pub(crate) fn delays(&self) -> bool {
        match self {
            Self::Test(suite, _) => suite.delays,
            Self::Scenario(_) => true,
        }
    }

    /// The constants of its network.
    pub(crate) fn knobs(&self) -> Knobs {
        match self {
            Self::Test(suite, test) => test.knobs_in(suite),
            Self::Scenario(scenario) => explore::knobs(&scenario.network),
        }
    }

    /// Does it, on the main thread of a world.
    pub(crate) fn run(&self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Test(_, test) => (test.run)(context),
            Self::Scenario(scenario) => explore::explore(context, scenario),
        }
    }
}
