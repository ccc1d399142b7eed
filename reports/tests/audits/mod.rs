//! Audits of every kind, for every renderer.

#![allow(dead_code, reason = "each test takes what it needs")]

use protocol::Clock;
use reports::audit::{
    AboutBug, AboutVariant, Audit, Bug, Explored, LeftOut, SCHEMA, Variant, worths,
};
use reports::{Report, RunOutcome, Seed, Tool};

use crate::fixtures::{disagreement, failed, part2, passed, report};

pub(crate) const COUNT: u64 = 50;

/// A session of the first `tests` tests of a suite.
pub(crate) fn session(tests: usize, runs: impl IntoIterator<Item = RunOutcome>) -> Report {
    report(vec![part2(tests)], COUNT, runs, false)
}

/// Runs of a test of which every `period`-th fails.
pub(crate) fn every(test: usize, period: u64) -> impl Iterator<Item = RunOutcome> {
    (0..COUNT).map(move |iteration| match iteration % period {
        0 => failed(test, iteration, disagreement(iteration)),
        _ => passed(test, iteration),
    })
}

pub(crate) fn all_pass(test: usize) -> impl Iterator<Item = RunOutcome> {
    (0..COUNT).map(move |iteration| passed(test, iteration))
}

/// A bug for which the first test of these is meant.
pub(crate) fn about(name: &str, report: &Report) -> AboutBug {
    let test = report.suites[0].tests[0].id.clone();
    AboutBug {
        lab: "raft".into(),
        name: name.into(),
        title: "Counts votes of an election that is over".into(),
        breaks: "Raft paper §5.2: a vote is given for one term".into(),
        suites: vec!["part2".into()],
        tests: vec![test],
        origin: "Haste".into(),
        explore: false,
        note: None,
    }
}

pub(crate) fn judged(name: &str, report: &Report) -> Bug {
    Bug::judged(about(name, report), report, COUNT)
}

pub(crate) fn variant(report: &Report, skipped: Vec<LeftOut>) -> Variant {
    let about = AboutVariant {
        lab: "raft".into(),
        name: "one-thread".into(),
        title: "One thread does everything".into(),
        differs: "An event loop owns the state".into(),
        skipped,
        note: None,
    };
    Variant::judged(about, report)
}

/// An audit with something of everything, whose words try to do more than show.
pub(crate) fn sample() -> Audit {
    let caught = session(2, every(0, 1).chain(every(1, 7)));
    let elsewhere = session(2, all_pass(0).chain(every(1, 3)));
    let seldom = session(2, every(0, 25).chain(all_pass(1)));
    let mut hostile = about("explored", &seldom);
    hostile.explore = true;
    hostile.title = "an escape \u{1b}[31m and a \u{202e}turn".into();
    let explored = Explored {
        runs: 812,
        wall_s: 3.4,
        found: Some(811),
        message: Some("two leaders\u{7}".into()),
    };
    let bugs = vec![
        judged("counts-votes-of-elections-that-are-long-over", &caught),
        judged("elsewhere", &elsewhere),
        judged("seldom", &seldom),
        Bug::judged(hostile, &seldom, COUNT).explored(explored),
        Bug::broken(
            about("typo", &caught),
            "`typo` does not build: mismatched types\u{1b}[5m".into(),
        ),
    ];
    let skipped = vec![LeftOut { what: "p2unit".into(), why: "its internals are others".into() }];
    Audit {
        schema: SCHEMA.into(),
        tool: Tool { name: "grader".into(), version: "0.1.0".into() },
        seed: Seed(u64::MAX),
        clock: Clock::Sim,
        count: COUNT,
        exhaustive: true,
        real_count: 3,
        variants_count: COUNT,
        interrupted: false,
        wall_s: 61.5,
        tests: worths(&bugs, |_| COUNT),
        bugs,
        variants: vec![
            variant(&session(2, all_pass(0).chain(all_pass(1))), skipped),
            variant(&session(1, every(0, 50)), Vec::new()),
        ],
    }
}

/// The same with a second lab: bugs that were missed, left to exploring and not compiled, a variant that was not
/// looked at, and more to say of one.
pub(crate) fn large() -> Audit {
    let mut audit = sample();
    let of_bank = |name: &str, runs: Report| {
        let about = AboutBug { lab: "bank".into(), ..about(name, &runs) };
        (about, runs)
    };
    let (missed, runs) = of_bank("missed", session(2, all_pass(0).chain(all_pass(1))));
    audit.bugs.push(Bug::judged(missed, &runs, COUNT));
    let (mut left, runs) = of_bank("left-to-exploring", session(1, all_pass(0)));
    left.explore = true;
    left.note = Some("A lock is held for too long.".into());
    audit.bugs.push(Bug::judged(left, &runs, COUNT));
    let mut lonely = variant(&session(2, all_pass(0)), Vec::new());
    lonely.about.lab = "weather".into();
    lonely.about.note = Some("It is slow.".into());
    lonely.errors = 2;
    audit.variants.push(lonely);
    audit.tests = worths(&audit.bugs, |_| COUNT);
    audit.interrupted = true;
    audit
}
