//! `grader audit`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use protocol::Clock;
use reports::audit::{self, AboutBug, AboutVariant, Audit, Bug, BugStatus, Variant};
use reports::units::plural;
use runner::CancelToken;
use runner::shares::Shares;
use tempfile::TempDir;

use crate::audit::about::About;
use crate::audit::corpus;
use crate::audit::dependencies;
use crate::audit::outputs::Outputs;
use crate::audit::plan::AuditPlan;
use crate::audit::progress::Progress;
use crate::audit::reference::Reference;
use crate::audit::trial::{Case, Court, Either, Finding};
use crate::build::program::Workshop;
use crate::build::shelf::Shelf;
use crate::cli::AuditArgs;
use crate::cli::values::Seed;
use crate::crew::workplace::Workplace;
use crate::crew::{self, Crew, Message};
use crate::exit::{self, AUDIT_FAILED, NO_TESTS, Outcome, PASSED, SETUP, Stop};
use crate::plan::Base;
use crate::plan::toolkit::Toolkit;
use crate::signals::Interrupt;
use crate::suggest::nearest;

/// Wall time for one entry, building included, for each so many iterations of its suites.
const ENTRY_TIME: Duration = Duration::from_mins(20);
const ITERATIONS: u64 = 50;

/// Entries at a time for one that a class would have: those whose runs sleep leave much of the machine to others.
const OVERLAP: usize = 2;

/// Makes a package of each entry, builds and runs it, explores what is left to that, and sums up.
pub(crate) fn audit(args: AuditArgs, base: &Base) -> Outcome {
    let start = Instant::now();
    let plan = AuditPlan::new(args, &base.settings)?;
    let outputs = Outputs::open(plan.json.as_ref(), plan.html.as_ref())?;
    let screen = outputs.screen();
    let toolkit = base.toolkit()?;
    let folder = tempfile::tempdir()
        .map_err(|error| Stop::new(SETUP, format!("cannot make a folder: {error}")))?;
    let references = references(&plan, &toolkit)?;
    let cases = cases(&plan, &toolkit, &references, &folder)?;
    let interrupt = Interrupt::listen()?;

    let mut settings = base.settings.build.clone();
    for reference in references.values() {
        settings.dependencies.extend(reference.uncommon(&toolkit).map_err(broken)?);
    }
    for case in &cases {
        dependencies::add(&mut settings.dependencies, &case.name(), case.brought())
            .map_err(|why| Stop::new(SETUP, why))?;
    }
    let shelf = Shelf::build(&toolkit, &settings, &interrupt)
        .map_err(|stop| blame_who_brought(stop, &cases))?;
    let workshop = Workshop {
        toolkit: &toolkit,
        shelf: &shelf,
        sandbox: &base.sandbox,
        settings: &settings,
        interrupt: &interrupt,
        shows: false,
    };
    let catalogue = workshop.suites()?;
    check_tests(
        &cases,
        catalogue.suites.iter().flat_map(|suite| &suite.tests).map(|test| &*test.id),
    )?;
    let shares = Shares::new(plan.jobs.shares());
    let workplace = Workplace { base, workshop, shares: &shares };
    let logs = folder.path().join("logs");
    let court = Court { plan: &plan, workplace, catalogue: &catalogue, logs: &logs };

    screen.print(&heading(&plan, &cases))?;
    let (mut bugs, variants, trouble) = try_all(&court, &cases, &interrupt);
    bugs = explore(&court, &cases, bugs)?;
    let found = Audit {
        schema: audit::SCHEMA.to_owned(),
        tool: super::tool(),
        seed: reports::Seed(plan.seed),
        clock: Clock::Sim,
        count: plan.count,
        exhaustive: plan.exhaustive,
        real_count: plan.real_count,
        variants_count: plan.variants_count,
        interrupted: bugs.len() + variants.len() < cases.len(),
        wall_s: (start.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
        tests: audit::worths(&bugs, |lab| {
            let lab = plan.labs.each().find(|known| known.name == lab);
            lab.map_or(plan.count, |lab| court.count(lab, plan.count))
        }),
        bugs,
        variants,
    };
    let shown = screen.print(&format!("\n{}", screen.render_audit(&found)));
    outputs.write(&found)?;
    shown?;
    Ok(match (interrupt.signal(), trouble) {
        (Some(signal), _) => exit::interrupted(signal),
        (None, Some(code)) => code,
        (None, None) => code(&found),
    })
}

/// The references of the labs with entries that are meant, by name: what others depend on need not be built.
fn references(plan: &AuditPlan, toolkit: &Toolkit) -> Outcome<BTreeMap<&'static str, Reference>> {
    let has_entries = |lab: &str| {
        [AboutBug::FOLDER, AboutVariant::FOLDER].iter().any(|kind| {
            let names = corpus::names(&toolkit.root().join(kind).join(lab)).unwrap_or_default();
            names.iter().any(|name| plan.is_meant(&format!("{lab}/{name}")))
        })
    };
    let labs = plan.labs.each().filter(|lab| has_entries(lab.name));
    labs.map(|lab| Reference::read(toolkit, lab).map(|reference| (lab.name, reference)))
        .collect::<Result<_, _>>()
        .map_err(broken)
}

