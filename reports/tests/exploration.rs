//! An exploration as text and as JSON.

mod schemas;

use insta::assert_snapshot;
use protocol::{Failure, FailureKind, Policy};
use reports::exploration::{self, Case, Exploration, Outcome, SCHEMA, Undetermined, Violation};
use reports::model::{PropertyReport, Reason};
use reports::terminal::{self, Options};
use reports::verdict::Standing;
use reports::{Seed, Submission, Tool};

use schemas::{obeys, schema};

fn render(exploration: &Exploration) -> String {
    terminal::exploration::render(exploration, Options { width: 80, color: false })
}

fn property(name: &str, standing: Standing, checks: u64, why: Option<&str>) -> PropertyReport {
    let runs = |when| if standing == when { 1_200 } else { 0 };
    let reason = |why: &str| Reason { reason: why.to_owned(), runs: 1_200 };
    PropertyReport {
        property: name.to_owned(),
        standing,
        held: runs(Standing::Held),
        not_observed: runs(Standing::NotObserved),
        violated: runs(Standing::Violated),
        checks,
        reasons: why.map(reason).into_iter().collect(),
    }
}

fn clean() -> Exploration {
    Exploration {
        schema: SCHEMA.to_owned(),
        tool: Tool { name: "grader".to_owned(), version: "1.2.3".to_owned() },
        submission: Submission { name: "my-raft".to_owned(), path: None },
        seed: Seed(7),
        started: "2030-01-02T03:04:05Z".parse().unwrap(),
        outcome: Outcome::Undetermined,
        interrupted: false,
        servers: vec![3, 5, 7],
        policy: None,
        runs: 1_200,
        commits: 34_567,
        wall_s: 5.5,
        virtual_s: 9_600.0,
        mixes: 1_150,
        properties: vec![
            property("election safety", Standing::Held, 52_000, None),
            property("log matching", Standing::NotObserved, 0, Some("no traffic was seen")),
        ],
        violations: Vec::new(),
        undetermined: Undetermined::default(),
        sandbox: None,
    }
}

fn case(failure: Failure, scenario: &str, events: usize, servers: usize, until_s: f64) -> Case {
    Case {
        failure,
        scenario: scenario.to_owned(),
        events,
        servers,
        until_s,
        seed: Seed(u64::MAX),
        policy: Policy::Random { delay_one_in: 10 },
        history: vec![
            "   0.500 s  submit: server 1 accepts 1 at index 1 in term 1".to_owned(),
            "   0.502 s  crash leader: server 1".to_owned(),
        ],
        virtual_s: Some(1.25),
        trace_hash: Some("00000000000000ff".to_owned()),
        replay: format!("grader replay -S me --scenario '{scenario}' --seed 18446744073709551615"),
    }
}

fn safety() -> Failure {
    Failure {
        property: Some("election safety".to_owned()),
        details: vec!["   0.350 s  server 1 asks for votes in term 2".to_owned()],
        ..Failure::new(FailureKind::Safety, "servers 1 and 2 both lead term 2")
    }
}

fn violations() -> Exploration {
    let shrunk = case(safety(), "servers 3; until 1.2s; 0.5 submit; 0.502 crash leader", 2, 3, 1.2);
    let first = Violation {
        runs: 3,
        run: 16,
        reproduced: Some(true),
        found: case(safety(), "servers 7; until 8s; …", 61, 7, 8.0),
        shrunk: Some(shrunk),
        tries: 512,
        shrink_s: 2.5,
    };
    let message = "no progress after everything has healed";
    let no_progress = Failure::new(FailureKind::Liveness, message);
    let second = Violation {
        runs: 1,
        run: 99,
        reproduced: Some(false),
        found: case(no_progress, "servers 3; until 8s; 1 heal", 1, 3, 8.0),
        shrunk: None,
        tries: 1,
        shrink_s: 0.1,
    };
    let mut exploration = clean();
    exploration.outcome = Outcome::Violation;
    exploration.properties[0] = property("election safety", Standing::Violated, 52_000, None);
    exploration.violations = vec![first, second];
    exploration
}

fn undetermined() -> Exploration {
    Exploration {
        outcome: Outcome::Undetermined,
        interrupted: true,
        policy: Some(Policy::Fifo),
        undetermined: Undetermined {
            runs: 2,
            messages: vec!["killed: still running after 60 s of wall time".to_owned()],
            replay: Some(
                "grader replay -S me --scenario 'servers 3; until 1s' --seed 1".to_owned(),
            ),
        },
        ..clean()
    }
}

#[test]
fn a_clean_exploration_claims_no_more_than_it_saw() {
    assert_snapshot!(render(&clean()));
}

#[test]
fn a_violation_is_told_by_its_smallest_case() {
    assert_snapshot!(render(&violations()));
}

#[test]
fn what_was_not_judged_is_no_pass() {
    assert_snapshot!(render(&undetermined()));
}

#[test]
fn a_long_history_is_shown_from_its_end() {
    let mut exploration = violations();
    let history = (0..200).map(|i| format!("{i} heal")).collect();
    exploration.violations.truncate(1);
    exploration.violations[0].shrunk.as_mut().unwrap().history = history;
    let text = render(&exploration);
    assert!(
        text.contains("… 170 earlier lines, which a JSON report has\n     170 heal\n"),
        "{text}"
    );
    assert!(text.contains("     199 heal\n"), "{text}");
}

#[test]
fn what_is_written_obeys_the_schema() {
    let schema = schema(include_str!("../schema/exploration-1.schema.json"));
    for exploration in [clean(), violations(), undetermined()] {
        let text = exploration::json(&exploration);
        obeys(&schema, &text);
        assert_eq!(serde_json::from_str::<Exploration>(&text).unwrap(), exploration);
    }
}
