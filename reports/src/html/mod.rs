//! The report as a page: one file that needs nothing else, from any disk.
//!
//! ```text
//! report ─► view      what is said, in words, test by test
//!        ─► template  templates/*.html, which escape whatever they are given
//!        ─► bundle    styles and scripts inside the page, and a policy that lets nothing else run
//! ```
//!
//! | module | what |
//! | --- | --- |
//! | `view` | the report in words |
//! | [`audit`] | an audit of the suites, as a page of its own |
//! | `head` | the head of a page, and its foot |
//! | `rate` | a rate and its interval, as a bar |
//! | `strip` | the runs of a test as marks in a row |
//! | `runs` | the figures of single runs, for charts and for whoever points at a mark |
//! | [`timelines`] | the pictures of failing runs, as far as there is room |
//! | `bundle` | styles, scripts, and the policy |
//!
//! Two lines guard against what a submission says: templates escape it, and no script runs whose hash the page does
//! not name in its first lines.

pub mod audit;
mod bundle;
mod head;
mod rate;
mod runs;
mod strip;
pub mod timelines;
mod view;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value};
use serde::Serialize;

use crate::account::words;
use crate::model::Report;
use crate::timeline::Timeline;
use crate::timeline::file::Payload;
use bundle::Bundle;
use timelines::Timelines;
use view::Page;

const TEMPLATES: [(&str, &str); 9] = [
    ("audit.html", include_str!("../../templates/audit.html")),
    ("audit-bug.html", include_str!("../../templates/audit-bug.html")),
    ("audit-variant.html", include_str!("../../templates/audit-variant.html")),
    ("base.html", include_str!("../../templates/base.html")),
    ("failure.html", include_str!("../../templates/failure.html")),
    ("macros.html", include_str!("../../templates/macros.html")),
    ("page.html", include_str!("../../templates/page.html")),
    ("run.html", include_str!("../../templates/run.html")),
    ("test.html", include_str!("../../templates/test.html")),
];

/// A page of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run<'a> {
    /// What was run: `part2/re-election, seed 7`.
    pub title: &'a str,
    /// What came of it: `passed`, or why not.
    pub outcome: &'a str,
    /// Whether it passed.
    pub passed: bool,
    /// The command that repeats it.
    pub replay: &'a str,
}

/// What the template of [`run`] is given.
#[derive(Serialize)]
struct RunPage<'a> {
    title: String,
    outcome: String,
    passed: bool,
    replay: String,
    payload: &'a str,
    bundle: Bundle,
}

/// What the template of [`render`] is given.
#[derive(Serialize)]
struct ReportPage<'a> {
    title: String,
    page: Page<'a>,
    /// The figures of single runs.
    runs: String,
    bundle: Bundle,
}

/// The report as a page, with these timelines.
pub fn render(report: &Report, timelines: &Timelines) -> String {
    let page = Page::of(report, timelines);
    let title = page.head.title();
    let runs = runs::payload(report);
    fill("page.html", ReportPage { title, page, runs, bundle: Bundle::of(&bundle::RUNS) })
}

/// One run as a page: its timeline and what came of it.
pub fn run(run: &Run<'_>, timeline: &Timeline) -> String {
    let payload = Payload::of(timeline);
    let page = RunPage {
        title: words(run.title),
        outcome: words(run.outcome),
        passed: run.passed,
        replay: crate::terminal::text::plain(run.replay),
        payload: payload.as_str(),
        bundle: Bundle::of(&bundle::RUNS),
    };
    fill("run.html", page)
}

fn fill(template: &str, with: impl Serialize) -> String {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    for (name, text) in TEMPLATES {
        environment.add_template(name, text).expect("templates are valid");
    }
    let template = environment.get_template(template).expect("there is such a template");
    template.render(Value::from(Serde(with))).expect("a template is filled with what it asks for")
}
