//! A suite and a test, as data.

use contracts::Submission;
use labrpc::Knobs;
use labrt::Clock;
use protocol::Effort;

use crate::{Context, Failure};

/// Which contract a suite tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing of the submission: the suite tests the toolkit itself.
    Nothing,
    /// [`contracts::raft::Raft`].
    Raft,
    /// [`contracts::raft::RaftInternals`].
    RaftInternals,
    /// [`contracts::weather::Aggregator`], twice.
    Weather,
    /// [`contracts::bank::Bank`].
    Bank,
    /// [`contracts::mapreduce`].
    MapReduce,
}

impl Needs {
    /// Whether `submission` has what is needed.
    pub fn met_by(self, submission: &Submission) -> bool {
        match self {
            Self::Nothing => true,
            Self::Raft => submission.has_raft(),
            Self::RaftInternals => submission.has_raft_internals(),
            Self::Weather => submission.aggregators().is_some(),
            Self::Bank => submission.has_bank(),
            Self::MapReduce => submission.map_reduce().is_some(),
        }
    }
}

/// Suites whose time a course limits as a whole. Suites of one name belong together.
#[derive(Clone, Copy, Debug)]
pub struct Together {
    /// What they are called as a whole.
    pub name: &'static str,
    /// Seconds on the clock in use that one iteration of all their tests may take.
    pub limit_s: f64,
}

impl Together {
    /// COMP385's Raft: `part1`, `p2unit`, `part2`, `part3`, `part4`.
    pub const COMP385_RAFT: Self = Self { name: "COMP385 Raft", limit_s: 600.0 };
    /// CS350's Raft: `4a` and `4b`.
    pub const CS350_RAFT: Self = Self { name: "CS350 Raft", limit_s: 600.0 };
}

/// A course's suite.
#[derive(Clone, Copy, Debug)]
pub struct Suite {
    /// Short id: `part2`.
    pub id: &'static str,
    /// A title.
    pub title: &'static str,
    /// The course it comes from.
    pub course: &'static str,
    /// Seconds on the clock in use within which one iteration of all its tests should end.
    pub budget_s: f64,
    /// The suites that it is timed with, and their limit; none where nothing limits them as a whole.
    pub together: Option<Together>,
    /// The contract it tests.
    pub needs: Needs,
    /// The constants of its network.
    pub knobs: Knobs,
    /// The only clock that its tests run on; none where either will do.
    pub clock: Option<Clock>,
    /// Whether the simulated clock's random policy may hold threads up for milliseconds. A suite that
    /// measures time exactly does without; it still runs threads in a random order.
    pub delays: bool,
    /// How much of the machine a run takes on the real clock.
    pub effort: Effort,
    /// Whether a run starts further processes, which talk to each other.
    pub processes: bool,
    /// The tests, in the course's order.
    pub tests: &'static [Test],
}

impl Suite {
    /// A suite of Raft's without tests, to be completed by `Suite { id: …, ..Suite::USUAL }`.
    pub const USUAL: Self = Self {
        id: "",
        title: "",
        course: "",
        budget_s: 60.0,
        together: None,
        needs: Needs::Raft,
        knobs: Knobs::comp385(),
        clock: None,
        delays: true,
        effort: Effort::Usual,
        processes: false,
        tests: &[],
    };
}

/// One test of a suite.
#[derive(Clone, Copy, Debug)]
pub struct Test {
    /// Id within its suite: `consensus-no-failure`.
    pub id: &'static str,
    /// The course's own name: `TestConsensusNoFailurePart2`.
    pub course_name: &'static str,
    /// One line: what a correct solution shows.
    pub description: &'static str,
    /// The course's numbered steps, in the words and in the order in which the test names them by
    /// [`Context::step`].
    pub steps: &'static [&'static str],
    /// Weight in a score.
    pub points: u32,
    /// Seconds on the clock in use after which a run fails.
    pub time_limit_s: f64,
    /// RPCs sent above which a run fails; none for no limit.
    pub rpc_limit: Option<u64>,
    /// Bytes sent and received above which a run fails; none for no limit.
    pub byte_limit: Option<u64>,
    /// The constants of its network, where they are not its suite's.
    pub knobs: Option<Knobs>,
    /// The test itself. It runs on the main thread of a world of its own.
    pub run: fn(&Context) -> Result<(), Failure>,
}

impl Test {
    /// The usual weight and limits of a course's test, to be completed by
    /// `Test { id: …, run: …, ..Test::USUAL }`: one point, 120 seconds, no limit on RPCs and bytes.
    pub const USUAL: Self = Self {
        id: "",
        course_name: "",
        description: "",
        steps: &[],
        points: 1,
        time_limit_s: 120.0,
        rpc_limit: None,
        byte_limit: None,
        knobs: None,
        run: |_| Ok(()),
    };

    /// The constants of its network, as a test of `suite`.
    pub fn knobs_in(&self, suite: &Suite) -> Knobs {
        self.knobs.unwrap_or(suite.knobs)
    }
}

/// A [usual](Test::USUAL) test of these words and this function.
pub(crate) const fn test(
    id: &'static str,
    course_name: &'static str,
    description: &'static str,
    steps: &'static [&'static str],
    run: fn(&Context) -> Result<(), Failure>,
) -> Test {
    Test { id, course_name, description, steps, run, ..Test::USUAL }
}
