//! Pages as a person sees and uses them, in a real browser.

#![allow(clippy::disallowed_methods, reason = "tests live outside every world")]

mod audits;
mod fixtures;
mod traces;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use browser::kit::Kit;
use browser::{Look, Page, trials};
use libtest_mimic::Arguments;
use protocol::Failure;
use reports::html::timelines::Timelines;
use reports::html::{self, Run};
use reports::{History, Report, Timeline};
use serde_json::Value;
use tempfile::TempDir;

use fixtures::{all_pass, flaky, part2, passed, read, unsafe_and_slow};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = trials(&[
        ("a_passing_report", a_passing_report),
        ("a_flaky_report", a_flaky_report),
        ("a_failing_report_opens_on_its_failures", a_failing_report_opens_on_its_failures),
        ("what_sources_were_read_for", what_sources_were_read_for),
        ("on_a_phone_and_in_the_dark", on_a_phone_and_in_the_dark),
        ("tests_are_filtered_and_linked", tests_are_filtered_and_linked),
        ("a_timeline_is_zoomed_panned_and_filtered", a_timeline_is_zoomed_panned_and_filtered),
        ("a_timeline_is_used_with_keys_alone", a_timeline_is_used_with_keys_alone),
        ("a_huge_run_stays_usable", a_huge_run_stays_usable),
        ("a_huge_report_stays_usable", a_huge_report_stays_usable),
        ("nothing_hostile_runs", nothing_hostile_runs),
        ("one_run", one_run),
        ("an_audit_on_a_laptop_on_a_phone_and_in_the_dark", an_audit_in_every_look),
        ("an_audit_is_filtered_and_linked", an_audit_is_filtered_and_linked),
        ("nothing_hostile_runs_in_an_audit", nothing_hostile_runs_in_an_audit),
    ]);
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A page on its own disk, opened.
struct Open {
    page: Page,
    _folder: TempDir,
}

impl std::ops::Deref for Open {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

fn open(kit: &Kit, html: &str, look: Look) -> Open {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("report.html");
    fs::write(&file, html).expect("a page");
    Open { page: Page::open(kit, &file, look), _folder: folder }
}

impl Open {
    /// It has asked for nothing, said nothing, and shuts nobody out. A picture of it is kept where the variable
    /// `LAB_BROWSER_PICTURES` names a folder.
    fn is_fine(&self, name: &str) {
        if let Some(folder) = env::var_os("LAB_BROWSER_PICTURES") {
            self.picture(&Path::new(&folder).join(format!("{name}.png")));
        }
        assert_eq!(self.complaints(), [""; 0], "{name}");
        assert_eq!(self.requests(), [""; 0], "{name}");
        assert_eq!(self.barriers(), [""; 0], "{name}");
        assert!(!self.is_too_wide(), "{name} has to be scrolled sideways");
    }

    /// Waits until the picture of an element has been drawn.
    fn drawn(&self, picture: &str) {
        let script = format!(
            "const line = document.querySelector('{picture}').timeline; return !!line && line.settled()"
        );
        self.until("the timeline is drawn", |page| page.eval(&script) == Value::Bool(true));
    }

    /// What the picture says of itself: `visible()`.
    fn line(&self, call: &str) -> Value {
        self.drawn(".timeline");
        self.eval(&format!("return document.querySelector('.timeline').timeline.{call}"))
    }

