//! The outcome as tests of a suite: one test for each rule.

use protocol::{Effort, Failure, FailureKind, Limits, SuiteInfo, TestInfo};

use crate::{Outcome, Rule};

/// The suite's id.
pub const ID: &str = "style";

/// Most findings of a rule that its failure lists.
pub const MOST_LISTED: usize = 100;

/// The suite, with the `points` that a course gives for each rule ([`Rule::default_points`] unless it
/// says otherwise).
pub fn info(points: impl Fn(Rule) -> u32) -> SuiteInfo {
    let test = |rule: Rule| TestInfo {
        id: rule.test(),
        course_name: String::new(),
        description: rule.description().to_owned(),
        steps: Vec::new(),
        points: points(rule),
        limits: Limits::default(),
    };
    SuiteInfo {
        id: ID.to_owned(),
        title: "Style of the sources".to_owned(),
        course: "COMP385".to_owned(),
        budget_s: 0.0,
        together: None,
        clock: None,
        effort: Effort::Usual,
        reads: true,
        processes: false,
        implemented: true,
        tests: Rule::ALL.map(test).to_vec(),
    }
}

/// What the outcome has against the sources by `rule`; none where the rule was judged and kept. A rule
/// that could not be judged fails with an internal error, which says nothing about the sources.
pub fn failure(outcome: &Outcome, rule: Rule) -> Option<Failure> {
    let summary = outcome.summary().find(|summary| summary.rule == rule)?;
    if let Some(why) = summary.unknown {
        return Some(Failure::new(FailureKind::Internal, why));
    }
    let message = match summary.findings {
        0 => return None,
        1 => "1 finding".to_owned(),
        findings => format!("{findings} findings"),
    };
    let mut findings = outcome.of(rule);
    let mut details: Vec<String> =
        findings.by_ref().take(MOST_LISTED).map(ToString::to_string).collect();
    if let more @ 1.. = findings.count() {
        details.push(format!("and {more} more"));
    }
    Some(Failure { details, ..Failure::new(FailureKind::Style, message) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Finding;

    fn outcome(rule: Rule, findings: usize) -> Outcome {
        let mut outcome = Outcome::default();
        let finding = |line| Finding {
            rule,
            file: "src/lib.rs".to_owned(),
            line,
            column: None,
            message: "it says so".to_owned(),
        };
        outcome.add((1..=findings).map(finding));
        outcome
    }

    #[test]
    fn a_rule_fails_with_its_findings_and_the_others_do_not() {
        let outcome = outcome(Rule::Unused, MOST_LISTED + 23);
        let failure = failure(&outcome, Rule::Unused).unwrap();
        assert_eq!((failure.kind, &*failure.message), (FailureKind::Style, "123 findings"));
        assert_eq!(failure.details[1], "src/lib.rs:2: it says so");
        assert_eq!(failure.details.len(), MOST_LISTED + 1);
        assert_eq!(failure.details[MOST_LISTED], "and 23 more");
        assert_eq!(super::failure(&outcome, Rule::Lints), None);
    }

    #[test]
    fn all_findings_are_listed_where_there_is_room() {
        let failure = failure(&outcome(Rule::Lints, MOST_LISTED), Rule::Lints).unwrap();
        assert_eq!(failure.details.len(), MOST_LISTED);
        assert_eq!(
            super::failure(&outcome(Rule::Lints, 1), Rule::Lints).unwrap().message,
            "1 finding"
        );
    }

    #[test]
    fn a_rule_that_could_not_be_judged_is_no_pass_and_no_fault_of_the_submission() {
        let mut outcome = outcome(Rule::Lints, 3);
        outcome.unknown(Rule::Lints, "clippy-driver is not installed");
        let failure = failure(&outcome, Rule::Lints).unwrap();
        assert_eq!(failure.kind, FailureKind::Internal);
        assert_eq!(failure.message, "clippy-driver is not installed");
    }

    #[test]
    fn there_is_a_test_for_each_rule_with_the_points_that_a_course_gives() {
        let info = info(|rule| if rule == Rule::Lints { 7 } else { rule.default_points() });
        assert!(info.reads);
        let tests = info.tests.iter().map(|test| (test.id.as_str(), test.points));
        let expected = [
            ("style/formatting", 2),
            ("style/lints", 7),
            ("style/todo-comments", 1),
            ("style/commented-out-code", 1),
            ("style/unused", 2),
            ("style/missing-docs", 2),
        ];
        assert_eq!(tests.collect::<Vec<_>>(), expected);
    }
}
