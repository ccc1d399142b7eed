//! From a submission to the program that runs its tests.
//!
//! | module | what |
//! | --- | --- |
//! | [`shelf`] | the libraries that submissions are linked to, built once by `cargo` |
//! | `more` | what a course adds to them |
//! | [`manifest`] | what a submission's `Cargo.toml` asks for |
//! | [`sources`] | the files of a submission that are taken |
//! | [`program`] | compiled, linked, kept |
//! | `rustc` | one call of the compiler |
//! | `cargo` | one call of cargo |
//! | `diagnosis` | what the compiler says |
//! | `files` | files that are there whole or not at all |
//! | `list` | asks a program for its suites and tests |

mod cargo;
mod diagnosis;
pub(crate) mod files;
pub(crate) mod list;
pub(crate) mod manifest;
mod more;
pub(crate) mod program;
mod rustc;
pub(crate) mod shelf;
pub(crate) mod sources;

use std::path::PathBuf;

use protocol::Catalogue;

use crate::exit::{Outcome, SETUP, Stop};
use crate::plan::Base;
use crate::plan::submission::{Package, Source};
use crate::plan::toolkit::Toolkit;
use crate::signals::Interrupt;
use program::Workshop;
use shelf::Shelf;

/// A harness with a submission inside.
#[derive(Debug)]
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
        Source::Package(package) => build(package, &base.toolkit()?, base, interrupt)?,
    };
    let catalogue = list::ask(&program, interrupt)?;
    Ok(Harness { program, catalogue })
}

fn build(
    package: &Package,
    toolkit: &Toolkit,
    base: &Base,
    interrupt: &Interrupt,
) -> Outcome<PathBuf> {
    let settings = &base.settings.build;
    let shelf = Shelf::build(toolkit, settings, interrupt)?;
    let sandbox = Base::sandbox()?;
    let workshop =
        Workshop { toolkit, shelf: &shelf, sandbox: &sandbox, settings, interrupt, shows: true };
    if toolkit.reference().is_some_and(|reference| reference == package.path) {
        workshop.reference()
    } else {
        workshop.program(package)
    }
}

/// Builds the command `mapreduce`; its executable.
pub(crate) fn mapreduce(base: &Base, interrupt: &Interrupt) -> Outcome<PathBuf> {
    let toolkit = base.toolkit()?;
    if !toolkit.root().join("mapreduce").is_dir() {
        let message = "only a clone of the toolkit has the command `mapreduce`; name one with --toolkit, or \
                       an executable with --mapreduce";
        return Err(Stop::new(SETUP, message));
    }
    cargo::build_command("mapreduce", &toolkit, interrupt)
}
