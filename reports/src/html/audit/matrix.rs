//! The bugs of a lab against its suites: how often each suite saw each bug, as a colour and as a figure.

use serde::Serialize;

use super::super::head::Verdict;
use super::bug;
use crate::account::words;
use crate::audit::{Audit, Bug, Detection, few_iterations, suites_of};
use crate::units::{count, duration, percent_number};

/// Shades between never and always.
const SHADES: f64 = 5.0;

#[derive(Serialize)]
pub(super) struct Matrix {
    suites: Vec<String>,
    rows: Vec<Row>,
    /// On how few iterations some figures stand.
    few: Option<String>,
}

/// A bug.
#[derive(Serialize)]
struct Row {
    /// That of the element that tells of the bug.
    id: String,
    name: String,
    verdict: Verdict,
    cells: Vec<Cell>,
    iterations: String,
    runs: String,
    found_in: String,
}

/// What a suite saw of a bug.
#[derive(Serialize)]
struct Cell {
    /// The shade.
    class: String,
    /// Per cent, or a sign.
    text: String,
    /// What the figure says, for who cannot see where it stands, and for who points at it.
    words: String,
}

impl Matrix {
    /// That of the bugs of one lab; none where there are none.
    pub(super) fn of(bugs: &[&Bug], audit: &Audit) -> Option<Self> {
        let suites = suites_of(bugs.iter().copied());
        let row = |bug: &&Bug| Row {
            id: bug::id(bug),
            name: words(&bug.about.name),
            verdict: bug::verdict(bug.status),
            cells: suites.iter().map(|suite| cell(bug, suite)).collect(),
            iterations: bug.together.map_or_else(dash, |seen| count(seen.iterations)),
            runs: bug.together.and_then(|seen| seen.runs_99).map_or_else(dash, count),
            found_in: bug.together.and_then(|seen| seen.found_in_s).map_or_else(dash, duration),
        };
        (!bugs.is_empty()).then(|| Self {
            rows: bugs.iter().map(row).collect(),
            suites: suites.iter().map(|suite| words(suite)).collect(),
            few: few_iterations(bugs.iter().copied(), audit.count),
        })
    }
}

fn dash() -> String {
    "–".to_owned()
}

fn cell(bug: &Bug, suite: &str) -> Cell {
    let is_own = bug.about.suites.iter().any(|own| own == suite);
    let seen = bug.by_suite.iter().find(|seen| seen.suite == suite);
    let (shade, text, what) = match seen.map(|seen| seen.detection) {
        None => ("absent".to_owned(), dash(), "did not run".to_owned()),
        Some(None) => ("absent".to_owned(), "?".to_owned(), "no iteration is complete".to_owned()),
        Some(Some(detection)) => (shade(detection), share(detection), told(detection)),
    };
    let (own, should) = if is_own { (" own", ", and should") } else { ("", "") };
    Cell { class: format!("{shade}{own}"), text, words: words(&format!("{suite} {what}{should}")) }
}

/// `seen-0` of what was never seen, `seen-5` of what always was; `seen-1` is seldom.
fn shade(detection: Detection) -> String {
    format!("seen-{}", (detection.rate.point * SHADES).ceil())
}

fn share(detection: Detection) -> String {
    match detection.caught {
        0 => "0".to_owned(),
        _ => percent_number(detection.rate.point),
    }
}

/// `saw it in 3 of 50 iterations, 6 % (1.3–17 %)`
fn told(detection: Detection) -> String {
    let Detection { caught, iterations, rate, .. } = detection;
    let (caught, iterations) = (count(caught), crate::units::plural(iterations, "iteration"));
    format!("saw it in {caught} of {iterations}, {}", rate.brief())
}
