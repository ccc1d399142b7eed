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

impl Workplace<'_> {
    /// Builds a submission.
    pub(crate) fn build(&self, package: &Package) -> Outcome<Harness> {
        let _core = self.shares.take_for(Load::Core);
        self.workshop.harness(package)
    }

    /// Builds a submission and runs its tests, giving up those that hang. Logs of failing runs go to the folder `logs`,
    /// and timelines of some of them, where `pictures` says so; `hidden` are tests that a student does not see.
    pub(crate) fn grade(
        &self,
        package: &Package,
        plan: &TestPlan,
        hidden: Option<&RegexSet>,
        logs: PathBuf,
        pictures: bool,
        cancel: &CancelToken,
    ) -> Outcome<Graded> {
        let harness = self.build(package)?;
        let source = Source::Package(package.clone());
        let mut grading = Grading::new(plan, &source, &harness)?;
        grading.hurried = true;
        grading.hidden = hidden;
        if grading.reads() {
            let _core = self.shares.take_for(Load::Core);
            grading.style = Some(self.workshop.look(package)?);
        }
        let session = grading.session();
        let logs = Logs::prepare(None, || logs)?;
        let about = grading.about(&logs, self.base);
        let folder = logs.folder().to_owned();
        let mut graded = grading.conduct(&session, about, logs, self.shares, cancel, &mut Quiet);
        if pictures {
            let _core = self.shares.take_for(Load::Core);
            timelines::keep(&mut graded.full, &session, &folder, cancel);
            graded.share_timelines();
        }
        Ok(graded)
    }
}