/// Every entry that is meant, with its package, which is made in `folder`.
fn cases(
    plan: &AuditPlan,
    toolkit: &Toolkit,
    references: &BTreeMap<&'static str, Reference>,
    folder: &TempDir,
) -> Outcome<Vec<Either>> {
    if !toolkit.root().join(AboutBug::FOLDER).is_dir() {
        let message =
            "only a clone of the toolkit has `bugs` and `variants`; name one with --toolkit DIR";
        return Err(Stop::new(SETUP, message));
    }
    let mut wrong = Vec::new();
    let mut cases = Vec::new();
    let only = plan.only.as_ref();
    let bugs = made::<AboutBug>(plan, toolkit, references, folder.path(), &mut wrong);
    cases.extend(bugs.into_iter().map(Either::Bug));
    let variants = made::<AboutVariant>(plan, toolkit, references, folder.path(), &mut wrong);
    cases.extend(variants.into_iter().map(Either::Variant));
    match (wrong.split_last(), only) {
        (None, _) if !cases.is_empty() => Ok(cases),
        (None, Some(only)) => {
            Err(Stop::new(NO_TESTS, format!("no entry of the corpus matches `{only}`")))
        }
        (None, None) => Err(Stop::new(NO_TESTS, "the corpus has no entry for that lab")),
        (Some((last, others)), _) => {
            let details: String = others.iter().flat_map(|one| [one.as_str(), "\n"]).collect();
            Err(Stop::new(SETUP, last.clone()).with_details(details))
        }
    }
}

/// The cases of one kind; what is wrong with others is added to `wrong`.
fn made<A: About>(
    plan: &AuditPlan,
    toolkit: &Toolkit,
    references: &BTreeMap<&'static str, Reference>,
    folder: &Path,
    wrong: &mut Vec<String>,
) -> Vec<Case<A>> {
    let (entries, bad) = corpus::read::<A>(toolkit.root(), plan.labs);
    wrong.extend(bad);
    let mut cases = Vec::new();
    for entry in entries {
        if !plan.is_meant(&entry.name()) {
            continue;
        }
        match Case::of(entry, toolkit, references, folder) {
            Ok(case) => cases.push(case),
            Err(why) => wrong.push(why),
        }
    }
    cases
}

/// When what is added to the shelf does not build, it need not be what the message says: entries bring more along.
fn blame_who_brought(stop: Stop, cases: &[Either]) -> Stop {
    let brings = cases.iter().filter(|case| !case.brought().is_empty());
    let names: Vec<String> = brings.map(Either::name).collect();
    if names.is_empty() {
        return stop;
    }
    let message = format!("with what {} brings along, {}", names.join(", "), stop.message);
    Stop { message, ..stop }
}

