//! Scenarios drawn for exploration, played to the reference: it breaks no property and always recovers,
//! and exploration is not idle.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "lives outside the world")]

use std::sync::{Arc, OnceLock};

use labrpc::Network;
use labrt::world::{self, Config, End};
use scenario::{Options, Scenario};
use suites::{Context, Failure, Kind, explore};

/// What the player told of a run, and how it ended.
fn play(scenario: &Scenario, seed: u64) -> (Vec<String>, Result<(), Failure>) {
    let context: Arc<OnceLock<Context>> = Arc::default();
    let (inside, played) = (Arc::clone(&context), scenario.clone());
    let outcome = world::run(Config::sim(seed), move || {
        let network = Network::with_knobs(explore::knobs(&played.network));
        let ctx = inside.get_or_init(|| Context::new(raft::submission(), network));
        explore::explore(ctx, &played)
    });
    let history = context.get().map(|ctx| ctx.tally().history).unwrap_or_default();
    let ended = match outcome.end {
        End::Returned(result) => result,
        End::Ended(payload) => Err(*payload.downcast::<Failure>().expect("a failure")),
        End::Verdict(verdict) => panic!("{verdict:?} after {history:#?}"),
    };
    (history, ended)
}

/// The terms in which a command was accepted.
fn terms(history: &[String]) -> std::collections::BTreeSet<&str> {
    let after = history.iter().flat_map(|line| line.split("in term ").skip(1));
    after.filter_map(|rest| rest.split([',', ' ']).next()).collect()
}

#[test]
fn the_reference_passes_and_exploration_is_not_idle() {
    const RUNS: u64 = 150;
    let (mut committed, mut changed_leader, mut crashed_leader) = (0, 0, 0);
    for seed in 0..RUNS {
        let scenario = Scenario::draw(seed, &Options::default());
        let (history, ended) = play(&scenario, seed);
        assert_eq!(ended, Ok(()), "seed {seed}: {scenario}\n{history:#?}");
        let has = |text: &str| history.iter().any(|line| line.contains(text));
        committed += u64::from(!has("committed so far: 0"));
        changed_leader += u64::from(terms(&history).len() > 1);
        crashed_leader += u64::from(has("crash leader: server"));
    }
    eprintln!(
        "of {RUNS} runs {committed} committed in the safety phase, {changed_leader} had commands \
         accepted in two terms or more, {crashed_leader} crashed a leader"
    );
    assert!(committed > RUNS * 9 / 10, "{committed}");
    assert!(changed_leader > RUNS / 2, "{changed_leader}");
    assert!(crashed_leader > RUNS / 4, "{crashed_leader}");
}

#[test]
fn events_do_what_they_say() {
    let text = "servers 5; until 6s; 1 submit; 1.5 disconnect leader; 1.6 submit 0; 3 connect; \
                3.1 partition leader 1; 3.2 submit all x2; 3.4 heal; 4 crash 2; 4.1 crash 2; 4.2 start; \
                4.3 start; 5 cut leader to 3; 5.2 restart all; 5.9 heal";
    let (history, ended) = play(&text.parse().expect("a scenario"), 3);
    assert_eq!(ended, Ok(()));
    let history = history.join("\n");
    for told in [
        "submit: server ",
        " accepts 1 at index 1 in term 1",
        "disconnect leader: server ",
        "connect: server ",
        "partition leader 1: server ",
        "crash 2\n",
        "crash 2: it does not run",
        "start: server 2",
        "start: nobody was away",
        "cut leader to 3: server ",
        "restart all: servers 0, 1, 2, 3, 4",
        "everything heals; committed so far: ",
        "all servers are to agree on command ",
    ] {
        assert!(history.contains(told), "{told:?} is not in\n{history}");
    }
}

#[test]
fn no_progress_is_a_failure_of_its_own_kind() {
    let scenario: Scenario = "servers 3; until 1s; 0.5 crash 0".parse().expect("a scenario");
    let outcome = world::run(Config::sim(1), move || {
        let network = Network::with_knobs(explore::knobs(&scenario.network));
        explore::explore(&Context::new(deaf::submission(), network), &scenario)
    });
    let End::Returned(Err(failure)) = outcome.end else { panic!("{:?}", outcome.end) };
    assert_eq!(failure.kind, Kind::Liveness);
    assert!(failure.message.starts_with("no progress after everything has healed: "), "{failure}");
    assert_eq!(failure.step.as_deref(), Some("After everything has healed"));
}

/// A Raft that does nothing wrong, and nothing else.
mod deaf {
    use std::sync::Arc;

    use contracts::Submission;
    use contracts::raft::{Command, Config, Raft, Started, Term};
    use labrpc::Service;

    struct Deaf;

    pub(super) fn submission() -> Submission {
        Submission::new("deaf").raft::<Deaf>()
    }

    impl Raft for Deaf {
        fn make(_: Config) -> Arc<Self> {
            Arc::new(Self)
        }

        fn start(&self, _: Command) -> Option<Started> {
            None
        }

        fn state(&self) -> (Term, bool) {
            (0, false)
        }

        fn kill(&self) {}

        fn services(self: Arc<Self>) -> Vec<Service> {
            Vec::new()
        }
    }
}
