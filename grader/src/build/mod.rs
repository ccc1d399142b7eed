//! From a submission to the program that runs its tests.

mod cargo;
mod list;
mod package;

use std::path::PathBuf;

use protocol::Catalogue;

use crate::exit::Outcome;
use crate::plan::Base;
use crate::plan::submission::Source;
use crate::signals::Interrupt;

/// A harness with a submission inside.
#[derive(Clone, Debug)]
pub(crate) struct Harness {
    /// The executable.
    pub(crate) program: PathBuf,
    /// Its suites and tests.
    pub(crate) catalogue: Catalogue,
}

/// Builds the submission, unless a harness is given, and asks it for its tests.
pub(crate) fn harness(source: &Source, base: &Base, interrupt: &Interrupt) -> Outcome<Harness> {
    let program = match source {
        Source::Harness(program) => program.clone(),
        Source::Package(submission) => {
            let toolkit = base.toolkit()?;
            let package = package::generate(submission, &toolkit)?;
            cargo::build(&package, submission, &toolkit.target(), interrupt)?
        }
    };
    let catalogue = list::ask(&program, interrupt)?;
    Ok(Harness { program, catalogue })
}
