//! The page as a parser reads it. How a person sees it is for `browser.rs`.

mod audits;
mod fixtures;
mod traces;

use insta::assert_snapshot;
use proptest::prelude::*;
use reports::audit::Audit;
use reports::html::timelines::Timelines;
use reports::html::{self, Run};
use reports::{Report, Timeline};
use scraper::node::Element;
use scraper::{Html, Selector};

use fixtures::{flaky, part2, passed, read, unsafe_and_slow};

fn render(report: &Report) -> String {
    html::render(report, &Timelines::none())
}

/// What a person reads, line by line: no script, no style, no data.
fn words(html: &str) -> String {
    let page = Html::parse_document(html);
    let body = page.select(&selector("body")).next().expect("a body");
    let mut words = Vec::new();
    for node in body.descendants() {
        let parent =
            node.parent().and_then(|parent| parent.value().as_element().map(Element::name));
        if let (Some(text), false) = (node.value().as_text(), parent == Some("script")) {
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            words.extend(Some(line).filter(|line| !line.is_empty()));
        }
    }
    words.join("\n")
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}

/// Elements and the names of their attributes, in order.
fn skeleton(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let everything = selector("*");
    let elements = page.select(&everything);
    let names = elements.map(|element| {
        let attributes: Vec<&str> = element.value().attrs().map(|(name, _)| name).collect();
        format!("{} {}", element.value().name(), attributes.join(" "))
    });
    names.collect()
}

#[test]
fn all_that_a_report_says() {
    assert_snapshot!(words(&render(&unsafe_and_slow())));
}

#[test]
fn sources_that_were_read() {
    assert_snapshot!(words(&render(&read())));
}

#[test]
fn each_failure_of_a_flaky_test_is_told_once() {
    let words = words(&render(&flaky()));
    let many = |text: &str| words.matches(text).count();
    assert_eq!(many("index out of bounds: the len is 5 but the index is 6"), 1);
    assert_eq!(many("50 of 50 runs passed, 1 warning"), 1);
    assert_eq!(many("Warnings, which fail nobody, from 1 test"), 1);
    assert_eq!(many("10 lab threads were still running at the end"), 0);
    assert_eq!(many("0 lab threads were still running at the end (in 10 runs)"), 1);
}

#[test]
fn a_large_report_stays_small() {
    let mut report = {
        let runs = (0..1000).map(|iteration| passed(0, iteration));
        fixtures::report(vec![part2(1)], 1000, runs, false)
    };
    let suite = &mut report.suites[0];
    let test = suite.tests[0].clone();
    suite.tests = vec![test; 80];
    let bytes = render(&report).len();
    assert!(bytes < 5 << 20, "{bytes} bytes");
}

#[test]
fn timelines_have_room_or_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.timeline");
    std::fs::write(&file, Timeline::of(&traces::story(3)).to_bytes()).unwrap();
    let mut report = flaky();
    let tests = report.suites.iter_mut().flat_map(|suite| &mut suite.tests);
    let mut failures = tests.flat_map(|test| &mut test.failures);
    failures.next().unwrap().timeline = Some(file.to_string_lossy().into_owned());
    let gone = folder.path().join("gone").to_string_lossy().into_owned();
    failures.next().unwrap().timeline = Some(gone.clone());
    let page = html::render(&report, &Timelines::read(&report));
    assert_eq!(page.matches("data-payload=").count(), 1);
    assert!(words(&page).contains(&format!("No timeline: cannot read the timeline {gone}: ")));
}

#[test]
fn policy_and_page_agree() {
    for page in [render(&flaky()), html::audit::render(&audits::large())] {
        let parsed = Html::parse_document(&page);
        let meta = selector("meta[http-equiv='Content-Security-Policy']");
        let policy = parsed.select(&meta).next().unwrap().attr("content").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        let ignored = parsed.select(&selector("[style]")).count();
        assert_eq!(ignored, 0, "a style without a hash is ignored");
    }
}

#[test]
fn all_that_an_audit_says() {
    assert_snapshot!(words(&html::audit::render(&audits::large())));
}

#[test]
fn whatever_an_audit_links_to_is_there_once() {
    let page = Html::parse_document(&html::audit::render(&audits::large()));
    let everything = selector("[id]");
    let ids: Vec<&str> = page.select(&everything).filter_map(|of| of.attr("id")).collect();
    let there = |id: &str| ids.iter().filter(|known| **known == id).count();
    let rows = selector("tr[data-item]");
    let rows: Vec<&str> = page.select(&rows).filter_map(|row| row.attr("data-item")).collect();
    assert_eq!(rows.len(), audits::large().bugs.len());
    let links = selector("a[href^='#']");
    let links: Vec<String> = page
        .select(&links)
        .filter_map(|link| Some(link.attr("href")?.strip_prefix('#')?.replace("%2F", "/")))
        .collect();
    for id in rows.into_iter().chain(links.iter().map(String::as_str)) {
        assert_eq!(there(id), 1, "{id}");
    }
}

/// An audit in which everything that others have a say in is this text.
fn audit_saying(text: &str) -> Audit {
    let mut audit = audits::large();
    for bug in &mut audit.bugs {
        let about = &mut bug.about;
        for said in [&mut about.title, &mut about.breaks, &mut about.origin, &mut about.name] {
            text.clone_into(said);
        }
        about.note = Some(text.to_owned());
        bug.reason = Some(text.to_owned());
        if let Some(explored) = &mut bug.explored {
            explored.message = Some(text.to_owned());
        }
        for test in &mut bug.by_test {
            test.message = Some(text.to_owned());
        }
    }
    for variant in &mut audit.variants {
        let about = &mut variant.about;
        for said in [&mut about.title, &mut about.differs, &mut about.name] {
            text.clone_into(said);
        }
        about.note = Some(text.to_owned());
        variant.reason = Some(text.to_owned());
        for skipped in &mut about.skipped {
            text.clone_into(&mut skipped.what);
            text.clone_into(&mut skipped.why);
        }
        for alarm in &mut variant.alarms {
            text.clone_into(&mut alarm.test);
            text.clone_into(&mut alarm.message);
        }
    }
    audit
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_text_becomes_more_than_text(text in "[<>&\"'/`{}%#=a-z \\x00-\\x1f]{1,60}|\\PC{1,40}") {
        let with = |text: &str| {
            let mut report = flaky();
            report.submission.name = text.to_owned();
            report.notes.push(text.to_owned());
            for test in report.suites.iter_mut().flat_map(|suite| &mut suite.tests) {
                text.clone_into(&mut test.id);
                text.clone_into(&mut test.description);
                for failure in &mut test.failures {
                    text.clone_into(&mut failure.message);
                    text.clone_into(&mut failure.replay);
                    failure.details = vec![text.to_owned()];
                    failure.location = Some(text.to_owned());
                }
            }
            skeleton(&render(&report))
        };
        prop_assert_eq!(with(&text), with("harmless"));
    }

    #[test]
    fn nor_in_the_page_of_a_run(text in "[<>&\"'/`{}%#=a-z]{1,60}") {
        let page = |text: &str| {
            let run = Run { title: text, outcome: text, passed: false, replay: text };
            skeleton(&html::run(&run, &Timeline::of(&traces::story(3))))
        };
        prop_assert_eq!(page(&text), page("harmless"));
    }

    #[test]
    fn nor_in_the_page_of_an_audit(text in "[<>&\"'/`{}%#=a-z \\x00-\\x1f]{1,60}|\\PC{1,40}") {
        let page = |text: &str| skeleton(&html::audit::render(&audit_saying(text)));
        prop_assert_eq!(page(&text), page("harmless"));
    }
}
