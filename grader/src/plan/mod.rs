//! What is to be done: raw flags, environment and settings file, resolved in one place.

pub(crate) mod embedded;
pub(crate) mod jobs;
pub(crate) mod limits;
pub(crate) mod marking;
pub(crate) mod seeds;
pub(crate) mod select;
pub(crate) mod submission;
pub(crate) mod toolkit;
pub(crate) mod world;

use std::path::{Path, PathBuf};

use confine::Sandbox;

use crate::cli::values::{Count, Seed};
use crate::cli::{GlobalArgs, ProgressMode, RunArgs, SubmissionArgs, TestArgs};
use crate::exit::{Outcome, SETUP, Stop, UNCONFINED};
use crate::history::Store;
use crate::settings::Settings;
use jobs::Jobs;
use marking::Marking;
use select::Selection;
use submission::Source;
use toolkit::Toolkit;
use world::World;

/// What every command needs before it builds.
#[derive(Debug)]
pub(crate) struct Base {
    /// The settings file.
    pub(crate) settings: Settings,
    /// What confines the submission's processes.
    pub(crate) sandbox: Sandbox,
    /// What is shown while runs are made.
    pub(crate) progress: ProgressMode,
    /// The toolkit, if it was named.
    named_toolkit: Option<PathBuf>,
    /// The folder of the history, if it was named.
    named_history: Option<PathBuf>,
}

impl Base {
    /// Reads the settings file that the flags mean, and finds out how far the machine can confine.
    pub(crate) fn new(args: &GlobalArgs) -> Outcome<Self> {
        let settings = Settings::find(args.config.as_deref(), &current_folder()?)?;
        let named_toolkit = args.toolkit.clone().or_else(|| settings.toolkit.clone());
        let sandbox = Sandbox::new(args.sandbox.or(settings.sandbox).unwrap_or_default().into())
            .map_err(|missing| Stop::new(UNCONFINED, missing.to_string()))?;
        let named_history = args.history.clone().or_else(|| settings.history.folder.clone());
        let progress = args.progress.or(settings.progress).unwrap_or_default();
        Ok(Self { settings, sandbox, progress, named_toolkit, named_history })
    }

    /// The toolkit.
    pub(crate) fn toolkit(&self) -> Outcome<Toolkit> {
        Toolkit::find(self.named_toolkit.as_deref())
    }

    /// The sessions that were.
    pub(crate) fn history(&self) -> Outcome<Store> {
        Store::new(self.named_history.clone(), self.settings.history.keep())
    }

    /// The submission.
    pub(crate) fn source(&self, args: &SubmissionArgs) -> Outcome<Source> {
        if let Some(file) = &args.harness {
            return Source::harness(file);
        }
        let given = args.submission.as_deref().or(self.settings.submission.as_deref());
        Source::find(given, &current_folder()?, &self.toolkit()?)
    }
}

/// The current folder.
pub(crate) fn current_folder() -> Outcome<PathBuf> {
    std::env::current_dir()
        .map_err(|error| Stop::new(SETUP, format!("cannot find the current folder: {error}")))
}

/// What `grader run` is to do.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Where the runs' program comes from.
    pub(crate) source: Source,
    /// Which tests, how often and how.
    pub(crate) tests: TestPlan,
    /// How points are given.
    pub(crate) marking: Marking,
    /// Folder for the logs of failing runs, if one was named.
    pub(crate) logs: Option<PathBuf>,
}

/// Which tests are to be run, how often and how.
#[derive(Debug)]
pub(crate) struct TestPlan {
    /// Which tests.
    pub(crate) selection: Selection,
    /// Runs of each test.
    pub(crate) count: u64,
    /// Whether the first failure ends everything.
    pub(crate) fail_fast: bool,
    /// Runs at a time.
    pub(crate) jobs: Jobs,
    /// Base seed.
    pub(crate) seed: u64,
    /// The world in which tests run.
    pub(crate) world: World,
}

impl Plan {
    /// Resolves the flags.
    pub(crate) fn new(args: RunArgs, base: &Base) -> Outcome<Self> {
        let settings = &base.settings;
        let tests = TestPlan::new(args.tests, settings)?;
        Ok(Self {
            source: base.source(&args.submission)?,
            marking: Marking::new(settings, tests.count)?,
            tests,
            logs: args.logs.or_else(|| settings.logs.clone()),
        })
    }
}

impl TestPlan {
    /// Resolves the flags.
    pub(crate) fn new(args: TestArgs, settings: &Settings) -> Outcome<Self> {
        let mut world = World::new(&args.world, settings);
        world.limits.limit_suites(args.suite_time_limit.or(settings.suite_time_limit));
        let suites = if args.suites.is_empty() { settings.suite.clone() } else { args.suites };
        let test = args.test.or_else(|| settings.test.clone());
        Ok(Self {
            selection: Selection::new(suites, test.as_deref())?,
            count: args.count.or(settings.count).unwrap_or(Count::ONE).get(),
            fail_fast: !args.no_fail_fast && args.fail_fast.or(settings.fail_fast).unwrap_or(false),
            jobs: Jobs::new(args.batch.jobs.or(settings.jobs))?,
            seed: base_seed(args.batch.seed.or(settings.seed))?,
            world,
        })
    }
}

/// The base seed: the one given, or a fresh one.
pub(crate) fn base_seed(given: Option<Seed>) -> Outcome<u64> {
    match given {
        Some(Seed(seed)) => Ok(seed),
        None => runner::secret::seed()
            .map_err(|error| Stop::new(SETUP, format!("cannot draw a fresh seed: {error}"))),
    }
}

/// Where reports name a path: absolute, so that a replay works from anywhere.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
