//! The comparison as text for a person: what changed, most important first, and one line that says it all.

use super::{Change, Compared, Comparison, CostChange, Counts, Figure};
use crate::table::{Align, Table};
use crate::terminal::text::{Ink, plain};
use crate::terminal::{Options, Page};
use crate::units::{bytes, count, duration, percent, plural};

/// Most new failures that are told of a test.
const FAILURES_TOLD: usize = 3;

/// The sections, in order: what is said of them, and the tests in them.
const SECTIONS: [(Change, Ink, &str); 8] = [
    (Change::Worse, Ink::Bad, "worse"),
    (Change::Flakier, Ink::Bad, "flakier"),
    (Change::Better, Ink::Good, "better"),
    (Change::Steadier, Ink::Good, "steadier"),
    (Change::Undecided, Ink::Doubtful, "undecided: more runs would tell"),
    (Change::New, Ink::Plain, "new"),
    (Change::Gone, Ink::Doubtful, "gone"),
    (Change::Unknown, Ink::Doubtful, "not known: the grader itself failed in a report"),
];

/// The comparison as text, ending in a newline.
pub fn render(comparison: &Comparison, options: Options) -> String {
    let mut page = Page::new(options);
    let Comparison { before, after, .. } = comparison;
    for (label, side) in [("before", before), ("after", after)] {
        let words = format!("{}, {}, seed {}", side.submission, side.started, side.seed);
        page.labelled(0, 8, (label, Ink::Dim), &words);
    }
    for note in &comparison.notes {
        page.wrapped(0, &format!("note: {note}"));
    }
    for (change, ink, words) in SECTIONS {
        let of: Vec<&Compared> =
            comparison.tests.iter().filter(|test| test.change == change).collect();
        if !of.is_empty() {
            page.blank();
            page.inked(ink, &format!("{words}:"));
            rates(&mut page, &of);
            failures(&mut page, &of);
        }
    }
    costs(&mut page, comparison);
    page.blank();
    closing(&mut page, comparison);
    page.into_text()
}

fn rates(page: &mut Page, tests: &[&Compared]) {
    let columns = [
        ("test", Align::Left),
        ("before", Align::Right),
        ("after", Align::Right),
        ("chance of noise", Align::Right),
    ];
    let mut table = Table::new(columns);
    for test in tests {
        // A test with a long name has it on a line of its own.
        table.span(plain(&test.test));
        let cells = [side(test.before), side(test.after), chance(test.p_value)];
        let cells = std::iter::once(String::new()).chain(cells);
        table.row(cells.map(Into::into).collect());
    }
    page.table(2, &table);
}

/// `flaky, 3 of 50`
fn side(counts: Option<Counts>) -> String {
    match counts {
        None => "–".to_owned(),
        Some(Counts { verdict, runs: 0, .. }) => verdict.to_string(),
        Some(Counts { verdict, runs, failed }) => {
            format!("{verdict}, {} of {} failed", count(failed), count(runs))
        }
    }
}

fn chance(p_value: Option<f64>) -> String {
    /// More digits say nothing to anybody.
    const TINY: f64 = 1e-4;
    match p_value {
        None => "–".to_owned(),
        Some(p_value) if p_value < TINY => format!("under {}", percent(TINY)),
        Some(p_value) => percent(p_value),
    }
}

fn failures(page: &mut Page, tests: &[&Compared]) {
    for test in tests.iter().filter(|test| test.change != Change::New) {
        for failure in test.new_failures.iter().take(FAILURES_TOLD) {
            page.wrapped(4, &format!("new in {}: {failure}", test.test));
        }
        let more = test.new_failures.len().saturating_sub(FAILURES_TOLD);
        if more > 0 {
            page.wrapped(4, &format!("and {}", plural(more as u64, "more new failure")));
        }
    }
}

fn costs(page: &mut Page, comparison: &Comparison) {
    let costs = || {
        let tests = comparison.tests.iter();
        tests.flat_map(|test| test.costs.iter().map(move |cost| (test, cost)))
    };
    for (more, ink, words) in [(true, Ink::Bad, "costs more:"), (false, Ink::Good, "costs less:")] {
        let of: Vec<(&Compared, &CostChange)> =
            costs().filter(|(_, cost)| cost.is_more() == more).collect();
        if of.is_empty() {
            continue;
        }
        page.blank();
        page.inked(ink, words);
        for (test, cost) in of {
            let CostChange { figure, before, after, .. } = cost;
            let (what, show): (_, fn(f64) -> String) = match figure {
                Figure::VirtualTime => ("virtual time", duration),
                Figure::Rpcs => ("RPCs", |figure| count(figure as u64)),
                Figure::Bytes => ("bytes", |figure| bytes(figure as u64)),
            };
            let by = percent((after - before).abs() / before);
            let sign = if more { '+' } else { '−' };
            let words =
                format!("{}: {what} {} → {} ({sign}{by})", test.test, show(*before), show(*after));
            page.wrapped(2, &words);
        }
    }
}

fn closing(page: &mut Page, comparison: &Comparison) {
    let regressed = comparison.tests.iter().filter(|test| test.regressed()).count() as u64;
    let same = comparison.tests.iter().filter(|test| test.change == Change::Same).count() as u64;
    let all = plural(comparison.tests.len() as u64, "test");
    let alpha = percent(comparison.alpha);
    if regressed == 0 {
        let words = format!("nothing regressed: {} of {all} as before", count(same));
        page.inked(Ink::Good, &words);
    } else {
        let words = format!("regressed: {} of {all}; {} as before", count(regressed), count(same));
        page.inked(Ink::Bad, &words);
    }
    let words = format!(
        "Noise passes for a change in {alpha} of comparisons at most, of failures and of costs each."
    );
    page.inked(Ink::Dim, &words);
}
