//! The head of an audit's page.

use super::super::head::{Count, Head, Remark, Verdict};
use super::{bug, variant};
use crate::account::words;
use crate::audit::{Audit, BugStatus, VariantStatus};
use crate::units::{count, duration, plural};

/// The statuses in the order in which they are told.
const BUGS: [BugStatus; 7] = [
    BugStatus::Caught,
    BugStatus::Explored,
    BugStatus::NotExplored,
    BugStatus::Elsewhere,
    BugStatus::Seldom,
    BugStatus::Missed,
    BugStatus::Broken,
];
const VARIANTS: [VariantStatus; 3] =
    [VariantStatus::LeftAlone, VariantStatus::FalseAlarm, VariantStatus::Broken];

pub(super) fn of(audit: &Audit) -> Head {
    Head {
        brand: "audit of the suites",
        subject: words(&audit.labs().join(", ")),
        headline: headline(audit),
        verdict: verdict(audit),
        counts: counts(audit),
        facts: facts(audit),
        remarks: remarks(audit),
    }
}

/// `26 of 30 bugs caught, 10 of 11 correct variants left alone`
fn headline(audit: &Audit) -> String {
    let is_caught = |status| matches!(status, BugStatus::Caught | BugStatus::Explored);
    let caught = audit.bugs.iter().filter(|bug| is_caught(bug.status)).count();
    let alone = audit.variants.len() - audit.false_alarms().count();
    let parts = [
        (caught, audit.bugs.len(), "bug", "caught"),
        (alone, audit.variants.len(), "correct variant", "left alone"),
    ];
    let parts = parts.into_iter().filter(|(_, all, ..)| *all > 0);
    let told = parts.map(|(good, all, noun, what)| {
        format!("{} of {} {what}", count(good as u64), plural(all as u64, noun))
    });
    told.collect::<Vec<_>>().join(", ")
}

fn verdict(audit: &Audit) -> Verdict {
    let is_bad = audit.lapses().next().is_some() || audit.false_alarms().next().is_some();
    if is_bad {
        Verdict::fail("not as it should be")
    } else if audit.interrupted {
        Verdict::unknown("stopped early")
    } else {
        Verdict::pass("as it should be")
    }
}

fn counts(audit: &Audit) -> Vec<Count> {
    let bugs = BUGS.map(|status| {
        let many = audit.bugs.iter().filter(|bug| bug.status == status).count();
        (many, status.to_string(), bug::verdict(status))
    });
    let variants = VARIANTS.map(|status| {
        let many = audit.variants.iter().filter(|variant| variant.status == status).count();
        let verdict = variant::verdict(status);
        (many, format!("variant: {}", verdict.word), verdict)
    });
    let some = bugs.into_iter().chain(variants).filter(|(many, ..)| *many > 0);
    some.map(|(many, what, verdict)| Count {
        text: format!("{} {what}", count(many as u64)),
        verdict,
    })
    .collect()
}

fn facts(audit: &Audit) -> Vec<(&'static str, String)> {
    let iterations = if audit.exhaustive {
        "iterations of each suite"
    } else {
        "iterations of each suite, at most"
    };
    vec![
        ("seed", audit.seed.to_string()),
        (iterations, count(audit.count)),
        ("on the real clock", count(audit.real_count)),
        ("against correct variants", count(audit.variants_count)),
        ("took", duration(audit.wall_s)),
    ]
}

fn remarks(audit: &Audit) -> Vec<Remark> {
    let stopped = "Stopped early: not every solution was looked at.";
    audit.interrupted.then(|| Remark::new(true, stopped)).into_iter().collect()
}
