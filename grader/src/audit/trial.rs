//! One entry, from its package to what became of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use protocol::{Catalogue, Clock};
use reports::Report;
use reports::audit::{AboutBug, AboutVariant, Bug, Explored, Variant};
use runner::CancelToken;
use scenario::Options;
use toml::Table;

use super::about::About;
use super::corpus::Entry;
use super::dependencies;
use super::plan::AuditPlan;
use super::reference::Reference;
use crate::build::manifest::Manifest;
use crate::crew::workplace::{Manner, Workplace};
use crate::exit::{BUILD_FAILED, LISTING_FAILED, NO_TESTS, Outcome, SETUP, Stop};
use crate::explore::hunt::hunt;
use crate::explore::mission::Crew;
use crate::explore::plan::ExplorePlan;
use crate::explore::progress::Progress;
use crate::plan::submission::{Package, Source};
use crate::plan::toolkit::Toolkit;
use crate::scaffold::lab::Lab;
use crate::session::enough::Enough;

/// Why not every run was made.
const OUT_OF_TIME: &str = "its tests were not done in time";

/// What all entries are tried with.
pub(crate) struct Court<'a> {
    /// What is to be done.
    pub(crate) plan: &'a AuditPlan,
    /// How submissions are built and run.
    pub(crate) workplace: Workplace<'a>,
    /// The suites.
    pub(crate) catalogue: &'a Catalogue,
    /// Where logs go, until nobody needs them.
    pub(crate) logs: &'a Path,
}

/// An entry and its package.
#[derive(Debug)]
pub(crate) struct Case<A> {
    /// Its lab.
    pub(crate) lab: &'static Lab,
    /// What is known of it.
    pub(crate) about: A,
    /// Its package.
    pub(crate) package: Package,
    /// What that depends on and submissions commonly do not, if it is not the reference's.
    pub(crate) brought: Table,
}

/// A case of either kind.
#[derive(Debug)]
pub(crate) enum Either {
    /// A faulty solution.
    Bug(Case<AboutBug>),
    /// A correct one.
    Variant(Case<AboutVariant>),
}

/// What became of it.
#[derive(Debug)]
pub(crate) enum Finding {
    /// Of a faulty solution.
    Bug(Box<Bug>),
    /// Of a correct one.
    Variant(Box<Variant>),
}

impl<A: About> Case<A> {
    /// That of `entry`, whose package is made in `folder` of its lab's reference, unless it is one.
    ///
    /// # Errors
    /// What is wrong with the entry, naming its file.
    pub(crate) fn of(
        entry: Entry<A>,
        toolkit: &Toolkit,
        references: &BTreeMap<&'static str, Reference>,
        folder: &Path,
    ) -> Result<Self, String> {
        let (path, brought) = if entry.is_package() {
            (entry.folder.clone(), dependencies::brought(&entry.folder, toolkit)?)
        } else {
            let name = entry.folder.file_name().unwrap_or_default();
            let path = folder.join(A::FOLDER).join(entry.lab.name).join(name);
            let reference = &references[entry.lab.name];
            let manifest = reference.manifest(&name.to_string_lossy());
            let mut files = entry.sources(reference)?;
            files.push((Manifest::FILE.into(), manifest));
            for (file, text) in files {
                let file = path.join(file);
                let written = fs::create_dir_all(file.parent().unwrap_or(&path))
                    .and_then(|()| fs::write(&file, text));
                written.map_err(|error| format!("cannot write {}: {error}", file.display()))?;
            }
            (path, Table::new())
        };
        Ok(Self { lab: entry.lab, about: entry.about, package: Package::read(&path)?, brought })
    }
}

impl Either {
    /// What tells it from all others: a bug and a variant may have the same name.
    pub(crate) fn key(&self) -> (&'static str, String) {
        let kind = match self {
            Self::Bug(_) => AboutBug::FOLDER,
            Self::Variant(_) => AboutVariant::FOLDER,
        };
        (kind, self.name())
    }

    /// Its lab.
    pub(crate) fn lab(&self) -> &'static Lab {
        match self {
            Self::Bug(case) => case.lab,
            Self::Variant(case) => case.lab,
        }
    }

    /// `LAB/NAME`.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Bug(case) => format!("{}/{}", case.about.lab, case.about.name),
            Self::Variant(case) => format!("{}/{}", case.about.lab, case.about.name),
        }
    }

    /// What its package depends on and submissions commonly do not, if it is not the reference's.
    pub(crate) fn brought(&self) -> &Table {
        match self {
            Self::Bug(case) => &case.brought,
            Self::Variant(case) => &case.brought,
        }
    }
}