    /// How long its window is, in microseconds.
    fn window_us(&self) -> f64 {
        let window = self.line("window()");
        window["to_us"].as_f64().expect("a time") - window["from_us"].as_f64().expect("a time")
    }
}

/// A page of `report`.
fn page_of(report: &Report) -> String {
    html::render(report, &Timelines::none())
}

/// `report` with a timeline of `history` for the first failure of its first failing test.
fn with_timeline(mut report: Report, history: &History, folder: &Path) -> Report {
    let file: PathBuf = folder.join("run.timeline");
    fs::write(&file, Timeline::of(history).to_bytes()).expect("a timeline");
    let tests = report.suites.iter_mut().flat_map(|suite| &mut suite.tests);
    let failure = tests.flat_map(|test| &mut test.failures).next().expect("a failure");
    failure.timeline = Some(file.to_string_lossy().into_owned());
    report
}

fn a_passing_report(kit: &Kit) {
    let page = open(kit, &page_of(&all_pass()), Look::LAPTOP);
    assert_eq!(page.text(".headline"), "✓ all of 3 tests pass");
    assert_eq!(page.text(".counts"), "✓ 3 pass");
    assert_eq!(page.count("details.test"), 3);
    assert_eq!(page.count("details.failure"), 0);
    page.is_fine("passing");
    page.click("[data-test='part2/consensus-no-failure'] > summary");
    page.until("charts are drawn", |page| page.count(".chart canvas") >= 2);
    assert!(
        page.text("[data-test='part2/consensus-no-failure'] .pick output")
            .starts_with("run 1 · passed")
    );
    page.is_fine("passing-open");
}

fn a_flaky_report(kit: &Kit) {
    let page = open(kit, &page_of(&flaky()), Look::LAPTOP);
    assert_eq!(page.text(".headline"), "✗ 1 of 3 tests pass, 1 flaky, 1 fail");
    let test = "[data-test='part2/reconcile-long-logs']";
    assert!(page.text(&format!("{test} > summary")).contains("47 of 50 runs passed"));
    assert!(page.text(&format!("{test} .rate")).contains("6 % (1.3–17 %)"));
    // What did not pass is open already.
    let failure = format!("{test} [data-failure='1']");
    assert!(page.text(&failure).contains("check failed in 2 of 50 runs"));
    page.click(&format!("{failure} > summary"));
    page.allow_clipboard();
    page.click(&format!("{failure} .copy"));
    page.until("it says so", |page| page.text(&format!("{failure} .copy")) == "Copied");
    assert!(
        page.clipboard()
            .starts_with("grader replay -S ../my-raft --test part2/reconcile-long-logs --seed ")
    );
    // A failed run leads to its failure.
    assert_eq!(page.count(&format!("{test} [data-failure='2'] .where")), 0);
    page.click(&format!("{test} .next-failed"));
    page.click(&format!("{test} .next-failed"));
    assert!(page.text(&format!("{test} .pick output")).starts_with("run 18 · failed as number 2"));
    assert_eq!(page.count(&format!("{test} [data-failure='2'] .where")), 1);
    page.is_fine("flaky");
}

fn a_failing_report_opens_on_its_failures(kit: &Kit) {
    let folder = tempfile::tempdir().expect("a folder");
    let report = with_timeline(unsafe_and_slow(), &traces::story(5), folder.path());
    let page = open(kit, &html::render(&report, &Timelines::read(&report)), Look::LAPTOP);
    assert!(page.text(".remarks").contains("took longer than the"));
    page.click("[data-failure='1'] > summary");
    page.drawn(".timeline");
    assert!(page.text(".tl-story").contains("It fails at 2."), "{}", page.text(".tl-story"));
    page.is_fine("failing");
    page.eval("document.querySelector('.tl-picture').scrollIntoView()");
    page.is_fine("failing-timeline");
}

fn what_sources_were_read_for(kit: &Kit) {
    let page = open(kit, &page_of(&read()), Look::LAPTOP);
    assert_eq!(page.count("[data-suite='style'] svg.runs"), 0, "nothing was run");
    assert!(page.text("[data-test='style/todo-comments'] > summary").contains("not kept"));
    page.is_fine("read");
}

fn on_a_phone_and_in_the_dark(kit: &Kit) {
    let folder = tempfile::tempdir().expect("a folder");
    let report = with_timeline(flaky(), &traces::story(5), folder.path());
    let html = html::render(&report, &Timelines::read(&report));
    for (look, name) in
        [(Look::PHONE, "phone"), (Look::LAPTOP.dark(), "dark"), (Look::PHONE.dark(), "phone-dark")]
    {
        let page = open(kit, &html, look);
        page.is_fine(name);
        page.click("[data-failure='1'] > summary");
        page.drawn(".timeline");
        page.eval("document.querySelector('.tl-story').scrollIntoView()");
        page.is_fine(&format!("{name}-timeline"));
    }
    let page = open(kit, &html, Look::LAPTOP);
    let paper = |page: &Page| page.eval("return getComputedStyle(document.body).backgroundColor");
    let light = paper(&page);
    page.click("#theme");
    assert_eq!(page.text("#theme"), "Colours: dark");
    assert_ne!(paper(&page), light);
}

fn tests_are_filtered_and_linked(kit: &Kit) {
    let page = open(kit, &page_of(&flaky()), Look::LAPTOP);
    page.type_into("#filter", "Quorum");
    assert_eq!(page.count("details.test"), 1);
    assert_eq!(page.text("#shown"), "1 of 3 shown");
    page.eval("document.getElementById('filter').value = ''; document.getElementById('filter').dispatchEvent(new Event('input'))");
    page.click("#show option[value='bad']");
    assert_eq!(page.count("details.test"), 2);
    page.click("#show option[value='all']");
    page.click("#collapse");
    assert_eq!(page.count(".description"), 0);
    page.eval("location.hash = '#part2%2Fconsensus-no-failure'");
    page.until("the test is open", |page| page.count(".description") == 1);
}

fn a_timeline_is_zoomed_panned_and_filtered(kit: &Kit) {
    let run =
        Run { title: "part2/x, seed 7", outcome: "failed", passed: false, replay: "grader replay" };
    let page = open(kit, &html::run(&run, &Timeline::of(&traces::story(5))), Look::LAPTOP);
    page.click("[data-do='whole']");
    let (all, whole_us) = (page.line("visible()"), page.window_us());
    page.click("[data-do='in']");
    assert!(page.window_us() < whole_us);
    let before = page.line("window().from_us").as_f64();
    page.drag(".tl-picture canvas", (-200, 0));
    assert!(
        page.line("window().from_us").as_f64() > before,
        "dragging to the left shows what comes later"
    );
    page.click("[data-do='whole']");
    page.click("[data-topic='0']");
    let fewer = page.line("visible()");
    assert!(fewer.as_u64() < all.as_u64(), "{fewer} of {all}");
    page.click("[data-topic='2']");
    assert!(page.line("visible()").as_u64() > fewer.as_u64(), "idle heartbeats");
    page.type_into("[data-find]", "unreachable");
    assert_eq!(page.line("visible()"), 1);
    page.click(".tl-list > summary");
    page.drawn(".timeline");
    page.click(".tl-list button");
    assert!(page.text(".tl-detail").contains("unreachable: 2"), "{}", page.text(".tl-detail"));
    page.is_fine("timeline-filtered");
}

fn a_timeline_is_used_with_keys_alone(kit: &Kit) {
    let run =
        Run { title: "part2/x, seed 7", outcome: "failed", passed: false, replay: "grader replay" };
    let page = open(kit, &html::run(&run, &Timeline::of(&traces::story(3))), Look::LAPTOP);
    page.drawn(".timeline");
    page.eval("document.querySelector('.tl-picture').focus()");
    let press = |key: &str| {
        page.press(key);
        page.drawn(".timeline");
    };
    press("0");
    let whole_us = page.window_us();
    press("+");
    assert!(page.window_us() < whole_us);
    press("n");
    let first = page.line("selected()").as_u64().expect("an event");
    press("n");
    assert!(page.line("selected()").as_u64() > Some(first));
    press("p");
    assert_eq!(page.line("selected()").as_u64(), Some(first));
    assert!(page.text(".tl-detail").contains(" s "), "{}", page.text(".tl-detail"));
}

fn a_huge_run_stays_usable(kit: &Kit) {
    let run =
        Run { title: "4b/x, seed 7", outcome: "failed", passed: false, replay: "grader replay" };
    let timeline = Timeline::of(&traces::long(100_000));
    let html = html::run(&run, &timeline);
    assert!(timeline.events.len() >= 100_000);
    assert!(html.len() < 5 << 20, "{} bytes", html.len());
    let page = open(kit, &html, Look::LAPTOP);
    page.click("[data-do='whole']");
    assert!(page.line("visible()").as_u64() > Some(50_000));
    page.is_fine("huge-run");
    // Each frame draws: dragging is not caught up with later.
    let before = page.line("draws()").as_u64();
    page.click("[data-do='in']");
    page.drag(".tl-picture canvas", (-200, 0));
    assert!(page.line("draws()").as_u64() > before);
    page.click("[data-do='failure']");
    page.is_fine("huge-run-failure");
}

fn a_huge_report_stays_usable(kit: &Kit) {
    let runs = (0..3).flat_map(|test| (0..1000).map(move |iteration| passed(test, iteration)));
    let report = fixtures::report(vec![part2(3)], 1000, runs, false);
    let page = open(kit, &page_of(&report), Look::PHONE);
    page.click("#expand");
    page.until("charts are drawn", |page| page.count(".chart canvas") >= 6);
    page.is_fine("huge-report");
}

/// What somebody would like to run in an instructor's browser.
const HOSTILE: &str = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\
    <a href=javascript:alert(1)>x</a> {{ 7 * 7 }} <!-- ]]> \u{1b}[31mred\u{7} \u{202e}backwards `*_[x](javascript:1)";

fn nothing_hostile_runs(kit: &Kit) {
    let mut report = flaky();
    HOSTILE.clone_into(&mut report.submission.name);
    report.notes.push(HOSTILE.to_owned());
    for test in report.suites.iter_mut().flat_map(|suite| &mut suite.tests) {
        test.id = format!("{}{HOSTILE}", test.id);
        HOSTILE.clone_into(&mut test.description);
        for failure in &mut test.failures {
            failure.message = HOSTILE.repeat(20_000);
            failure.details = vec![HOSTILE.to_owned(); 3];
            failure.log = Some(HOSTILE.to_owned());
            HOSTILE.clone_into(&mut failure.replay);
        }
    }
    let mut history = traces::story(3);
    history.end.as_mut().expect("an end").failure = Some(vec![HOSTILE.to_owned()]);
    let folder = tempfile::tempdir().expect("a folder");
    let report = with_timeline(report, &history, folder.path());
    let page = open(kit, &html::render(&report, &Timelines::read(&report)), Look::PHONE);
    page.click("#expand");
    page.eval("document.querySelectorAll('details').forEach(details => { details.open = true })");
    page.drawn(".timeline");
    assert!(page.title().starts_with("</script>"), "{}", page.title());
    assert_eq!(page.count("img"), 0);
    assert_eq!(page.count("a[href^='javascript']"), 0);
    assert!(page.text(".headline").contains("1 of 3 tests pass"));
    page.is_fine("hostile");
}

fn one_run(kit: &Kit) {
    let outcome =
        Failure::new(protocol::FailureKind::Check, "servers 0 and 2 disagree").to_string();
    let run = Run {
        title: "part2/x, seed 7",
        outcome: &outcome,
        passed: false,
        replay: "grader replay --seed 7",
    };
    let page = open(kit, &html::run(&run, &Timeline::of(&traces::story(3))), Look::LAPTOP);
    assert_eq!(page.text("h1"), "part2/x, seed 7");
    assert_eq!(page.text(".headline"), "✗ check failed: servers 0 and 2 disagree");
    page.drawn(".timeline");
    page.is_fine("one-run");
}

fn an_audit_in_every_look(kit: &Kit) {
    let html = html::audit::render(&audits::large());
    for (look, name) in [
        (Look::LAPTOP, "audit"),
        (Look::LAPTOP.dark(), "audit-dark"),
        (Look::PHONE, "audit-phone"),
        (Look::PHONE.dark(), "audit-phone-dark"),
    ] {
        let page = open(kit, &html, look);
        let headline = "✗ 2 of 7 bugs caught, 1 of 3 correct variants left alone";
        assert_eq!(page.text(".headline"), headline);
        page.is_fine(name);
        page.click("#expand");
        page.eval(
            "document.getElementById('bug-raft/elsewhere').scrollIntoView({behavior: 'instant'})",
        );
        page.is_fine(&format!("{name}-open"));
    }
}

fn an_audit_is_filtered_and_linked(kit: &Kit) {
    let page = open(kit, &html::audit::render(&audits::large()), Look::LAPTOP);
    let (rows, entries) = (".matrix tbody tr", "details.entry");
    assert_eq!((page.count(rows), page.count(entries)), (7, 10));
    // What a row leads to opens.
    assert_eq!(page.count(".bug .description"), 0, "too much is not as it should be");
    page.click(".matrix a[href$='seldom']");
    page.until("the bug is open", |page| page.count(".bug .description") == 1);
    assert!(page.text("details.bug[open]").contains("caught too seldom"));
    page.allow_clipboard();
    page.click("details.bug[open] .copy");
    page.until("the command is copied", |page| {
        page.clipboard().starts_with("grader audit --only '^raft/seldom$' --count 50 ")
    });
    // Cells can be heard.
    let said = page.eval("return document.querySelector('.matrix .cell .sr-only').textContent");
    assert_eq!(said, "part2 saw it in 50 of 50 iterations, over 94 %, and should");
    // The filter finds rows and entries alike.
    page.click("#show option[value='bad']");
    assert_eq!((page.count(rows), page.count(entries)), (4, 6));
    page.type_into("#filter", "ELSEWHERE");
    assert_eq!((page.count(rows), page.count(entries)), (1, 1));
    assert_eq!(page.text("#shown"), "1 of 10 shown");
    assert_eq!(page.count("[data-lab]"), 1, "labs without entries are hidden");
    page.is_fine("audit-filtered");
}

fn nothing_hostile_runs_in_an_audit(kit: &Kit) {
    let mut audit = audits::large();
    for bug in &mut audit.bugs {
        bug.about.name.push_str(HOSTILE);
        let about = &mut bug.about;
        for said in [&mut about.title, &mut about.breaks, &mut about.origin] {
            HOSTILE.clone_into(said);
        }
        bug.reason = Some(HOSTILE.to_owned());
        for test in &mut bug.by_test {
            test.message = Some(HOSTILE.repeat(20_000));
        }
    }
    for alarm in audit.variants.iter_mut().flat_map(|variant| &mut variant.alarms) {
        HOSTILE.clone_into(&mut alarm.message);
    }
    let page = open(kit, &html::audit::render(&audit), Look::PHONE);
    page.click("#expand");
    assert!(page.title().starts_with("raft, bank, weather: "), "{}", page.title());
    assert_eq!(page.count("img"), 0);
    assert_eq!(page.count("a[href^='javascript']"), 0);
    page.is_fine("audit-hostile");
}
