//! The report in words, as the templates take it. All figures and sentences are made here; templates only arrange
//! them.

use serde::Serialize;

use protocol::{Clock, FailureKind};

use super::head::{Count, Head, Remark, Verdict, Written};
use super::rate::RateView;
use super::strip::{SLOW, Strip};
use super::timelines::Timelines;
use crate::account::words;
use crate::model::{
    FailureGroup, IterationReport, PropertyReport, Reason, Report, SuiteReport, TestReport, Warning,
};
use crate::terminal::iterations::took;
use crate::terminal::text::plain;
use crate::terminal::work;
use crate::units::{Scaled, bytes, count, duration, percent, plural};
use crate::verdict::TestVerdict;

/// Most lines of a failure's details; a report that others wrote may have any number.
const MOST_DETAILS: usize = 400;

/// The page of a report.
#[derive(Debug, Serialize)]
pub(super) struct Page<'a> {
    pub(super) head: Head,
    suites: Vec<Suite<'a>>,
    /// Runs that need more of a limit than this are slow.
    slow: String,
    written: Written,
}

#[derive(Debug, Serialize)]
struct Suite<'a> {
    id: String,
    title: String,
    course: String,
    clock: Option<String>,
    reads: bool,
    /// How its tests came out, in words.
    summary: String,
    slow: Option<String>,
    tests: Vec<Test<'a>>,
}

#[derive(Debug, Serialize)]
struct Test<'a> {
    id: String,
    short: String,
    course_name: String,
    description: String,
    points: u32,
    verdict: Verdict,
    /// `47 of 50 runs passed`.
    outcome: String,
    rate: Option<RateView>,
    servers: u32,
    costs: Vec<Cost>,
    strip: Option<Strip>,
    /// What the strip says, for who cannot see it.
    strip_words: String,
    properties: Vec<Property>,
    warnings: Vec<String>,
    failures: Vec<Failure<'a>>,
    unlisted: Option<String>,
}

/// What a run costs.
#[derive(Debug, Serialize)]
struct Cost {
    name: &'static str,
    min: String,
    median: String,
    max: String,
    limit: Option<String>,
}

#[derive(Debug, Serialize)]
struct Property {
    name: String,
    standing: String,
    words: String,
}

#[derive(Debug, Serialize)]
struct Failure<'a> {
    number: usize,
    title: String,
    often: String,
    message: String,
    step: Option<String>,
    location: Option<String>,
    details: String,
    seeds: Vec<String>,
    log: Option<String>,
    replay: String,
    /// What the page draws.
    timeline: Option<&'a str>,
    /// Why it draws nothing although there was something to draw.
    no_timeline: Option<String>,
}

fn all_words(lines: &[String], most: usize) -> Vec<String> {
    lines.iter().take(most).map(|line| words(line)).collect()
}

impl<'a> Page<'a> {
    pub(super) fn of(report: &'a Report, timelines: &'a Timelines) -> Self {
        let over = report.iterations.iter().any(|all| all.over > 0);
        Self {
            head: Head {
                brand: "lab report",
                subject: words(&report.submission.name),
                headline: headline(report),
                verdict: worst(report, over),
                counts: report.totals.verdicts().map(counted).collect(),
                facts: facts(report),
                remarks: remarks(report),
            },
            suites: report
                .suites
                .iter()
                .map(|suite| self::suite(suite, report, timelines))
                .collect(),
            slow: percent(SLOW),
            written: Written::new(&report.tool, &report.schema),
        }
    }
}

/// `5 of 7 tests pass, 1 flaky, 1 fail`
fn headline(report: &Report) -> String {
    let totals = &report.totals;
    let tests = plural(totals.tests, "test");
    let rest = totals.verdicts().filter(|(_, verdict)| *verdict != TestVerdict::Pass);
    let rest: Vec<String> =
        rest.map(|(tests, verdict)| format!("{} {verdict}", count(tests))).collect();
    let passed = match totals.pass {
        pass if pass == totals.tests && pass > 0 => format!("all of {tests} pass"),
        pass => format!("{} of {tests} pass", count(pass)),
    };
    [vec![passed], rest].concat().join(", ")
}

fn worst(report: &Report, over: bool) -> Verdict {
    let totals = &report.totals;
    let worst = if totals.fail > 0 || over {
        TestVerdict::Fail
    } else if totals.flaky > 0 {
        TestVerdict::Flaky
    } else if totals.undetermined > 0 || totals.tests == 0 {
        TestVerdict::Undetermined
    } else if totals.pass > 0 {
        TestVerdict::Pass
    } else {
        TestVerdict::NotImplemented
    };
    verdict(worst)
}

