//! From a submission to the program that runs its tests.

mod cargo;
mod list;
mod mirror;
mod package;

use std::io;
use std::path::PathBuf;

use protocol::Catalogue;
use tempfile::TempDir;

use crate::exit::Outcome;
use crate::plan::Base;
use crate::plan::submission::Source;
use crate::signals::Interrupt;
use package::HarnessPackage;

/// A harness with a submission inside.
#[derive(Debug)]
pub(crate) struct Harness {
    /// The executable.
    pub(crate) program: PathBuf,
    /// Removes the executable when the command ends, where it is a copy of its own.
    _held: Option<TempDir>,
    /// Its suites and tests.
    pub(crate) catalogue: Catalogue,
}

/// Builds the submission, unless a harness is given, and asks it for its tests.
pub(crate) fn harness(source: &Source, base: &Base, interrupt: &Interrupt) -> Outcome<Harness> {
    let (program, held) = match source {
        Source::Harness(program) => (program.clone(), None),
        Source::Package(submission) => {
            let toolkit = base.toolkit()?;
            let package = package::generate(submission, &toolkit)?;
            hold(cargo::build(&package, submission, &toolkit.target(), interrupt)?, &package)
        }
    };
    let catalogue = list::ask(&program, interrupt)?;
    Ok(Harness { program, catalogue, _held: held })
}

/// Builds the command `mapreduce`; its executable.
pub(crate) fn mapreduce(base: &Base, interrupt: &Interrupt) -> Outcome<PathBuf> {
    cargo::build_command("mapreduce", &base.toolkit()?, interrupt)
}

/// Links the executable to a place of its own. A long session must not change its program because
/// somebody edits the submission meanwhile and grades it once more. Where it cannot be linked, the
/// executable is used as it is.
fn hold(built: PathBuf, package: &HarnessPackage) -> (PathBuf, Option<TempDir>) {
    let hold = || {
        let folder = tempfile::Builder::new().prefix("running-").tempdir_in(&package.folder)?;
        let held = folder.path().join(&package.name);
        std::fs::hard_link(&built, &held)?;
        Ok::<_, io::Error>((held, Some(folder)))
    };
    hold().unwrap_or((built, None))
}
