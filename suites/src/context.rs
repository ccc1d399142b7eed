//! What a test is given, and what it leaves behind for the record.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use contracts::Submission;
use labrpc::Network;

use crate::bookkeeping::Lock;
use crate::{Failure, events};

/// What the harness reads after (or during) a test.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Servers in the cluster; 0 where the test has none.
    pub servers: u32,
    /// Log entries committed so far.
    pub commits: u64,
    /// What a person should know although it is no failure; each text once.
    pub warnings: Vec<String>,
    /// The step the test is at, with its round where the test goes round.
    pub step: Option<String>,
    /// All steps reached so far, each once, in order and without a round.
    pub steps: Vec<Cow<'static, str>>,
    /// The properties that were watched all the time.
    pub watched: Vec<Watched>,
    /// What was done to the cluster, each line with its time; only where it is not known before the run.
    pub history: Vec<String>,
}

/// How closely a run was watched for one property that must hold at every moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// The property's name.
    pub property: &'static str,
    /// How often something was seen that could have violated it.
    pub checks: u64,
    /// Why the run says nothing about it although nothing was seen that violates it.
    pub not_observed: Option<String>,
}

/// Which repetition of its steps a test is at.
#[derive(Clone, Copy, Debug)]
struct Round {
    number: u32,
    of: u32,
}

impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " (round {} of {})", self.number, self.of)
    }
}

/// Says how closely the run was watched so far; may be called from outside the world.
type Watchers = Arc<dyn Fn() -> Vec<Watched> + Send + Sync>;

#[derive(Default)]
struct State {
    watchers: Option<Watchers>,
    tally: Tally,
    step: Option<Cow<'static, str>>,
    round: Option<Round>,
}

impl State {
    /// The step in words. Put together only when someone asks: a test may go round very often.
    fn step(&self) -> Option<String> {
        let step = self.step.as_ref()?;
        Some(match self.round {
            Some(round) => format!("{step}{round}"),
            None => step.to_string(),
        })
    }
}

/// The surroundings of one run of one test. Clones share the same tally.
#[derive(Clone)]
pub struct Context {
    submission: Submission,
    network: Network,
    checkers: bool,
    verbosity: u8,
    /// The harness reads it from outside the world.
    state: Arc<Lock<State>>,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("submission", &self.submission)
            .field("network", &self.network)
            .finish_non_exhaustive()
    }
}

impl Context {
    /// A context for one run. `network` is the one network of the run: its counters go into the
    /// record and the limits watch them.
    pub fn new(submission: Submission, network: Network) -> Self {
        Self { submission, network, checkers: true, verbosity: 0, state: Arc::default() }
    }

    /// The same without the checkers that watch the whole run: to measure what they cost, and for
    /// test doubles that cheat on purpose.
    #[must_use]
    pub fn without_checkers(self) -> Self {
        Self { checkers: false, ..self }
    }

    /// Whether the whole run is watched.
    pub fn checkers(&self) -> bool {
        self.checkers
    }

    /// The same with this verbosity of the log, for what the test starts outside this process.
    #[must_use]
    pub fn with_verbosity(self, verbosity: u8) -> Self {
        Self { verbosity, ..self }
    }

    /// How much of the log is to be seen, as the request says it.
    pub fn verbosity(&self) -> u8 {
        self.verbosity
    }

    /// The submission under test.
    pub fn submission(&self) -> &Submission {
        &self.submission
    }

    /// The network of this run.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Says at which step the test is; a failure names it.
    pub fn step(&self, step: impl Into<Cow<'static, str>>) {
        let step = step.into();
        let position = self.with(|state| {
            state.step = Some(step.clone());
            let steps = &mut state.tally.steps;
            steps.iter().position(|s| *s == step).unwrap_or_else(|| {
                steps.push(step.clone());
                steps.len() - 1
            })
        });
        labrt::trace::emit(events::STEP, position as u32, 0, format_args!("step {step}"));
    }

    /// Says that the steps from here on are repeated, and that this is repetition `number`, counted
    /// from 1, of `of`. A failure names it beside the step.
    pub fn round(&self, number: u32, of: u32) {
        self.with(|state| state.round = Some(Round { number, of }));
    }

    /// Says that the steps from here on are not repeated.
    pub fn rounds_over(&self) {
        self.with(|state| state.round = None);
    }

    /// Adds a warning: something a person should know although it is no failure. The same text is
    /// kept once.
    pub fn warn(&self, warning: impl Into<String>) {
        let warning = warning.into();
        self.with(|state| {
            if !state.tally.warnings.contains(&warning) {
                state.tally.warnings.push(warning);
            }
        });
    }

    /// Says what was done to the cluster just now, where it is not known before the run.
    pub fn did(&self, what: impl Into<String>) {
        let what = what.into();
        self.with(|state| state.tally.history.push(what));
    }

    /// Says how many servers the test has.
    pub fn set_servers(&self, servers: u32) {
        self.with(|state| state.tally.servers = servers);
    }

    /// Says how many log entries are committed by now.
    pub fn set_commits(&self, commits: u64) {
        self.with(|state| state.tally.commits = commits);
    }

    /// Says who knows how closely the run is watched.
    pub fn set_watchers(&self, watchers: impl Fn() -> Vec<Watched> + Send + Sync + 'static) {
        self.with(|state| state.watchers = Some(Arc::new(watchers)));
    }

    /// What the test has left behind so far. It may be called from outside the world, too.
    pub fn tally(&self) -> Tally {
        let watchers = self.with(|state| state.watchers.clone());
        let watched = watchers.map(|watchers| watchers()).unwrap_or_default();
        self.with(|state| Tally { step: state.step(), watched, ..state.tally.clone() })
    }

    /// A failure at the current step.
    #[must_use = "return it, or end the run with `fail`"]
    pub fn failure(&self, message: impl Into<String>) -> Failure {
        Failure { step: self.with(|state| state.step()), ..Failure::new(message) }
    }

    /// Ends the run at once with `failure`, from whichever thread saw it. A failure that names no
    /// step gets the current one.
    pub fn fail(&self, mut failure: Failure) -> ! {
        if failure.step.is_none() {
            failure.step = self.with(|state| state.step());
        }
        labrt::world::end(failure)
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        Context::new(Submission::new("none"), Network::new())
    }

    #[test]
    fn a_failure_names_the_step_and_its_round() {
        let ctx = context();
        assert_eq!(ctx.failure("before any step").step, None);

        ctx.step("1. Agree");
        ctx.round(2, 5);
        ctx.step("2. Crash");
        assert_eq!(ctx.failure("x").step.as_deref(), Some("2. Crash (round 2 of 5)"));

        ctx.rounds_over();
        ctx.step("1. Agree");
        let tally = ctx.tally();
        assert_eq!(tally.step.as_deref(), Some("1. Agree"));
        assert_eq!(tally.steps, ["1. Agree", "2. Crash"]);
    }

    #[test]
    fn a_warning_is_kept_once() {
        let ctx = context();
        ctx.warn("slow");
        ctx.warn("slow");
        assert_eq!(ctx.tally().warnings, ["slow"]);
    }
}
