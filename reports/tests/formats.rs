//! Formats as those read them who they are for.

mod fixtures;
mod schemas;

use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use fixtures::{all_pass, error, flaky, killed, part2, read, report, unsafe_and_slow};
use insta::assert_snapshot;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser};
use quick_junit::{NonSuccessKind, TestCaseStatus};
use reports::classroom50::About;
use reports::html::timelines::Timelines;
use reports::score::Scheme;
use reports::{
    Report, classroom50, csv, github, github_classroom, gradescope, html, junit, markdown, tap,
};
use serde_json::Value;

/// Reports of all kinds.
fn all() -> Vec<Report> {
    let mut left_out = part2(3);
    left_out.implemented = false;
    vec![
        all_pass(),
        flaky(),
        unsafe_and_slow(),
        read(),
        report(vec![left_out], 50, [], false),
        report(vec![part2(2)], 4, [error(0, 0), killed(1, 0)], true),
    ]
}

/// `report` in which a submission says `text` wherever it can.
fn saying(mut report: Report, text: &str) -> Report {
    text.clone_into(&mut report.submission.name);
    report.notes.push(text.to_owned());
    for test in report.suites.iter_mut().flat_map(|suite| &mut suite.tests) {
        for failure in &mut test.failures {
            text.clone_into(&mut failure.message);
            failure.location = Some(text.to_owned());
            failure.step = Some(text.to_owned());
            failure.details = vec![text.to_owned(); 2];
        }
    }
    report
}

#[test]
fn ten_megabytes_in_one_line_stay_small_in_every_format() {
    let report = saying(flaky(), &"<b>\u{1b}[31m`|".repeat(1 << 20));
    let (scheme, now) = (Scheme::default(), "2026-11-26T10:00:00Z".parse().unwrap());
    let text = |_: &str| gradescope::Visibility::Visible;
    let options = |output| gradescope::Options {
        scheme: &scheme,
        visibility: &text,
        output,
        leaderboard: true,
    };
    let formats = [
        ("html", html::render(&report, &Timelines::none())),
        ("junit", junit::render(&report, junit::Flaky::Fails)),
        ("tap", tap::render(&report)),
        ("csv", csv::render(&report)),
        ("markdown", markdown::render(&report, 1 << 20)),
        ("annotations", github::annotations(&report, Path::new(""))),
        ("classroom50", classroom50::render(&report, &scheme, &of_classroom50::about(), now)),
        ("github classroom", github_classroom::render(&report, &scheme)),
        ("gradescope", gradescope::render(&report, options(gradescope::Output::Text))),
        ("gradescope in md", gradescope::render(&report, options(gradescope::Output::Markdown))),
    ];
    for (format, text) in formats {
        assert!(text.len() < 1 << 20, "{format}: {} bytes", text.len());
    }
}

mod of_junit {
    use super::*;

    fn parsed(report: &Report, flaky: junit::Flaky) -> quick_junit::Report {
        let xml = junit::render(report, flaky);
        quick_junit::Report::deserialize_from_str(&xml).unwrap_or_else(|why| panic!("{why}: {xml}"))
    }

    #[test]
    fn layout_is_stable() {
        assert_snapshot!(junit::render(&flaky(), junit::Flaky::Fails));
    }

    #[test]
    fn counts_are_those_of_the_report() {
        for report in all() {
            let junit = parsed(&report, junit::Flaky::Fails);
            let over = report.iterations.iter().filter(|all| all.over > 0).count();
            assert_eq!(junit.tests, report.tests().count() + over);
            let totals = &report.totals;
            let bad = totals.fail + totals.flaky + totals.undetermined;
            assert_eq!(junit.failures + junit.errors, bad as usize + over);
        }
    }

    #[test]
    fn a_flaky_test_fails_unless_somebody_only_collects() {
        let case =
            |flaky_counts| parsed(&flaky(), flaky_counts).test_suites[0].test_cases[2].clone();
        let TestCaseStatus::NonSuccess { kind, reruns, .. } = case(junit::Flaky::Fails).status
        else {
            panic!("it failed")
        };
        assert_eq!((kind, reruns.runs.len()), (NonSuccessKind::Failure, 1));
        assert_eq!(reruns.kind, quick_junit::FlakyOrRerun::Flaky);
        let TestCaseStatus::Success { flaky_runs } = case(junit::Flaky::Passes).status else {
            panic!("it passed in the end")
        };
        assert_eq!(flaky_runs.len(), 2);
    }
}

mod of_classroom50 {
    use super::*;

    pub(super) fn about() -> About {
        let text = |text: &str| text.to_owned();
        About {
            classroom: text("cs350"),
            assignment: text("raft"),
            assignment_type: text("individual"),
            owner: text("ada"),
            submission: text("submit/1"),
            commit: text("0123abc"),
            release: text("submit/1"),
            review: text("pending"),
        }
    }

    fn obeys(json: &str) -> Value {
        schemas::obeys(&schemas::schema(include_str!("../schema/classroom50.schema.json")), json)
    }

