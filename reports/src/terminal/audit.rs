//! An audit as text for a person: how often each suite sees each bug, what is not as it should be, what each test is
//! worth, and whether a correct solution was blamed.

use std::collections::BTreeMap;

use super::text::{Ink, plain};
use super::{Options, Page};
use crate::audit::{
    Audit, Bug, BugStatus, Detection, SuiteDetection, Variant, VariantStatus, Worth,
    few_iterations, suites_of,
};
use crate::table::{Align, Cell, Table};
use crate::units::{count, duration, percent, plural};

/// Most tests that are named where many catch the same bug.
const NAMED: usize = 3;

/// The audit as text, ending in a newline.
pub fn render(audit: &Audit, options: Options) -> String {
    let mut page = Page::new(options);
    for bugs in by_lab(&audit.bugs, |bug| &bug.about.lab) {
        matrix(&mut page, bugs, audit);
    }
    if !audit.bugs.is_empty() {
        page.blank();
        let legend = "Figures are the iterations, in per cent, in which a suite saw the bug; · is none, and a suite \
                      without one did not run. \"of\" is how many iterations its suites made, \"runs\" how many of them find \
                      it with 99 %, and \"found in\" the time that this takes on average.";
        page.inked(Ink::Dim, legend);
    }
    lapses(&mut page, audit);
    explored(&mut page, audit);
    worths(&mut page, &audit.tests);
    for variants in by_lab(&audit.variants, |variant| &variant.about.lab) {
        left_alone(&mut page, variants);
    }
    closing(&mut page, audit);
    page.text
}

/// The entries, which are in the order of their labs, lab by lab.
fn by_lab<T>(all: &[T], lab: impl Fn(&T) -> &str) -> impl Iterator<Item = &[T]> {
    all.chunk_by(move |a, b| lab(a) == lab(b))
}

/// How often each suite sees each bug of a lab.
fn matrix(page: &mut Page, bugs: &[Bug], audit: &Audit) {
    let suites = suites_of(bugs.iter());
    let lab = bugs.first().map_or("", |bug| &bug.about.lab);
    page.blank();
    page.inked(Ink::Bold, &format!("{lab}: {}", plural(bugs.len() as u64, "bug")));
    page.blank();
    let mut headings = vec![(String::new(), Align::Left)];
    headings.extend(suites.iter().map(|suite| (plain(suite), Align::Right)));
    headings.extend(["of", "runs", "found in"].map(|heading| (heading.to_owned(), Align::Right)));
    let mut table = Table::new(headings);
    for bug in bugs {
        let name = format!("{}: {}", plain(&bug.about.name), bug.status);
        table.span(Cell::new(name, ink(bug.status)));
        if bug.status != BugStatus::Broken {
            table.row(row(bug, &suites));
        }
    }
    for line in table.lines(page.pen) {
        page.line(&format!("  {line}"));
    }
    if let Some(few) = few_iterations(bugs.iter(), audit.count) {
        page.blank();
        page.wrapped(2, &few);
    }
}

fn row(bug: &Bug, suites: &[&str]) -> Vec<Cell> {
    let seen =
        |suite: &&str| bug.by_suite.iter().find(|seen: &&SuiteDetection| seen.suite == **suite);
    let cell = |suite: &&str| {
        let Some(detection) = seen(suite).and_then(|seen| seen.detection) else {
            return Cell::from("");
        };
        let own = bug.about.suites.iter().any(|id| id == *suite);
        match (share(detection), own) {
            (None, true) => Cell::new("·", Ink::Bad),
            (None, false) => Cell::new("·", Ink::Dim),
            (Some(share), true) => Cell::new(share, Ink::Good),
            (Some(share), false) => Cell::from(share),
        }
    };
    let mut cells = vec![Cell::from("  ")];
    cells.extend(suites.iter().map(cell));
    let iterations = bug.together.map_or_else(String::new, |together| count(together.iterations));
    let runs = bug.together.and_then(|together| together.runs_99).map_or_else(String::new, count);
    let found_in =
        bug.together.and_then(|together| together.found_in_s).map_or_else(String::new, duration);
    cells.extend([iterations, runs, found_in].map(Cell::from));
    cells
}