impl Court<'_> {
    /// Builds the case and runs its lab's suites.
    ///
    /// # Errors
    /// When something failed that says nothing about the case.
    pub(crate) fn try_one(&self, case: &Either, cancel: &CancelToken) -> Outcome<Finding> {
        let start = Instant::now();
        let mut finding = match case {
            Either::Bug(case) => Finding::Bug(self.bug(case, cancel)?.into()),
            Either::Variant(case) => Finding::Variant(self.variant(case, cancel)?.into()),
        };
        let wall_s = (start.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        match &mut finding {
            Finding::Bug(bug) => bug.wall_s = wall_s,
            Finding::Variant(variant) => variant.wall_s = wall_s,
        }
        Ok(finding)
    }

    fn bug(&self, case: &Case<AboutBug>, cancel: &CancelToken) -> Outcome<Bug> {
        let about = case.about.clone();
        let count = self.count(case.lab, self.plan.count);
        let settled = |report: &Report| Bug::judged(about.clone(), report, count).is_settled(count);
        let enough: Option<Enough<'_>> = if self.plan.exhaustive { None } else { Some(&settled) };
        Ok(match self.run(case, count, enough, cancel)? {
            Ok(report) => {
                let mut bug = Bug::judged(about, &report, count);
                bug.reason = cancel.is_cancelled().then(|| OUT_OF_TIME.to_owned());
                bug
            }
            Err(why) => Bug::broken(about, why),
        })
    }

    fn variant(&self, case: &Case<AboutVariant>, cancel: &CancelToken) -> Outcome<Variant> {
        let about = case.about.clone();
        let count = self.count(case.lab, self.plan.variants_count);
        Ok(match self.run(case, count, None, cancel)? {
            Ok(report) => Variant::judged(about, &report),
            Err(why) => Variant::broken(about, why),
        })
    }

    /// Iterations of each suite of `lab`, where the simulated clock would have `count`.
    pub(crate) fn count(&self, lab: &Lab, count: u64) -> u64 {
        self.plan.affordable(count, self.clock(lab))
    }

    /// The real clock, where a suite of `lab` runs on that only.
    pub(crate) fn clock(&self, lab: &Lab) -> Clock {
        let is_its = |id: &str| lab.all_suites().any(|suite| suite == id);
        let own = self.catalogue.suites.iter().filter(|suite| is_its(&suite.id));
        let real = own.map(|suite| suite.clock(Clock::Sim)).any(|clock| clock == Clock::Real);
        if real { Clock::Real } else { Clock::Sim }
    }

    /// What the suites of its lab say of the case; or why they say nothing.
    fn run<A>(
        &self,
        case: &Case<A>,
        count: u64,
        enough: Option<Enough<'_>>,
        cancel: &CancelToken,
    ) -> Outcome<Result<Report, String>> {
        let tests = self.plan.tests(case.lab, count);
        let logs = self.logs.join(case.lab.name).join(&case.package.name);
        let manner = Manner { enough, ..Manner::default() };
        match self.workplace.grade(&case.package, &tests, manner, logs, cancel) {
            Ok(graded) => Ok(Ok(graded.full)),
            Err(Stop { code: BUILD_FAILED | LISTING_FAILED | NO_TESTS, message, .. }) => {
                Ok(Err(message))
            }
            Err(stop) => Err(stop),
        }
    }

    /// Explores a bug on all cores, for so long or until a run fails. `None` when it was interrupted.
    pub(crate) fn explore(
        &self,
        case: &Case<AboutBug>,
        time: Duration,
    ) -> Outcome<Option<Explored>> {
        let harness = self.workplace.build(&case.package)?;
        let plan = ExplorePlan {
            source: Source::Package(case.package.clone()),
            runs: None,
            time: Some(time),
            jobs: self.plan.jobs.simulated(),
            seed: self.plan.seed,
            options: Options::default(),
            policy: None,
            keep_going: false,
            shrink: None,
            json: None,
        };
        let crew = Crew { program: harness.program(), jobs: plan.jobs };
        let interrupt = self.workplace.workshop.interrupt;
        let haul = hunt(&plan, &crew, interrupt.cancel(), &mut Progress::Quiet);
        if interrupt.signal().is_some() {
            return Ok(None);
        }
        if let Some(message) = haul.not_implemented {
            let name = &case.package.name;
            return Err(Stop::new(SETUP, format!("{name} cannot be explored: {message}")));
        }
        let first = haul.violations.into_values().min_by_key(|violation| violation.run);
        Ok(Some(Explored {
            runs: haul.runs,
            wall_s: haul.wall.as_secs_f64(),
            found: first.as_ref().map(|violation| violation.run),
            message: first.map(|violation| violation.ended.failure.message),
        }))
    }
}
