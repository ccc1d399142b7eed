//! `grader explore`.

use jiff::Timestamp;
use reports::Writer;
use reports::exploration::{self, Exploration, Outcome as Finding};

use crate::build::{self, Harness};
use crate::cli::ExploreArgs;
use crate::cli::values::Seed;
use crate::exit::{self, NO_TESTS, Outcome, Stop};
use crate::explore::account::{About, account};
use crate::explore::haul::{Haul, Violation};
use crate::explore::hunt::hunt;
use crate::explore::mission::Crew;
use crate::explore::plan::ExplorePlan;
use crate::explore::progress::Progress;
use crate::explore::shrink::{Shrunk, shrink};
use crate::plan::Base;
use crate::signals::Interrupt;
use crate::terminal::{self, Screen};

/// Builds, explores, shrinks, reports.
pub(crate) fn explore(args: ExploreArgs, base: &Base) -> Outcome {
    let plan = ExplorePlan::new(args, base)?;
    let json = plan.json.as_deref().map(Writer::open).transpose().map_err(exit::write_failed)?;
    let screen = Screen::beside(json.as_ref());
    let interrupt = Interrupt::listen()?;
    let harness = build::harness(&plan.source, base, &interrupt)?;
    if let Err(why) = runner::addresses::fix() {
        terminal::warn(&format!("{why}; a run may differ where a hash depends on addresses"));
    }
    screen.print(&heading(&plan, &harness))?;

    let started = Timestamp::now();
    let crew = Crew { program: harness.program(), jobs: plan.jobs };
    let mut progress = Progress::new(&plan, base.progress);
    let mut haul = hunt(&plan, &crew, interrupt.cancel(), &mut progress);
    if let Some(message) = haul.not_implemented {
        return Err(Stop::new(NO_TESTS, message));
    }
    let violations = shrink_all(&plan, &crew, &mut haul, &interrupt, &mut progress);
    drop(progress);

    let signal = interrupt.signal();
    let about = About {
        submission: super::submission(&plan.source, &harness, base),
        sandbox: super::sandbox(&harness.sandbox),
        started,
        interrupted: signal.is_some(),
    };
    let found = account(&plan, about, &haul, violations);
    let shown = screen.print(&format!("\n{}", screen.render_exploration(&found)));
    if let Some(json) = json {
        exit::unless_closed(json.write(exploration::json(&found).as_bytes()))?;
    }
    shown?;
    Ok(signal.map_or_else(|| code(&found), exit::interrupted))
}

/// What is about to be explored. The seed stands here, so that it is known whatever happens.
fn heading(plan: &ExplorePlan, harness: &Harness) -> String {
    let servers: Vec<String> = plan.options.servers.iter().map(ToString::to_string).collect();
    let policy =
        plan.policy.map_or_else(|| "mixed policies".to_owned(), |policy| policy.to_string());
    let runs = plan.runs.map(|runs| format!("{runs} runs"));
    let time = plan.time.map(|time| humantime::format_duration(time).to_string());
    let much: Vec<String> = [runs, time].into_iter().flatten().collect();
    format!(
        "{}: exploring for {}, {} at a time, {} servers, {policy}, seed {}\n",
        harness.catalogue.submission,
        much.join(" or "),
        plan.jobs,
        servers.join(", "),
        Seed(plan.seed),
    )
}

/// The violations, the earliest first, each made smaller if that is wanted.
fn shrink_all(
    plan: &ExplorePlan,
    crew: &Crew,
    haul: &mut Haul,
    interrupt: &Interrupt,
    progress: &mut Progress,
) -> Vec<(Violation, Option<Shrunk>)> {
    let mut violations: Vec<Violation> =
        std::mem::take(&mut haul.violations).into_values().collect();
    violations.sort_by_key(|violation| violation.run);
    if !plan.keep_going {
        // The others were under way by chance; the first is the same whatever runs beside it.
        violations.truncate(1);
    }
    violations
        .into_iter()
        .map(|violation| {
            let effort = plan.shrink.filter(|_| interrupt.signal().is_none());
            let shrunk = effort
                .map(|effort| shrink(crew, &violation.ended, effort, interrupt.cancel(), progress));
            (violation, shrunk)
        })
        .collect()
}

/// The exit code that a finding deserves.
fn code(found: &Exploration) -> u8 {
    match found.outcome {
        Finding::Violation => exit::TESTS_FAILED,
        Finding::Undetermined => exit::UNDETERMINED,
        Finding::NothingFound => exit::PASSED,
    }
}
