//! An exploration as text for a person: each distinct violation with the shortened history that leads
//! there, then what was watched, then one line that says it all.

use super::findings::LABEL;
use super::properties::ink;
use super::text::{Ink, plain};
use super::{Options, Page};
use crate::exploration::{Case, Exploration, Outcome, Undetermined, Violation};
use crate::model::PropertyReport;
use crate::units::{count, duration, plural};
use crate::verdict::Standing;

/// Most lines of what led to a violation, and of a history, that are shown: the last, for that is where it
/// goes wrong. The JSON report has them all.
const LINES_SHOWN: usize = 30;

/// The exploration as text, ending in a newline.
pub fn render(exploration: &Exploration, options: Options) -> String {
    let mut page = Page::new(options);
    for (place, found) in exploration.violations.iter().enumerate() {
        page.blank();
        violation(&mut page, place + 1, found, exploration);
    }
    properties(&mut page, &exploration.properties);
    undetermined(&mut page, &exploration.undetermined);
    closing(&mut page, exploration);
    page.text
}

fn violation(page: &mut Page, number: usize, found: &Violation, exploration: &Exploration) {
    const INDENT: usize = 3;
    let case = found.told();
    let headline = page.pen.paint(Ink::Bad, &case.headline());
    let often = match found.runs {
        1 => format!("run {}", count(found.run + 1)),
        runs => format!(
            "{} of {}, the first is run {}",
            count(runs),
            plural(exploration.runs, "run"),
            count(found.run + 1)
        ),
    };
    page.line(&format!("{number}. {headline} ({often})"));
    page.wrapped(INDENT, &case.failure.message);
    if let Some(place) = &case.failure.location {
        page.labelled(INDENT, LABEL, ("at", Ink::Dim), place);
    }
    if !case.failure.details.is_empty() {
        page.blank();
        page.wrapped(INDENT, "What led there:");
        lines(page, INDENT + 2, &case.failure.details);
    }
    page.blank();
    page.wrapped(INDENT, &shrinking(found));
    lines(page, INDENT + 2, &case.history);
    page.blank();
    page.verbatim(INDENT, "replay", Ink::Command, Some(&case.replay));
}

fn lines(page: &mut Page, indent: usize, lines: &[String]) {
    let hidden = lines.len().saturating_sub(LINES_SHOWN);
    if hidden > 0 {
        let earlier = plural(hidden as u64, "earlier line");
        page.wrapped(indent, &format!("… {earlier}, which a JSON report has"));
    }
    for line in &lines[hidden..] {
        page.wrapped(indent, line);
    }
}

/// "Shrunk from 61 events to 4, from 7 servers to 3, from 8.2 s to 1.5 s, in 512 attempts:"
fn shrinking(found: &Violation) -> String {
    let Case { servers, events, until_s, .. } = &found.found;
    let size = |case: &Case| {
        let events = plural(case.events as u64, "event");
        format!("{events}, {}, {} s", plural(case.servers as u64, "server"), case.until_s)
    };
    match (&found.shrunk, found.reproduced) {
        (Some(small), _) => format!(
            "Shrunk from {events} events to {}, from {servers} servers to {}, from {until_s} s to {} s, \
             in {}:",
            small.events,
            small.servers,
            small.until_s,
            plural(found.tries, "attempt"),
        ),
        (None, Some(false)) => format!(
            "Run once more it did not fail in the same way: the submission does not do the same thing \
             twice, so it could not be made smaller ({}):",
            size(&found.found)
        ),
        (None, Some(true)) => {
            format!("Nothing smaller fails in the same way ({}):", size(&found.found))
        }
        (None, None) => format!("As it was found ({}):", size(&found.found)),
    }
}

fn properties(page: &mut Page, properties: &[PropertyReport]) {
    if properties.is_empty() {
        return;
    }
    page.blank();
    page.inked(Ink::Bold, "Watched all the time:");
    let width = properties.iter().map(|known| known.property.chars().count()).max().unwrap_or(0);
    for known in properties {
        let PropertyReport { property, standing, held, violated, checks, reasons, .. } = known;
        let said = match standing {
            Standing::NotObserved => {
                let why = reasons.first().map(|reason| format!(": {}", plain(&reason.reason)));
                format!("so nothing is said about it{}", why.unwrap_or_default())
            }
            Standing::Violated => plural(*violated, "run"),
            Standing::Held | Standing::HeldInPart => {
                format!("{} in {}", plural(*checks, "check"), plural(*held, "run"))
            }
        };
        let word = match standing {
            Standing::Held | Standing::HeldInPart => "not violated",
            Standing::NotObserved => "not observed",
            Standing::Violated => "violated",
        };
        let word = page.pen.paint(ink(*standing), &format!("{word:12}"));
        page.line(&format!("  {:width$}  {word}  {said}", plain(property)));
    }
}

fn undetermined(page: &mut Page, undetermined: &Undetermined) {
    if undetermined.runs == 0 {
        return;
    }
    page.blank();
    let runs = plural(undetermined.runs, "run");
    page.inked(Ink::Doubtful, &format!("Nothing can be said about {runs}:"));
    for message in &undetermined.messages {
        page.wrapped(2, message);
    }
    page.verbatim(2, "replay", Ink::Command, undetermined.replay.as_deref());
}

fn closing(page: &mut Page, exploration: &Exploration) {
    let Exploration { runs, mixes, virtual_s, wall_s, commits, .. } = exploration;
    page.blank();
    page.wrapped(
        0,
        &format!(
            "{} in {} ({:.0} a second), {} of simulated time, {} of faults, workloads and policies; \
             {}",
            plural(*runs, "run"),
            duration(*wall_s),
            *runs as f64 / wall_s.max(f64::EPSILON),
            duration(*virtual_s),
            plural(*mixes, "distinct combination"),
            plural(*commits, "commit"),
        ),
    );
    if let Some(sandbox) = &exploration.sandbox {
        super::confinement(page, sandbox);
    }
    let (ink, words) = match exploration.outcome {
        Outcome::Violation => {
            let many = plural(exploration.violations.len() as u64, "distinct violation");
            (Ink::Bad, many)
        }
        Outcome::Undetermined => (Ink::Doubtful, "undetermined: nothing was found".to_owned()),
        Outcome::NothingFound => (Ink::Good, "nothing found, which is no proof".to_owned()),
    };
    let unseen = exploration.properties.iter();
    let unseen = unseen.filter(|property| property.standing == Standing::NotObserved);
    let but = match unseen.count() {
        0 => String::new(),
        1 => "; 1 property was not observed".to_owned(),
        many => format!("; {many} properties were not observed"),
    };
    let interrupted = if exploration.interrupted { " (interrupted)" } else { "" };
    page.inked(ink, &format!("{words}{but}{interrupted}, seed {}", exploration.seed));
}