/// `100`, `12`, `0.3`: the part of the iterations that saw the bug, in per cent.
fn share(detection: Detection) -> Option<String> {
    (detection.caught > 0).then(|| crate::units::percent_number(detection.rate.point))
}

fn ink(status: BugStatus) -> Ink {
    match status {
        BugStatus::Caught => Ink::Plain,
        BugStatus::Explored | BugStatus::NotExplored => Ink::Doubtful,
        _ => Ink::Bad,
    }
}

/// What is not as it should be, one bug after the other.
fn lapses(page: &mut Page, audit: &Audit) {
    for bug in audit.lapses() {
        page.blank();
        let about = &bug.about;
        page.inked(Ink::Bad, &format!("{}/{}: {}", about.lab, about.name, bug.status));
        page.wrapped(2, &about.title);
        page.wrapped(2, &format!("It breaks: {}", about.breaks));
        if let Some(reason) = &bug.reason {
            page.wrapped(2, reason);
        }
        if bug.status == BugStatus::Broken {
            continue;
        }
        told(page, &about.suites, bug.together);
        told(page, &about.tests, bug.meant);
        let mut others: Vec<_> = bug
            .by_test
            .iter()
            .filter(|test| !about.tests.contains(&test.test))
            .filter_map(|test| Some((test, test.detection.filter(|found| found.caught > 0)?)))
            .collect();
        others.sort_by(|(_, a), (_, b)| b.rate.point.total_cmp(&a.rate.point));
        for (test, detection) in others.iter().take(NAMED) {
            let message = test.message.as_deref().unwrap_or_default();
            let how = detection.rate.brief();
            page.wrapped(4, &format!("{} saw it in {how} of its runs: {message}", test.test));
        }
        if others.len() > NAMED {
            let more = plural((others.len() - NAMED) as u64, "other test");
            page.wrapped(4, &format!("and so did {more}"));
        }
    }
}

/// `p2unit: seen in 12 % (5–24 %) of 50 iterations, so 36 find it with 99 %`
fn told(page: &mut Page, what: &[String], detection: Option<Detection>) {
    if what.is_empty() {
        return;
    }
    let what = what.join(", ");
    let text = match detection {
        None => format!("{what}: no iteration was complete"),
        Some(Detection { iterations, rate, runs_99, .. }) => {
            let iterations = plural(iterations, "iteration");
            let needed = runs_99.map_or_else(String::new, |runs| {
                format!(", so {} would find it with 99 %", plural(runs, "iteration"))
            });
            format!("{what}: seen in {} of {iterations}{needed}", rate.brief())
        }
    };
    page.wrapped(2, &text);
}

/// Bugs that only an exploration finds, and those that are left to one.
fn explored(page: &mut Page, audit: &Audit) {
    let with = |status| audit.bugs.iter().filter(move |bug| bug.status == status);
    for bug in with(BugStatus::Explored) {
        let Some(explored) = &bug.explored else { continue };
        page.blank();
        let name = format!("{}/{}", bug.about.lab, bug.about.name);
        page.inked(Ink::Doubtful, &format!("{name}: only exploring finds it"));
        let run = explored.found.map_or_else(String::new, |run| count(run + 1));
        let message = explored.message.as_deref().unwrap_or_default();
        page.wrapped(2, &format!("in run {run}, after {}: {message}", duration(explored.wall_s)));
    }
    let left: Vec<String> = with(BugStatus::NotExplored)
        .map(|bug| format!("{}/{}", bug.about.lab, bug.about.name))
        .collect();
    if !left.is_empty() {
        page.blank();
        let words = format!("left to exploring, which --explore 60s does: {}", left.join(", "));
        page.inked(Ink::Doubtful, &words);
    }
}