/// Refuses names of tests that do not exist.
fn check_tests<'a>(cases: &[Either], known: impl Iterator<Item = &'a str> + Clone) -> Outcome<()> {
    for case in cases {
        let (file, tests): (_, Vec<&str>) = match case {
            Either::Bug(case) => {
                (AboutBug::FILE, case.about.tests.iter().map(String::as_str).collect())
            }
            Either::Variant(case) => {
                let skipped = case.about.skipped.iter().map(|skipped| skipped.what.as_str());
                (AboutVariant::FILE, skipped.filter(|what| what.contains('/')).collect())
            }
        };
        if let Some(unknown) = tests.iter().find(|test| !known.clone().any(|known| known == **test))
        {
            let meant = nearest(unknown, known.clone())
                .map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"));
            let message = format!(
                "{file} of {} names the test `{unknown}`, which is none{meant}",
                case.name()
            );
            return Err(Stop::new(SETUP, message));
        }
    }
    Ok(())
}

/// What is about to be done. The seed stands here, so that it is known whatever happens.
fn heading(plan: &AuditPlan, cases: &[Either]) -> String {
    let bugs = cases.iter().filter(|case| matches!(case, Either::Bug(_))).count();
    let variants = cases.len() - bugs;
    let most = if plan.exhaustive { "" } else { "at most " };
    format!(
        "{}, {most}{} of each suite; {}, {} of each suite; seed {}\n",
        plural(bugs as u64, "bug"),
        plural(plan.count, "iteration"),
        plural(variants as u64, "correct variant"),
        plural(plan.variants_count, "iteration"),
        Seed(plan.seed),
    )
}

/// Tries every case, several at a time; what became of them in the order of the cases, and the exit code of what was in
/// the way, if something was.
fn try_all(
    court: &Court<'_>,
    cases: &[Either],
    interrupt: &Interrupt,
) -> (Vec<Bug>, Vec<Variant>, Option<u8>) {
    let progress = Progress::new(cases.len());
    let plan = court.plan;
    let parts = plan.count.max(plan.variants_count).div_ceil(ITERATIONS);
    let crew = Crew {
        interrupt,
        time: ENTRY_TIME * u32::try_from(parts).unwrap_or(u32::MAX),
        at_once: OVERLAP * crew::at_once(),
        deadline: None,
    };
    // First those that take longest.
    let mut order: Vec<&Either> = cases.iter().collect();
    order.sort_by_key(|case| court.clock(case.lab()) == Clock::Sim);
    let try_one = |case: &&Either, cancel: &CancelToken| court.try_one(case, cancel);
    let mut findings: BTreeMap<_, Finding> = BTreeMap::new();
    let mut trouble = None;
    crew.each(&order, try_one, |message| match message {
        Message::Begun(case) => progress.begun(case.name()),
        Message::Ended(case, outcome) => match *outcome {
            Ok(finding) => {
                progress.done(&finding);
                findings.insert(case.key(), finding);
            }
            Err(_) if interrupt.signal().is_some() => {}
            Err(stop) => {
                progress.failed(&case.name(), &stop);
                trouble.get_or_insert(stop.code);
            }
        },
    });
    let (mut bugs, mut variants) = (Vec::new(), Vec::new());
    for case in cases {
        match findings.remove(&case.key()) {
            Some(Finding::Bug(bug)) => bugs.push(*bug),
            Some(Finding::Variant(variant)) => variants.push(*variant),
            None => {}
        }
    }
    (bugs, variants, trouble)
}

/// Explores the bugs that are left to that, one after the other, if it is wanted.
fn explore(court: &Court<'_>, cases: &[Either], bugs: Vec<Bug>) -> Outcome<Vec<Bug>> {
    let case_of = |bug: &Bug| {
        cases.iter().find_map(|case| match case {
            Either::Bug(case) if case.about == bug.about => Some(case),
            _ => None,
        })
    };
    let explored = |bug: Bug| match (court.plan.explore, case_of(&bug)) {
        (Some(time), Some(case)) if bug.about.explore && bug.status != BugStatus::Broken => {
            Ok(match court.explore(case, time)? {
                Some(explored) => bug.explored(explored),
                None => bug,
            })
        }
        _ => Ok(bug),
    };
    bugs.into_iter().map(explored).collect()
}

fn broken(why: String) -> Stop {
    Stop::new(SETUP, format!("the toolkit's reference solutions are not as they must be: {why}"))
}

/// The exit code that an audit deserves.
fn code(found: &Audit) -> u8 {
    let good = found.lapses().next().is_none() && found.false_alarms().next().is_none();
    if good { PASSED } else { AUDIT_FAILED }
}
