//! The flags of `grader explore`, resolved.

use std::path::PathBuf;
use std::time::Duration;

use protocol::Policy;
use scenario::Options;

use crate::cli::ExploreArgs;
use crate::cli::values::Count;
use crate::exit::Outcome;
use crate::plan::jobs::Jobs;
use crate::plan::submission::Source;
use crate::plan::{self, Base};

/// For how long, unless something else is said.
const TIME: Duration = Duration::from_mins(1);
/// For how long a violation is made smaller, unless something else is said.
const SHRINK: Duration = Duration::from_secs(20);

/// How much is done to make a violation smaller.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// Longest time.
    pub(crate) time: Duration,
    /// Most runs; none for as many as there is time for.
    pub(crate) runs: Option<u64>,
}

/// What is to be explored, and how much of it.
#[derive(Debug)]
pub(crate) struct ExplorePlan {
    /// Where the runs' program comes from.
    pub(crate) source: Source,
    /// Most runs.
    pub(crate) runs: Option<u64>,
    /// Longest time.
    pub(crate) time: Option<Duration>,
    /// Runs at a time.
    pub(crate) jobs: usize,
    /// Base seed.
    pub(crate) seed: u64,
    /// What the scenarios may be.
    pub(crate) options: Options,
    /// The policy of all runs; none where each draws its own.
    pub(crate) policy: Option<Policy>,
    /// Whether a violation ends nothing.
    pub(crate) keep_going: bool,
    /// How much is done to make each violation smaller; none for nothing.
    pub(crate) shrink: Option<Effort>,
    /// Where the JSON report goes; `-` for standard output.
    pub(crate) json: Option<PathBuf>,
}

impl ExplorePlan {
    /// Resolves the flags. Of the settings file only what says nothing of tests counts: the submission,
    /// `jobs` and `seed`.
    pub(crate) fn new(args: ExploreArgs, base: &Base) -> Outcome<Self> {
        let settings = &base.settings;
        let runs = args.runs.map(Count::get);
        let time = args.time.map(|span| span.0).or(runs.is_none().then_some(TIME));
        let mut options = Options::default();
        if !args.servers.is_empty() {
            options.servers = args.servers;
        }
        Ok(Self {
            source: base.source(&args.submission)?,
            runs,
            time,
            jobs: Jobs::new(args.batch.jobs.or(settings.jobs))?.simulated(),
            seed: plan::base_seed(args.batch.seed.or(settings.seed))?,
            options,
            policy: args.policy,
            keep_going: args.keep_going,
            shrink: (!args.no_shrink).then(|| Effort {
                time: args.shrink_for.map_or(SHRINK, |span| span.0),
                runs: args.shrink_runs.map(Count::get),
            }),
            json: args.json,
        })
    }
}
