//! The list of sessions as text.

use insta::assert_snapshot;
use proptest::prelude::*;
use reports::model::Totals;
use reports::terminal::Options;
use reports::terminal::sessions::{Row, render};
use unicode_width::UnicodeWidthStr;

fn row(id: &str, submission: &str, totals: Totals) -> Row {
    Row {
        id: id.to_owned(),
        when: "2026-11-26 10:14".to_owned(),
        submission: submission.to_owned(),
        suites: vec!["part2".to_owned(), "part3".to_owned()],
        totals,
    }
}

fn rows() -> Vec<Row> {
    let few = Totals { tests: 10, pass: 10, runs: 500, wall_s: 2.154, ..Totals::default() };
    let all = Totals { pass: 4, flaky: 3, fail: 1, not_implemented: 1, undetermined: 1, ..few };
    vec![
        row("20261126-101417-b597", "my-raft", few),
        row("20261126-101346-afdd", "my-raft", all),
        row("20261126-101300-0001", "other-raft", Totals::default()),
    ]
}

#[test]
fn in_80_columns() {
    assert_snapshot!(render(&rows(), Options { width: 80, color: false }));
}

#[test]
fn without_any() {
    let text = render(&[], Options { width: 80, color: false });
    assert_eq!(text, "no session is kept yet: `grader run` keeps each\n");
}

proptest! {
    #[test]
    fn it_fits_any_window(width in 80_usize..200, text in "\\PC{0,120}|.{0,40}") {
        let mut rows = rows();
        rows[1].submission.clone_from(&text);
        rows[2].suites.push(text);
        let plain = render(&rows, Options { width, color: false });
        for line in plain.lines() {
            prop_assert!(line.width() <= width, "{line:?}");
        }
        let colored = render(&rows, Options { width, color: true });
        prop_assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
    }
}
