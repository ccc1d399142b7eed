//! A faulty solution, in words.

use serde::Serialize;

use super::super::head::Verdict;
use super::super::rate::RateView;
use super::again::again;
use crate::account::words;
use crate::audit::{Audit, Bug, BugStatus, Detection, Explored, TestDetection};
use crate::units::{count, duration, plural};

#[derive(Serialize)]
pub(super) struct BugView {
    id: String,
    name: String,
    verdict: Verdict,
    is_lapse: bool,
    title: String,
    /// What became of it, in full.
    status: String,
    reason: Option<String>,
    breaks: String,
    origin: String,
    note: Option<String>,
    seen: Option<SeenView>,
    groups: Vec<Group>,
    tests: Vec<Test>,
    /// The tests that are not listed.
    others: Option<String>,
    explored: Option<String>,
    again: String,
}

/// What the runs of some tests amount to.
#[derive(Serialize)]
struct SeenView {
    rate: RateView,
    often: String,
    runs: String,
    found_in: String,
}

/// Some tests taken together.
#[derive(Serialize)]
struct Group {
    what: &'static str,
    ids: Vec<String>,
    seen: Option<SeenView>,
}

/// A test that saw it, or should have.
#[derive(Serialize)]
struct Test {
    id: String,
    is_meant: bool,
    seen: Option<SeenView>,
    message: Option<String>,
}

/// The id of the element that tells of `bug`.
pub(super) fn id(bug: &Bug) -> String {
    words(&format!("bug-{}/{}", bug.about.lab, bug.about.name))
}

pub(super) fn verdict(status: BugStatus) -> Verdict {
    match status {
        BugStatus::Caught => Verdict::pass("caught"),
        BugStatus::Explored => Verdict::pass("explored"),
        BugStatus::NotExplored => Verdict::unknown("not explored"),
        BugStatus::Elsewhere => Verdict::flaky("elsewhere"),
        BugStatus::Seldom => Verdict::flaky("too seldom"),
        BugStatus::Missed => Verdict::fail("missed"),
        BugStatus::Broken => Verdict::fail("broken"),
    }
}

impl BugView {
    pub(super) fn of(bug: &Bug, audit: &Audit) -> Self {
        let about = &bug.about;
        let tests = telling(bug);
        let others = bug.by_test.len() - tests.len();
        Self {
            id: id(bug),
            name: words(&about.name),
            verdict: verdict(bug.status),
            is_lapse: bug.status.is_lapse(),
            title: words(&about.title),
            status: bug.status.to_string(),
            reason: bug.reason.as_deref().map(words),
            breaks: words(&about.breaks),
            origin: words(&about.origin),
            note: about.note.as_deref().map(words),
            seen: bug.together.map(SeenView::of),
            groups: groups(bug),
            tests: tests.into_iter().map(|test| self::test(test, bug)).collect(),
            others: (others > 0)
                .then(|| format!("{} did not see it.", plural(others as u64, "other test"))),
            explored: explored(bug),
            again: again(&about.lab, &about.name, &format!("--count {}", audit.count), audit),
        }
    }
}

impl SeenView {
    fn of(seen: Detection) -> Self {
        let never = || "–".to_owned();
        Self {
            rate: seen.rate.into(),
            often: format!("{} of {}", count(seen.caught), plural(seen.iterations, "iteration")),
            runs: seen.runs_99.map_or_else(never, count),
            found_in: seen.found_in_s.map_or_else(never, duration),
        }
    }
}

fn groups(bug: &Bug) -> Vec<Group> {
    if bug.status == BugStatus::Broken {
        return Vec::new();
    }
    let groups = [
        ("its suites", &bug.about.suites, bug.together),
        ("the tests meant for it", &bug.about.tests, bug.meant),
    ];
    let some = groups.into_iter().filter(|(_, ids, _)| !ids.is_empty());
    some.map(|(what, ids, seen)| Group {
        what,
        ids: ids.iter().map(|id| words(id)).collect(),
        seen: seen.map(SeenView::of),
    })
    .collect()
}

/// The tests that are meant for the bug, and those that saw it, the surest first.
fn telling(bug: &Bug) -> Vec<&TestDetection> {
    let is_meant = |test: &TestDetection| bug.about.tests.contains(&test.test);
    let rate = |test: &TestDetection| test.detection.map_or(0.0, |seen| seen.rate.point);
    let tests = bug.by_test.iter().filter(|test| is_meant(test) || rate(test) > 0.0);
    let mut tests: Vec<_> = tests.collect();
    tests.sort_by(|a, b| rate(b).total_cmp(&rate(a)).then(is_meant(b).cmp(&is_meant(a))));
    tests
}

fn test(of: &TestDetection, bug: &Bug) -> Test {
    Test {
        id: words(&of.test),
        is_meant: bug.about.tests.contains(&of.test),
        seen: of.detection.map(SeenView::of),
        message: of.message.as_deref().map(words),
    }
}

/// What an exploration made of the bug, or would.
fn explored(bug: &Bug) -> Option<String> {
    let Some(Explored { runs, wall_s, found, message }) = &bug.explored else {
        let left = "Exploring is expected to find it; --explore 60s tries.";
        return bug.about.explore.then(|| left.to_owned());
    };
    let only = if bug.status == BugStatus::Explored {
        "Only exploring finds it"
    } else {
        "Exploring finds it, too"
    };
    let time = duration(*wall_s);
    Some(words(&match found {
        Some(run) => {
            let message = message.as_deref().unwrap_or_default();
            format!("{only}: in run {}, after {time}: {message}", count(run + 1))
        }
        None => {
            format!("Exploring did not find it in {}, which took {time}.", plural(*runs, "run"))
        }
    }))
}
