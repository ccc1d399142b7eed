//! What a submission is built and run with when several share a machine.

use std::path::PathBuf;

use regex::RegexSet;
use runner::CancelToken;
use runner::shares::{Load, Shares};

use crate::build::Harness;
use crate::build::program::Workshop;
use crate::exit::Outcome;
use crate::plan::submission::{Package, Source};
use crate::plan::{Base, TestPlan};
use crate::session::enough::Enough;
use crate::session::grading::{Graded, Grading};
use crate::session::logs::Logs;
use crate::session::progress::Quiet;
use crate::session::timelines;

/// What all submissions share.
pub(crate) struct Workplace<'a> {
    /// The settings.
    pub(crate) base: &'a Base,
    /// How submissions are built.
    pub(crate) workshop: Workshop<'a>,
    /// The machine.
    pub(crate) shares: &'a Shares,
}

/// How a submission is graded, beside the plan.
#[derive(Default)]
pub(crate) struct Manner<'a> {
    /// Tests that a student does not see; none where all are seen.
    pub(crate) hidden: Option<&'a RegexSet>,
    /// When no more runs are worth their time; none for never.
    pub(crate) enough: Option<Enough<'a>>,
    /// Whether timelines of some failing runs are kept.
    pub(crate) pictures: bool,
}

impl Workplace<'_> {
    /// Builds a submission.
    pub(crate) fn build(&self, package: &Package) -> Outcome<Harness> {
        let _core = self.shares.take_for(Load::Core);
        self.workshop.harness(package)
    }

    /// Builds a submission and runs its tests, giving up those that hang. Logs of failing runs go to the folder `logs`,
    /// and so do timelines.
    pub(crate) fn grade(
        &self,
        package: &Package,
        plan: &TestPlan,
        manner: Manner<'_>,
        logs: PathBuf,
        cancel: &CancelToken,
    ) -> Outcome<Graded> {
        let harness = self.build(package)?;
        let source = Source::Package(package.clone());
        let mut grading = Grading::new(plan, &source, &harness)?;
        grading.hurried = true;
        grading.hidden = manner.hidden;
        grading.enough = manner.enough;
        if grading.reads() {
            let _core = self.shares.take_for(Load::Core);
            grading.style = Some(self.workshop.look(package)?);
        }
        let session = grading.session();
        let logs = Logs::prepare(None, || logs)?;
        let about = grading.about(&logs, self.base);
        let folder = logs.folder().to_owned();
        let mut graded = grading.conduct(&session, about, logs, self.shares, cancel, &mut Quiet);
        if manner.pictures {
            let _core = self.shares.take_for(Load::Core);
            timelines::keep(&mut graded.full, &session, &folder, cancel);
            graded.share_timelines();
        }
        Ok(graded)
    }
}
