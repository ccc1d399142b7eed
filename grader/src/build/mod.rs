//! From a submission to the program that runs its tests.

mod cargo;
mod list;
mod package;

use std::io;
use std::path::{Path, PathBuf};

use confine::{Placed, Sandbox, children};
use protocol::Catalogue;
use runner::Program;
use tempfile::TempDir;

use crate::exit::{Outcome, SETUP, Stop};
use crate::plan::Base;
use crate::plan::submission::Source;
use crate::signals::Interrupt;
use package::HarnessPackage;

/// A harness with a submission inside.
#[derive(Debug)]
pub(crate) struct Harness {
    /// The executable, where the sandbox can start it.
    placed: Placed,
    /// What confines its processes.
    pub(crate) sandbox: Sandbox,
    /// Removes the executable when the command ends, where it is a copy of its own.
    _held: Option<TempDir>,
    /// Folders with the submission's source.
    sources: Vec<PathBuf>,
    /// Its suites and tests.
    pub(crate) catalogue: Catalogue,
}

impl Harness {
    /// The executable.
    pub(crate) fn path(&self) -> &Path {
        self.placed.path()
    }

    /// What makes its runs.
    pub(crate) fn program(&self) -> Program {
        let sources = self.sources.clone();
        Program { sources, ..Program::confined(self.path(), &self.sandbox) }
    }
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
    let sandbox = base.sandbox.clone();
    let placed = sandbox.place(&program).map_err(|error| {
        let program = program.display();
        Stop::new(SETUP, format!("cannot put {program} where its user can reach it: {error}"))
    })?;
    // From here on, what a submission leaves behind comes to us. The compiler's own servers do not: they
    // are meant to stay.
    let _ = children::adopt_orphans();
    let catalogue = list::ask(placed.path(), &sandbox, interrupt)?;
    let sources = sources(source, base, &catalogue);
    Ok(Harness { placed, sandbox, sources, catalogue, _held: held })
}

/// Folders with the submission's source. The reference solutions are packages of their own.
fn sources(source: &Source, base: &Base, catalogue: &Catalogue) -> Vec<PathBuf> {
    let mut sources = catalogue.sources.clone();
    if let Source::Package(submission) = source {
        sources.push(submission.path.clone());
        if let Ok(toolkit) = base.toolkit()
            && submission.path == toolkit.reference()
        {
            sources.extend(REFERENCE.map(|package| toolkit.root().join(package)));
        }
    }
    sources
}

/// The packages of the reference solutions.
const REFERENCE: [&str; 4] = ["bank", "mapreduce", "raft", "weather"];

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
