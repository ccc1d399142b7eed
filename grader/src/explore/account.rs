//! All of it as the report says it.

use jiff::Timestamp;
use protocol::{Clock, Limits, Policy};
use reports::exploration::{Case, Exploration, Outcome, SCHEMA, Undetermined, Violation};
use reports::{Sandbox, Seed, Standing, Submission};

use super::haul::{self, Ended, Haul};
use super::plan::ExplorePlan;
use super::shrink::Shrunk;
use crate::plan::submission::Source;
use crate::session::replay_line::{ReplayLine, What};

/// What is known of an exploration besides its plan and what it found.
pub(crate) struct About {
    pub(crate) submission: Submission,
    pub(crate) sandbox: Sandbox,
    pub(crate) started: Timestamp,
    /// Whether a signal ended it.
    pub(crate) interrupted: bool,
}

/// Where the runs' program comes from, and whether it was not to be confined: for replay lines.
#[derive(Clone, Copy)]
struct Origin<'a> {
    source: &'a Source,
    unconfined: bool,
}

/// The report of a finished exploration. `violations` are those of `haul` with what shrinking them gave.
pub(crate) fn account(
    plan: &ExplorePlan,
    about: About,
    haul: &Haul,
    violations: Vec<(haul::Violation, Option<Shrunk>)>,
) -> Exploration {
    let origin = Origin { source: &plan.source, unconfined: about.sandbox.mode == "off" };
    let About { submission, sandbox, started, interrupted } = about;
    let violations: Vec<Violation> =
        violations.into_iter().map(|(found, shrunk)| violation(origin, found, shrunk)).collect();
    let properties = haul.properties.listed(haul.runs - haul.undetermined);
    let unobserved = properties.iter().any(|property| property.standing == Standing::NotObserved);
    let outcome = if !violations.is_empty() {
        Outcome::Violation
    } else if haul.undetermined > 0 || haul.runs == 0 || unobserved {
        Outcome::Undetermined
    } else {
        Outcome::NothingFound
    };
    Exploration {
        schema: SCHEMA.to_owned(),
        tool: crate::commands::tool(),
        submission,
        seed: Seed(plan.seed),
        started,
        outcome,
        interrupted,
        servers: plan.options.servers.clone(),
        policy: plan.policy,
        runs: haul.runs,
        commits: haul.commits,
        wall_s: micros(haul.wall.as_secs_f64()),
        virtual_s: micros(haul.virtual_s),
        mixes: haul.mixes.len() as u64,
        properties,
        violations,
        undetermined: Undetermined {
            runs: haul.undetermined,
            messages: haul.unjudged.iter().map(|ended| ended.failure.to_string()).collect(),
            replay: haul.unjudged.first().map(|ended| replay(origin, ended)),
        },
        sandbox: Some(sandbox),
    }
}

fn violation(origin: Origin<'_>, found: haul::Violation, shrunk: Option<Shrunk>) -> Violation {
    let haul::Violation { run, runs, ended } = found;
    let tries = shrunk.as_ref().map_or(0, |shrunk| shrunk.tries);
    let wall_s = shrunk.as_ref().map_or(0.0, |shrunk| shrunk.wall.as_secs_f64());
    Violation {
        runs,
        run,
        reproduced: shrunk.as_ref().and_then(|shrunk| shrunk.reproduced),
        found: case(origin, &ended),
        shrunk: shrunk.and_then(|shrunk| shrunk.smallest).map(|smallest| case(origin, &smallest)),
        tries,
        shrink_s: micros(wall_s),
    }
}

fn case(origin: Origin<'_>, ended: &Ended) -> Case {
    let Ended { mission, failure, record } = ended;
    let scenario = &mission.scenario;
    let hash = record.as_ref().map(|record| record.trace_hash.clone());
    Case {
        failure: failure.clone(),
        scenario: scenario.to_string(),
        events: scenario.events.len(),
        servers: scenario.servers,
        until_s: f64::from(scenario.until.0) / 1000.0,
        seed: Seed(mission.seed),
        policy: mission.policy,
        history: record.as_ref().map(|record| record.history.clone()).unwrap_or_default(),
        virtual_s: record.as_ref().map(|record| micros(record.virtual_s)),
        trace_hash: hash.filter(|hash| !hash.is_empty()),
        replay: replay(origin, ended),
    }
}

fn replay(origin: Origin<'_>, ended: &Ended) -> String {
    let Origin { source, unconfined } = origin;
    ReplayLine {
        source,
        what: What::Scenario(&ended.mission.scenario),
        seed: ended.mission.seed,
        clock: Clock::Sim,
        policy: Some(ended.mission.policy).filter(|policy| *policy != Policy::default()),
        limits: Limits::default(),
        unconfined,
    }
    .to_string()
}

fn micros(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}