/// What each test is worth, in as few words as there are.
fn worths(page: &mut Page, tests: &[Worth]) {
    let alone: Vec<&Worth> = tests.iter().filter(|worth| !worth.alone.is_empty()).collect();
    if !alone.is_empty() {
        page.blank();
        page.inked(Ink::Bold, "Caught by one test only:");
        for worth in alone {
            page.wrapped(2, &format!("{}: {}", worth.test, worth.alone.join(", ")));
        }
    }
    let nothing_alone = tests.iter().filter(|worth| worth.alone.is_empty());
    let mut by_suite: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for worth in nothing_alone {
        let (suite, test) = worth.test.split_once('/').unwrap_or(("", &worth.test));
        by_suite.entry(suite).or_default().push(format!("{test} ({})", worth.caught));
    }
    if !by_suite.is_empty() {
        page.blank();
        let title =
            "Tests that catch nothing that no other test catches, and how many bugs they catch:";
        page.inked(Ink::Bold, title);
        for (suite, tests) in by_suite {
            page.wrapped(2, &format!("{suite}: {}", tests.join(", ")));
        }
    }
}

/// The correct solutions of a lab.
fn left_alone(page: &mut Page, variants: &[Variant]) {
    let lab = variants.first().map_or("", |variant| &variant.about.lab);
    page.blank();
    let many = plural(variants.len() as u64, "correct variant");
    page.inked(Ink::Bold, &format!("{lab}: {many}"));
    for variant in variants {
        let name = plain(&variant.about.name);
        let runs = plural(variant.runs, "run");
        match variant.status {
            VariantStatus::LeftAlone => {
                page.wrapped(2, &format!("{name}: no false alarm in {runs}"));
            }
            VariantStatus::FalseAlarm => {
                page.inked(Ink::Bad, &format!("  {name}: false alarm ({runs})"));
            }
            VariantStatus::Broken => page.inked(Ink::Bad, &format!("  {name}: broken")),
        }
        if let Some(reason) = &variant.reason {
            page.wrapped(4, reason);
        }
        for alarm in &variant.alarms {
            let runs = plural(alarm.runs, "run");
            let rate = percent(alarm.failed as f64 / alarm.runs.max(1) as f64);
            let seed = alarm.seed.map_or_else(String::new, |seed| format!(" (seed {seed})"));
            page.wrapped(
                4,
                &format!("{} failed {rate} of {runs}{seed}: {}", alarm.test, alarm.message),
            );
        }
        for skipped in &variant.about.skipped {
            page.wrapped(4, &format!("without {}: {}", skipped.what, skipped.why));
        }
    }
}

/// The line that says it all.
fn closing(page: &mut Page, audit: &Audit) {
    page.blank();
    let told = |statuses: &[BugStatus]| {
        let with = |status| audit.bugs.iter().filter(|bug| bug.status == status).count();
        let some = statuses.iter().filter(|&&status| with(status) > 0);
        some.map(|&status| format!("{} {status}", with(status))).collect::<Vec<_>>().join("; ")
    };
    let good = told(&[BugStatus::Caught, BugStatus::Explored, BugStatus::NotExplored]);
    let bad =
        told(&[BugStatus::Elsewhere, BugStatus::Seldom, BugStatus::Missed, BugStatus::Broken]);
    if !audit.bugs.is_empty() {
        let good = if good.is_empty() { "none caught" } else { &good };
        let bugs = plural(audit.bugs.len() as u64, "bug");
        page.inked(Ink::Plain, &format!("{bugs}: {good}"));
    }
    if !bad.is_empty() {
        page.inked(Ink::Bad, &format!("not as it should be: {bad}"));
    }
    if !audit.variants.is_empty() {
        let variants = plural(audit.variants.len() as u64, "correct variant");
        let blamed = audit.false_alarms().count();
        let (ink, words) = match blamed {
            0 => (Ink::Good, "all left alone".to_owned()),
            many => (Ink::Bad, format!("{many} not left alone")),
        };
        let words = page.pen.paint(ink, &words);
        page.line(&format!("{variants}: {words}"));
    }
    let interrupted = if audit.interrupted { "stopped early; " } else { "" };
    let most = if audit.exhaustive { "" } else { "at most " };
    let iterations = plural(audit.count, "iteration");
    page.wrapped(
        0,
        &format!(
            "{interrupted}{most}{iterations} of each suite, {}; seed {}",
            duration(audit.wall_s),
            audit.seed
        ),
    );
}