    #[test]
    fn what_is_written_obeys_the_schema() {
        let now = "2026-11-26T10:00:00.5Z".parse().unwrap();
        for report in all() {
            let scheme = Scheme::default();
            let json = obeys(&classroom50::render(&report, &scheme, &about(), now));
            let tests = json["tests"].as_array().unwrap().iter();
            let sum: u64 = tests.map(|test| test["score"].as_u64().unwrap()).sum();
            assert_eq!(json["score"].as_u64(), Some(sum));
        }
        let failure = obeys(&classroom50::render_failure("it does not build", "", &about(), now));
        assert_eq!((&failure["score"], &failure["tests"][0]["passed"]), (&0.into(), &false.into()));
    }
}

mod of_github_classroom {
    use super::*;

    fn decoded(line: &str) -> Value {
        assert!(!line.contains(char::is_whitespace), "it is one line");
        serde_json::from_slice(&BASE64_STANDARD.decode(line).unwrap()).unwrap()
    }

    #[test]
    fn the_status_is_that_of_the_worst_test() {
        let status = |report: &Report| {
            decoded(&github_classroom::render(report, &Scheme::default()))["status"].clone()
        };
        let statuses: Vec<Value> = all().iter().map(status).collect();
        assert_eq!(statuses, ["pass", "fail", "fail", "error", "fail", "error"]);
        let failed = decoded(&github_classroom::render_failure("it does not build", "why"));
        assert_eq!(failed["tests"][0]["message"], "it does not build\nwhy");
    }

    #[test]
    fn a_test_has_the_place_of_its_failure() {
        let json = decoded(&github_classroom::render(&flaky(), &Scheme::default()));
        let test = &json["tests"][2];
        assert_eq!(
            (&test["filename"], &test["line_no"]),
            (&"src/replication.rs".into(), &120.into())
        );
        assert_eq!(json["version"], 1);
    }
}

mod of_github {
    use super::*;

    #[test]
    fn annotations_point_into_the_repository() {
        assert_snapshot!(github::annotations(&flaky(), Path::new("labs/raft")));
    }

    #[test]
    fn a_time_limit_of_suites_is_an_error() {
        let text = github::annotations(&unsafe_and_slow(), Path::new(""));
        assert!(
            text.starts_with("::error title=time limit of COMP385 Raft as a whole::"),
            "{text}"
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_a_command_of_its_own(text in "[\\r\\n:,%a-z]{0,40}|.*") {
            let report = saying(flaky(), &format!("x\n::set-output name=a::{text}"));
            for line in github::annotations(&report, Path::new("")).lines() {
                prop_assert!(line.starts_with("::error ") || line.starts_with("::warning "), "{line:?}");
            }
        }
    }
}

mod of_markdown {
    use super::*;

    /// What a reader makes of it, but for the words themselves.
    fn skeleton(text: &str) -> Vec<String> {
        let events = Parser::new_ext(text, Options::all());
        let shape = |event: Event<'_>| match event {
            Event::Text(_) | Event::Code(_) | Event::SoftBreak => None,
            other => Some(format!("{other:?}")),
        };
        events.filter_map(shape).collect()
    }

    #[test]
    fn layout_is_stable() {
        assert_snapshot!(markdown::render(&flaky(), 1 << 20));
    }

    #[test]
    fn a_time_limit_of_suites_is_told() {
        assert!(markdown::render(&unsafe_and_slow(), 1 << 20).contains("took longer than"));
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let text = markdown::render(&flaky(), 1_200);
        assert!(text.len() <= 1_200, "{}", text.len());
        assert!(text.ends_with("left out for want of room.\n"), "{text}");
    }

    proptest! {
        #[test]
        fn no_text_becomes_markup(text in "[`*_<>|\\[\\]()#!&~$a-z \\n-]{1,40}|\\PC{1,30}") {
            let with = |text: &str| skeleton(&markdown::render(&saying(flaky(), text), 1 << 20));
            prop_assert_eq!(with(&text), with("x"), "{}", markdown::render(&saying(flaky(), &text), 1 << 20));
        }
    }
}

mod of_csv {
    use super::*;

    #[test]
    fn layout_is_stable() {
        assert_snapshot!(csv::render(&flaky()));
    }

    #[test]
    fn a_test_is_a_line_and_nothing_is_a_formula() {
        for text in ["=1+1", "+x", "-x", "@x", "a,\"b\"\nc", "\u{1b}[31m"] {
            let csv = csv::render(&saying(flaky(), text));
            let mut reader = ::csv::Reader::from_reader(csv.as_bytes());
            let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
            assert_eq!(rows.len(), 3);
            for cell in rows.iter().flat_map(|row| row.iter()) {
                assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell:?}");
            }
        }
    }
}

mod of_tap {
    use super::*;

    #[test]
    fn layout_is_stable() {
        assert_snapshot!(tap::render(&flaky()));
    }
}

proptest! {
    /// Any text at all leaves XML that is read back.
    #[test]
    fn no_text_breaks_xml(text in any::<String>()) {
        let xml = junit::render(&saying(flaky(), &text), junit::Flaky::Fails);
        let junit = quick_junit::Report::deserialize_from_str(&xml);
        prop_assert!(junit.is_ok(), "{:?}: {xml}", junit.err());
    }
}
