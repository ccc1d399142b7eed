//! How long the iterations took of suites that have a limit as a whole.

use protocol::Clock;

use super::Page;
use super::text::{Ink, plain};
use crate::model::{IterationReport, Report};
use crate::units::{Scaled, count, duration, plural};

/// A line for each group of suites that is within its limit, more for one that is not.
pub(super) fn section(page: &mut Page, report: &Report) {
    let timed = |all: &&IterationReport| all.over > 0 || all.iteration_s.is_some();
    for all in report.iterations.iter().filter(timed) {
        page.blank();
        let took = took(all, report.clock);
        if all.over == 0 {
            let limit = duration(all.limit_s);
            page.wrapped(0, &format!("{}: {took}; the limit is {limit}", all.name));
        } else {
            over(page, all);
            page.wrapped(2, &took);
        }
    }
}

/// `one iteration of part1, part2 takes 43.1/45.2/48.8 s of virtual time`; nothing of what was not
/// measured.
pub(crate) fn took(all: &IterationReport, clock: Clock) -> String {
    let Some(spread) = all.iteration_s else { return String::new() };
    let kind = if clock == Clock::Sim { " of virtual time" } else { "" };
    let unmeasured = match all.unmeasured {
        0 => String::new(),
        some => format!(" ({} could not be measured)", plural(some, "iteration")),
    };
    let takes = Scaled::durations(spread).all();
    format!("one iteration of {} takes {takes}{kind}{unmeasured}", all.suites.join(", "))
}

fn over(page: &mut Page, all: &IterationReport) {
    let name = page.pen.paint(Ink::Bold, &plain(&all.name));
    let verdict = page.pen.paint(Ink::Bad, "over its time limit");
    page.line(&format!("{name}: {verdict}"));
    let (over, limit) = (count(all.over), duration(all.limit_s));
    let iterations = plural(all.ended.max(all.over), "iteration");
    let suites = all.suites.join(", ");
    page.wrapped(
        2,
        &format!("{over} of {iterations} of {suites} took longer than the {limit} allowed"),
    );
    let earliest: Vec<String> = all
        .earliest_over
        .iter()
        .map(|over| format!("iteration {}: {}", count(over.iteration + 1), duration(over.time_s)))
        .collect();
    let unlisted = all.over.saturating_sub(earliest.len() as u64);
    let more = if unlisted > 0 { format!(" and {} more", count(unlisted)) } else { String::new() };
    page.wrapped(2, &format!("{}{more}", earliest.join(", ")));
}
