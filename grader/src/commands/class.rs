//! `grader class`.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use protocol::Catalogue;
use reports::Aggregate;
use reports::class::{self, Class};
use reports::terminal::Options;
use runner::CancelToken;
use runner::shares::Shares;

use crate::build::program::Workshop;
use crate::build::shelf::Shelf;
use crate::class::grade::{Desk, digest};
use crate::class::journal::{Journal, Terms};
use crate::class::plan::ClassPlan;
use crate::class::progress::Progress;
use crate::class::roster::{self, Entry};
use crate::class::shelves::Shelves;
use crate::cli::ClassArgs;
use crate::cli::values::Seed;
use crate::crew::workplace::Workplace;
use crate::crew::{self, Crew, Message};
use crate::exit::{self, CLASS_UNFINISHED, Outcome, PASSED, Stop, WRITE_FAILED};
use crate::plan::Base;
use crate::signals::Interrupt;
use crate::terminal::Screen;

/// Grades what is not graded yet, and sums up.
pub(crate) fn class(args: ClassArgs, base: &Base) -> Outcome {
    let start = Instant::now();
    let mut plan = ClassPlan::new(args, &base.settings)?;
    let entries = match &plan.list {
        Some(list) => roster::of_list(list, &plan.folder)?,
        None => roster::of_folder(&plan.folder)?,
    };
    let shelves = Shelves::prepare(&plan.out)?;
    let interrupt = Interrupt::listen()?;

    let toolkit = base.toolkit()?;
    let settings = &base.settings.build;
    let shelf = Shelf::build(&toolkit, settings, &interrupt)?;
    let shows = false;
    let workshop = Workshop {
        toolkit: &toolkit,
        shelf: &shelf,
        sandbox: &base.sandbox,
        settings,
        interrupt: &interrupt,
        shows,
    };
    let catalogue = workshop.suites()?;
    plan.marking.check(&catalogue)?;
    let of = points(&plan, &catalogue)?;
    let mut terms = Terms::new(plan.tests.seed, plan.terms());
    let mut journal = Journal::open(shelves.folder(), &mut terms, plan.seed_given)?;
    plan.tests.seed = terms.seed;
    let shares = Shares::new(plan.tests.jobs.shares());
    let workplace = Workplace { base, workshop, shares: &shares };
    let desk = Desk { plan: &plan, workplace, shelves: &shelves, of };

    let waiting: Vec<&Entry> =
        entries.iter().filter(|entry| journal.find(&entry.id, &digest(entry)).is_none()).collect();
    Screen::Stdout.print(&heading(&plan, entries.len(), waiting.len()))?;
    let deadline = plan.deadline.map(|time| start + time);
    let trouble = grade_all(&desk, &waiting, deadline, &mut journal);

    let summary = sum_up(&plan, &entries, &journal);
    write(&summary, &shelves)?;
    let options = Options { width: Screen::Stdout.width(), color: true };
    let out = shelves.folder().display();
    Screen::Stdout.print(&format!(
        "\n{}reports, summary.csv and summary.json in {out}\n",
        class::to_text(&summary, options)
    ))?;
    Ok(match (interrupt.signal(), trouble) {
        (Some(signal), _) => exit::interrupted(signal),
        (None, Some(code)) => code,
        (None, None) if summary.waiting > 0 => CLASS_UNFINISHED,
        (None, None) => PASSED,
    })
}

/// Grades `waiting`; the exit code of what was in the way, if something was.
fn grade_all(
    desk: &Desk<'_>,
    waiting: &[&Entry],
    deadline: Option<Instant>,
    journal: &mut Journal,
) -> Option<u8> {
    let progress = Progress::new(waiting.len(), desk.workplace.base.progress);
    let interrupt = desk.workplace.workshop.interrupt;
    let crew =
        Crew { interrupt, time: desk.plan.submission_time, at_once: crew::at_once(), deadline };
    let grade = |entry: &&Entry, cancel: &CancelToken| desk.grade(entry, cancel);
    let mut trouble = None;
    crew.each(waiting, grade, |message| match message {
        Message::Begun(entry) => progress.begun(&entry.id),
        Message::Ended(entry, outcome) => {
            match (*outcome).and_then(|done| journal.add(done.clone()).map(|()| done)) {
                Ok(done) => progress.done(&done.row),
                Err(_) if interrupt.signal().is_some() => {}
                Err(stop) => {
                    progress.failed(&entry.id, &stop);
                    let code =
                        if stop.code == WRITE_FAILED { WRITE_FAILED } else { CLASS_UNFINISHED };
                    trouble.get_or_insert(code);
                }
            }
        }
    });
    trouble
}

/// Points that there are for a submission.
fn points(plan: &ClassPlan, catalogue: &Catalogue) -> Outcome<f64> {
    plan.tests.world.limits.check(catalogue)?;
    let suites = plan.tests.selection.apply(catalogue)?;
    let about = reports::Session {
        tool: super::tool(),
        seed: plan.tests.seed,
        clock: plan.tests.world.clock,
        policy: plan.tests.world.policy,
        submission: reports::Submission { name: catalogue.submission.clone(), path: None },
        started: Timestamp::now(),
        logs: None,
        sandbox: None,
        notes: Vec::new(),
    };
    let nothing = Aggregate::new(suites, plan.tests.count).report(&about, Duration::ZERO, false);
    let of = plan.marking.scheme.score(&nothing).of;
    if of > 0.0 { Ok(of) } else { Err(Stop::usage("the selected tests give no points at all")) }
}

/// What is about to be done.
fn heading(plan: &ClassPlan, entries: usize, waiting: usize) -> String {
    let done = match entries - waiting {
        0 => String::new(),
        done => format!(", {done} of them done before"),
    };
    let (count, seed) = (plan.tests.count, Seed(plan.tests.seed));
    let at_once = crew::at_once();
    format!(
        "{entries} submissions{done}; {count} runs of each test, {at_once} submissions at a time, seed {seed}\n"
    )
}

/// What became of the class so far, in the order of the roster.
fn sum_up(plan: &ClassPlan, entries: &[Entry], journal: &Journal) -> Class {
    let done = |entry: &Entry| {
        let done = journal.find(&entry.id, &digest(entry))?;
        let mut row = done.row.clone();
        // As the list has it now.
        row.name.clone_from(&entry.name);
        row.columns.clone_from(&entry.columns);
        Some(row)
    };
    let submissions: Vec<_> = entries.iter().filter_map(done).collect();
    Class {
        schema: class::SCHEMA.to_owned(),
        tool: super::tool(),
        seed: reports::Seed(plan.tests.seed),
        clock: plan.tests.world.clock,
        count: plan.tests.count,
        flaky: plan.marking.scheme.flaky,
        waiting: (entries.len() - submissions.len()) as u64,
        submissions,
    }
}

fn write(summary: &Class, shelves: &Shelves) -> Outcome<()> {
    shelves.write_summary("summary.csv", &class::to_csv(summary))?;
    shelves.write_summary("summary.json", &summary.to_json())
}
