//! What the suites say of solutions that are known to be faulty, and of others that are known to be right.
//!
//! Units and seeds are as in the [report](crate::model): `_s` is seconds, rates are fractions, a seed is a string. The
//! schema is `schema/audit-1.schema.json` in this crate.
//!
//! | module | what |
//! | --- | --- |
//! | `detection` | how surely and how soon some tests catch a bug |
//! | `bug` | a faulty solution, and whether it was caught as it should be |
//! | `variant` | a correct solution, and whether it was left alone |
//! | `worth` | what each test catches |

mod bug;
mod detection;
mod variant;
mod worth;

use protocol::Clock;
use serde::{Deserialize, Serialize};

use crate::model::{Seed, Tool};
use crate::units::plural;

pub use bug::{AboutBug, Bug, BugStatus, Explored, SuiteDetection, TestDetection};
pub use detection::{Detection, SURE};
pub use variant::{AboutVariant, Alarm, LeftOut, Variant, VariantStatus};
pub use worth::{Worth, worths};

/// The value of [`Audit::schema`]. Within version 1 fields may be added; none is removed, renamed or changes its
/// meaning.
pub const SCHEMA: &str = "lab-audit/1";

/// An audit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Audit {
    /// [`SCHEMA`].
    pub schema: String,
    /// What wrote it.
    pub tool: Tool,
    /// Base seed of all entries.
    pub seed: Seed,
    /// The clock that the runs were on, but for suites that have one of their own.
    pub clock: Clock,
    /// Iterations of each suite, at most.
    pub count: u64,
    /// Whether all of them were made: otherwise those of a bug end when it is settled that it is caught.
    pub exhaustive: bool,
    /// Iterations of suites that run on the real clock only, at most.
    pub real_count: u64,
    /// Iterations of each suite against a correct solution.
    pub variants_count: u64,
    /// Whether a signal ended it before all entries were done.
    pub interrupted: bool,
    /// Wall seconds of all of it, building included.
    pub wall_s: f64,
    /// The faulty solutions, lab by lab, by name.
    pub bugs: Vec<Bug>,
    /// The correct solutions, lab by lab, by name.
    pub variants: Vec<Variant>,
    /// Every test that was run against a faulty solution, and what it catches.
    pub tests: Vec<Worth>,
}

impl Audit {
    /// The labs whose solutions were looked at.
    pub(crate) fn labs(&self) -> Vec<&str> {
        let bugs = self.bugs.iter().map(|bug| &*bug.about.lab);
        each_once(bugs.chain(self.variants.iter().map(|variant| &*variant.about.lab)))
    }

    /// Bugs that are not caught as they should be.
    pub fn lapses(&self) -> impl Iterator<Item = &Bug> {
        self.bugs.iter().filter(|bug| bug.status.is_lapse())
    }

    /// Correct solutions that were not left alone.
    pub fn false_alarms(&self) -> impl Iterator<Item = &Variant> {
        self.variants.iter().filter(|variant| variant.status != VariantStatus::LeftAlone)
    }

    /// The audit as JSON, ending in a newline.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("an audit is always JSON") + "\n"
    }
}

/// The suites that were run against these bugs, in the order in which they were run.
pub(crate) fn suites_of<'a>(bugs: impl Iterator<Item = &'a Bug>) -> Vec<&'a str> {
    each_once(bugs.flat_map(|bug| &bug.by_suite).map(|seen| &*seen.suite))
}

/// On how few iterations some figures of these bugs stand, where there should be `count`.
pub(crate) fn few_iterations<'a>(
    bugs: impl Iterator<Item = &'a Bug>,
    count: u64,
) -> Option<String> {
    let seen = bugs.flat_map(|bug| &bug.by_suite).filter_map(|seen| seen.detection);
    let fewest = seen.map(|detection| detection.iterations).min()?;
    let why = "no more runs are made of a bug that is known to be caught, what hangs is given up, and what needs the \
               real clock runs less often";
    (fewest < count).then(|| {
        let iterations = plural(fewest, "iteration");
        format!("Some of these figures stand on {iterations} only: {why}.")
    })
}

fn each_once<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut known = Vec::new();
    for name in names {
        if !known.contains(&name) {
            known.push(name);
        }
    }
    known
}
