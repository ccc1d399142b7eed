//! What `grader class` is to do: flags, environment and settings file, resolved.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::ClassArgs;
use crate::cli::values::Span;
use crate::exit::{Outcome, Stop};
use crate::plan::TestPlan;
use crate::plan::marking::Marking;
use crate::settings::Settings;

/// What is to be done.
#[derive(Debug)]
pub(crate) struct ClassPlan {
    /// The folder with the submissions.
    pub(crate) folder: PathBuf,
    /// The list that names them, if there is one.
    pub(crate) list: Option<PathBuf>,
    /// The folder for the reports.
    pub(crate) out: PathBuf,
    /// Which tests, how often and how.
    pub(crate) tests: TestPlan,
    /// Whether the base seed was given, and not drawn.
    pub(crate) seed_given: bool,
    /// How points are given, and what students do not see.
    pub(crate) marking: Marking,
    /// Whether pages are written, too.
    pub(crate) html: bool,
    /// Wall time for one submission, building included.
    pub(crate) submission_time: Duration,
    /// Wall time for all, after which none is begun.
    pub(crate) deadline: Option<Duration>,
}

/// Wall time for one submission, if nobody says otherwise.
const SUBMISSION_TIME: Duration = Duration::from_mins(10);

/// Where the reports go, if nobody says otherwise: beside the class.
const OUT: &str = "grades";

impl ClassPlan {
    /// Resolves the flags.
    pub(crate) fn new(args: ClassArgs, settings: &Settings) -> Outcome<Self> {
        let class = &settings.class;
        let seed_given = args.tests.batch.seed.or(settings.seed).is_some();
        let tests = TestPlan::new(args.tests, settings)?;
        if tests.fail_fast {
            let why =
                "a class is graded whole; leave out --failfast, or `fail-fast` in grader.toml";
            return Err(Stop::usage(why));
        }
        let marking = Marking::new(settings, tests.count)?;
        let span = |span: Span| span.0;
        Ok(Self {
            out: args.out.or_else(|| class.out.clone()).unwrap_or_else(|| beside(&args.folder)),
            folder: args.folder,
            list: args.list.or_else(|| class.list.clone()),
            tests,
            seed_given,
            marking,
            html: args.html.unwrap_or(class.html),
            submission_time: args
                .submission_time
                .or(class.submission_time)
                .map_or(SUBMISSION_TIME, span),
            deadline: args.deadline.or(class.deadline).map(span),
        })
    }

    /// All that a row depends on besides the submission and the seed, in words.
    pub(crate) fn terms(&self) -> BTreeMap<String, String> {
        let TestPlan { selection, count, world, .. } = &self.tests;
        let Marking { scheme, hidden, .. } = &self.marking;
        let test = selection.test.as_ref().map_or_else(String::new, ToString::to_string);
        let points = |points: &BTreeMap<String, f64>| {
            let words = points.iter().map(|(id, of)| format!("{id} {of}"));
            words.collect::<Vec<_>>().join(", ")
        };
        [
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("suite", selection.suites.join(", ")),
            ("test", test),
            ("count", count.to_string()),
            ("clock", world.clock.to_string()),
            ("policy", world.policy.to_string()),
            ("limits", format!("{:?}", world.limits)),
            ("flaky", scheme.flaky.to_string()),
            ("points.suites", points(&scheme.suites)),
            ("points.tests", points(&scheme.tests)),
            ("hidden", hidden.patterns().join(", ")),
            ("submission-time", humantime::format_duration(self.submission_time).to_string()),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
    }
}

/// Beside the class, not in it: there it would be taken for a submission.
fn beside(class: &Path) -> PathBuf {
    let class = std::path::absolute(class).unwrap_or_else(|_| class.to_owned());
    let name = class.file_name().unwrap_or_default().to_string_lossy().into_owned();
    class.with_file_name(format!("{name}-{OUT}"))
}
