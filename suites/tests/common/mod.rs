//! Runs one test of a suite in a world of its own.

use std::sync::{Arc, OnceLock};

use contracts::Submission;
use labrpc::Network;
use labrt::world::{self, Config, End, Stats};
use suites::{Context, Failure, Needs, Suite, Tally, Test};

/// A run: how it ended and what it left.
pub(crate) struct Run {
    pub(crate) result: Result<(), Failure>,
    pub(crate) tally: Tally,
    pub(crate) stats: Stats,
}

/// Runs `test` once in a context that `adapt` may change; calls `before` on the main thread of its
/// world first.
///
/// What a world leaves behind is never freed, since a graded run has a process of its own. Here many
/// runs share one, so a test of ours takes few seeds.
pub(crate) fn run(
    before: impl FnOnce() + Send + 'static,
    adapt: fn(Context) -> Context,
    test: &Test,
    submission: Submission,
    config: Config,
) -> Run {
    let context = Arc::new(OnceLock::new());
    let (inside, run) = (Arc::clone(&context), test.run);
    let knobs = test.knobs_in(suite_of(test));
    let outcome = world::run(config, move || {
        before();
        run(inside.get_or_init(|| adapt(Context::new(submission, Network::with_knobs(knobs)))))
    });
    let result = match outcome.end {
        End::Returned(result) => result,
        End::Ended(payload) => Err(*payload.downcast().expect("a failure ends a test")),
        End::Verdict(verdict) => panic!("{}: {verdict:?}", test.course_name),
    };
    let tally = context.get().map(Context::tally).unwrap_or_default();
    Run { result, tally, stats: outcome.stats }
}

/// The test of that name.
pub(crate) fn find(course_name: &str) -> &'static Test {
    suites::all()
        .iter()
        .flat_map(|suite| suite.tests)
        .find(|test| test.course_name == course_name)
        .unwrap_or_else(|| panic!("no test is named {course_name}"))
}

/// The suite that `test` belongs to.
fn suite_of(test: &Test) -> &'static Suite {
    let has = |suite: &&Suite| suite.tests.iter().any(|t| t.course_name == test.course_name);
    suites::all().iter().find(has).expect("a test belongs to a suite")
}

/// The suites that drive a cluster.
pub(crate) fn raft_suites() -> impl Iterator<Item = &'static Suite> {
    suites::all().iter().filter(|suite| suite.needs == Needs::Raft)
}
