//! `grader list`.

use std::fmt::Write;

use anstyle::Style;
use protocol::{Catalogue, SuiteInfo, TestInfo};

use crate::build;
use crate::cli::ListArgs;
use crate::exit::{Outcome, PASSED};
use crate::plan::Base;
use crate::plan::select::Selection;
use crate::signals::Interrupt;
use crate::terminal::Screen;

/// Shows the suites and their tests.
pub(crate) fn list(args: ListArgs, base: &Base) -> Outcome {
    let source = base.source(&args.submission)?;
    let selection = Selection::new(args.suites, None)?;
    let harness = build::harness(&source, base, &Interrupt::listen()?)?;
    let suites = selection.apply(&harness.catalogue)?;
    let catalogue = Catalogue { suites, ..harness.catalogue };
    let text = if args.json {
        serde_json::to_string_pretty(&catalogue).expect("a catalogue is always JSON") + "\n"
    } else {
        for_people(&catalogue, args.steps)
    };
    Screen::Stdout.print(&text)?;
    Ok(PASSED)
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

fn for_people(catalogue: &Catalogue, steps: bool) -> String {
    let mut text = String::new();
    for (i, suite) in catalogue.suites.iter().enumerate() {
        let gap = if i > 0 { "\n" } else { "" };
        let missing = if suite.implemented { "" } else { "; not implemented by this submission" };
        let limit =
            suite.together.as_ref().map_or_else(String::new, |all| format!(", limit {all}"));
        let (id, title, course, budget_s) =
            (&suite.id, &suite.title, &suite.course, suite.budget_s);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{gap}{BOLD}{id}{BOLD:#} {title} ({course}; budget {budget_s} s{limit}{missing})"
        );
        tests(&mut text, suite, steps);
    }
    text
}

fn tests(text: &mut String, suite: &SuiteInfo, steps: bool) {
    let width = |of: fn(&TestInfo) -> &str| {
        suite.tests.iter().map(|test| of(test).chars().count()).max().unwrap_or(0)
    };
    let (ids, names) = (width(|test| &test.id), width(|test| &test.course_name));
    for test in &suite.tests {
        let TestInfo { id, course_name, description, .. } = test;
        let _ = writeln!(text, "  {id:ids$}  {DIM}{course_name:names$}{DIM:#}  {description}");
        if steps {
            for (i, step) in test.steps.iter().enumerate() {
                let _ = writeln!(text, "  {:>4}. {step}", i + 1);
            }
        }
    }
}
