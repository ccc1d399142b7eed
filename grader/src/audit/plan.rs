//! The flags of `grader audit`, resolved.

use std::path::PathBuf;
use std::time::Duration;

use protocol::Clock;
use regex::Regex;

use crate::cli::values::Count;
use crate::cli::{AuditArgs, WorldArgs};
use crate::exit::Outcome;
use crate::plan::jobs::Jobs;
use crate::plan::select::Selection;
use crate::plan::world::World;
use crate::plan::{self, TestPlan};
use crate::scaffold::lab::{Lab, Labs};
use crate::settings::Settings;

/// Iterations of each suite, unless something else is said.
const COUNT: u64 = 50;
/// The same against correct variants.
const VARIANTS_COUNT: u64 = 20;
/// The same of suites that run on the real clock only, of which an iteration takes many seconds.
const REAL_COUNT: u64 = 3;

/// What is to be audited, and how.
#[derive(Debug)]
pub(crate) struct AuditPlan {
    /// The labs whose solutions are looked at.
    pub(crate) labs: Labs,
    /// What `LAB/NAME` of an entry must match.
    pub(crate) only: Option<Regex>,
    /// Iterations of each suite.
    pub(crate) count: u64,
    /// Whether all of them are made, also of a bug that is known to be caught.
    pub(crate) exhaustive: bool,
    /// Most of suites that run on the real clock only.
    pub(crate) real_count: u64,
    /// Iterations of each suite against correct variants.
    pub(crate) variants_count: u64,
    /// For how long each bug is explored of which that is expected; none for not at all.
    pub(crate) explore: Option<Duration>,
    /// Runs at a time.
    pub(crate) jobs: Jobs,
    /// Base seed.
    pub(crate) seed: u64,
    /// Where the JSON report goes; `-` for standard output.
    pub(crate) json: Option<PathBuf>,
    /// Where the page goes; `-` for standard output.
    pub(crate) html: Option<PathBuf>,
}

impl AuditPlan {
    /// Resolves the flags. Of the settings file only `jobs` and `seed` count: suites are audited as they are.
    pub(crate) fn new(args: AuditArgs, settings: &Settings) -> Outcome<Self> {
        let count = args.count.map_or(COUNT, Count::get);
        Ok(Self {
            labs: args.lab.unwrap_or(Labs::ALL),
            only: args.only,
            count,
            exhaustive: args.exhaustive,
            real_count: args.real_count.map_or(REAL_COUNT, Count::get),
            variants_count: args.variants_count.map_or(VARIANTS_COUNT.min(count), Count::get),
            explore: args.explore.map(|span| span.0),
            jobs: Jobs::new(args.batch.jobs.or(settings.jobs))?,
            seed: plan::base_seed(args.batch.seed.or(settings.seed))?,
            json: args.json,
            html: args.html,
        })
    }

    /// Whether the entry `LAB/NAME` is looked at, its lab being one that is.
    pub(crate) fn is_meant(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.is_match(name))
    }

    /// All suites of `lab`, so many times.
    pub(crate) fn tests(&self, lab: &Lab, count: u64) -> TestPlan {
        TestPlan {
            selection: Selection {
                suites: lab.all_suites().map(str::to_owned).collect(),
                test: None,
            },
            count,
            fail_fast: false,
            jobs: self.jobs,
            seed: self.seed,
            world: World::new(&WorldArgs::default(), &Settings::default()),
        }
    }

    /// `count`, or less where the suites of `lab` run on `clock` and that is the real one.
    pub(crate) fn affordable(&self, count: u64, clock: Clock) -> u64 {
        match clock {
            Clock::Sim => count,
            Clock::Real => count.min(self.real_count),
        }
    }
}