fn verdict(of: TestVerdict) -> Verdict {
    match of {
        TestVerdict::Pass => Verdict::pass("pass"),
        TestVerdict::Flaky => Verdict::flaky("flaky"),
        TestVerdict::Fail => Verdict::fail("fail"),
        TestVerdict::NotImplemented => Verdict::none("not implemented"),
        TestVerdict::Undetermined => Verdict::unknown("undetermined"),
    }
}

fn counted((tests, of): (u64, TestVerdict)) -> Count {
    let verdict = verdict(of);
    Count { text: format!("{} {}", count(tests), verdict.word), verdict }
}

fn facts(report: &Report) -> Vec<(&'static str, String)> {
    let clock = match report.clock {
        Clock::Sim => "simulated",
        Clock::Real => "real",
    };
    let mut facts = vec![("seed", report.seed.to_string()), ("clock", clock.to_owned())];
    facts.extend(report.policy.map(|policy| ("policy", policy.to_string())));
    facts.push(("started", report.started.to_string()));
    facts.push(("work", work(report)));
    facts.extend(report.submission.path.as_ref().map(|path| ("submission", words(path))));
    facts.extend(report.logs.as_ref().map(|logs| ("logs", words(logs))));
    facts
}

fn remarks(report: &Report) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut add = |is_bad, text: String| remarks.push(Remark::new(is_bad, &text));
    if report.interrupted {
        add(true, "Stopped early: not all planned runs were made.".to_owned());
    }
    for all in &report.iterations {
        if let Some(text) = iteration(all, report.clock) {
            add(all.over > 0, text);
        }
    }
    if let Some(sandbox) = &report.sandbox {
        add(!sandbox.is_whole(), sandbox.words());
    }
    let warned = report.tests().filter(|test| !test.warnings.is_empty()).count();
    if warned > 0 {
        add(false, format!("Warnings, which fail nobody, from {}", plural(warned as u64, "test")));
    }
    for note in &report.notes {
        add(false, note.clone());
    }
    remarks
}

fn iteration(all: &IterationReport, clock: Clock) -> Option<String> {
    let limit = duration(all.limit_s);
    if all.over == 0 {
        all.iteration_s?;
        return Some(format!("{}: {}; the limit is {limit}", all.name, took(all, clock)));
    }
    let iterations = plural(all.ended.max(all.over), "iteration");
    let (name, over, suites) = (&all.name, count(all.over), all.suites.join(", "));
    Some(format!("{name}: {over} of {iterations} of {suites} took longer than the {limit} allowed"))
}

fn suite<'a>(suite: &'a SuiteReport, report: &'a Report, timelines: &'a Timelines) -> Suite<'a> {
    let clock = suite.clock.map(|clock| format!("on the {clock} clock"));
    let virtual_time = suite.clock.unwrap_or(report.clock) == Clock::Sim;
    let kind = if virtual_time { " of virtual time" } else { "" };
    let slow = suite.iteration_s.filter(|_| suite.slow).map(|takes| {
        let (takes, budget) = (duration(takes), duration(suite.budget_s));
        format!("slow: one run of each test takes {takes}{kind}, more than the {budget} expected")
    });
    let passed = suite.tests.iter().filter(|test| test.verdict == TestVerdict::Pass).count();
    let tests = plural(suite.tests.len() as u64, "test");
    Suite {
        id: words(&suite.id),
        title: words(&suite.title),
        course: words(&suite.course),
        clock,
        reads: suite.reads,
        summary: format!("{passed} of {tests} pass"),
        slow,
        tests: suite.tests.iter().map(|of| test(of, suite, virtual_time, timelines)).collect(),
    }
}

fn test<'a>(
    test: &'a TestReport,
    suite: &SuiteReport,
    virtual_time: bool,
    timelines: &'a Timelines,
) -> Test<'a> {
    let strip = Strip::of(test);
    let failures = test.failures.iter().enumerate();
    Test {
        id: words(&test.id),
        short: words(test.short_id()),
        course_name: words(&test.course_name),
        description: words(&test.description),
        points: test.points,
        verdict: verdict(test.verdict),
        outcome: outcome(test, suite.reads),
        rate: test.failure_rate.map(RateView::from),
        servers: test.servers,
        costs: costs(test, virtual_time),
        strip_words: strip_words(test),
        strip,
        properties: test.properties.iter().map(property).collect(),
        warnings: test.warnings.iter().map(warning).collect(),
        failures: failures.map(|(i, of)| failure(i + 1, of, test, timelines)).collect(),
        unlisted: (test.unlisted_failures > 0).then(|| {
            let runs = plural(test.unlisted_failures, "run");
            format!("{runs} failed in further ways, too many to list")
        }),
    }
}

fn outcome(test: &TestReport, reads: bool) -> String {
    let runs = plural(test.runs, "run");
    let words = match test.verdict {
        _ if reads && test.verdict == TestVerdict::Pass => "kept".to_owned(),
        _ if reads => "not kept".to_owned(),
        TestVerdict::NotImplemented if test.runs == 0 => "the submission leaves it out".to_owned(),
        TestVerdict::NotImplemented => "not written yet".to_owned(),
        _ if test.runs == 0 => "no run counts".to_owned(),
        _ => format!("{} of {runs} passed", count(test.passed())),
    };
    let missing = test.planned.saturating_sub(test.runs + test.errors);
    let missing = match missing {
        some if some > 0 && test.verdict != TestVerdict::NotImplemented => {
            format!(", {} not made", plural(some, "planned run"))
        }
        _ => String::new(),
    };
    let errors = match test.errors {
        0 => String::new(),
        errors => format!(", {} of the grader's own", plural(errors, "error")),
    };
    let warnings = match test.warnings.len() {
        0 => String::new(),
        warnings => format!(", {}", plural(warnings as u64, "warning")),
    };
    format!("{words}{missing}{errors}{warnings}")
}

fn costs(test: &TestReport, virtual_time: bool) -> Vec<Cost> {
    let time = if virtual_time { "virtual time" } else { "time" };
    let limits = &test.limits;
    let costs = [
        (time, test.virtual_s.map(Scaled::durations), limits.time_s.map(duration)),
        ("RPCs", test.rpcs.map(Scaled::counts), limits.rpcs.map(count)),
        ("bytes", test.bytes.map(Scaled::bytes), limits.bytes.map(bytes)),
        ("commits", test.commits.map(Scaled::counts), None),
        ("wall time", test.wall_s.map(Scaled::durations), None),
        ("CPU time", test.cpu_s.map(Scaled::durations), None),
    ];
    let costs = costs.into_iter();
    costs
        .filter_map(|(name, scaled, limit)| scaled.map(|scaled| cost(name, &scaled, limit)))
        .collect()
}

fn cost(name: &'static str, scaled: &Scaled, limit: Option<String>) -> Cost {
    let with_unit = |number: &String| format!("{number} {}", scaled.unit).trim_end().to_owned();
    Cost {
        name,
        min: with_unit(&scaled.min),
        median: with_unit(&scaled.median),
        max: with_unit(&scaled.max),
        limit,
    }
}

fn strip_words(test: &TestReport) -> String {
    let shown = test.sampled_runs.len() as u64;
    let failed = test.sampled_runs.iter().filter(|run| !run.passed).count() as u64;
    let sample = if shown < test.runs {
        format!(" (a fair sample of {})", count(test.runs))
    } else {
        String::new()
    };
    format!("{} in order{sample}, {} of them failed", plural(shown, "run"), count(failed))
}

fn property(of: &PropertyReport) -> Property {
    let runs = of.held + of.not_observed + of.violated;
    let mut parts = Vec::new();
    for (some, what) in
        [(of.violated, "violated"), (of.held, "held"), (of.not_observed, "not observed")]
    {
        if some > 0 {
            parts.push(format!("{what} in {} of {}", count(some), plural(runs, "run")));
        }
    }
    parts.push(plural(of.checks, "look"));
    parts.extend(of.reasons.iter().map(|Reason { reason, .. }| reason.clone()));
    Property {
        name: words(&of.property),
        standing: of.standing.to_string(),
        words: words(&parts.join("; ")),
    }
}

fn warning(Warning { message, runs }: &Warning) -> String {
    format!("{} (in {})", words(message), plural(*runs, "run"))
}

fn failure<'a>(
    number: usize,
    of: &'a FailureGroup,
    test: &TestReport,
    timelines: &'a Timelines,
) -> Failure<'a> {
    let all = if of.kind == FailureKind::Internal { test.errors } else { test.runs };
    let (timeline, no_timeline) = match timelines.of(of) {
        Some(Ok(payload)) => (Some(payload.as_str()), None),
        Some(Err(why)) => (None, Some(words(why))),
        None => (None, None),
    };
    let hidden = of.details.len().saturating_sub(MOST_DETAILS);
    let mut details = all_words(&of.details, MOST_DETAILS);
    if hidden > 0 {
        details.push(format!("… {}", plural(hidden as u64, "more line")));
    }
    Failure {
        number,
        title: words(&of.title()),
        often: format!("in {} of {}", count(of.runs), plural(all, "run")),
        message: words(&of.message),
        step: of.step.as_deref().map(words),
        location: of.location.as_deref().map(words),
        details: details.join("\n"),
        seeds: of.seeds.iter().map(ToString::to_string).collect(),
        log: of.log.as_deref().map(words),
        replay: plain(&of.replay),
        timeline,
        no_timeline,
    }
}
