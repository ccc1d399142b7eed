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
//! | `look` | what the toolchain's formatter and linter say, for the suite `style` |
//! | `list` | asks a program for its suites and tests |

mod cargo;
mod diagnosis;
mod files;
pub(crate) mod list;
mod look;
pub(crate) mod manifest;
mod more;
pub(crate) mod program;
mod rustc;
pub(crate) mod shelf;
pub(crate) mod sources;

use std::path::PathBuf;

use protocol::Catalogue;

use crate::exit::Outcome;
use crate::plan::Base;
use crate::plan::submission::{Package, Source};
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
    let package = match source {
        Source::Harness(program) => {
            let catalogue = list::ask(program, interrupt)?;
            return Ok(Harness { program: program.clone(), catalogue });
        }
        Source::Package(package) => package,
    };
    in_workshop(base, interrupt, |workshop| {
        if package.path == workshop.toolkit.reference() {
            let program = workshop.reference()?;
            let catalogue = list::ask(&program, interrupt)?;
            return Ok(Harness { program, catalogue });
        }
        workshop.harness(package)
    })
}

/// What is to be said of the style of a submission.
pub(crate) fn look(
    package: &Package,
    base: &Base,
    interrupt: &Interrupt,
) -> Outcome<style::Outcome> {
    in_workshop(base, interrupt, |workshop| workshop.look(package))
}

/// Does something for which the suites must be built.
fn in_workshop<T>(
    base: &Base,
    interrupt: &Interrupt,
    work: impl FnOnce(&Workshop<'_>) -> Outcome<T>,
) -> Outcome<T> {
    let toolkit = base.toolkit()?;
    let settings = &base.settings.build;
    let shelf = Shelf::build(&toolkit, settings, interrupt)?;
    let sandbox = Base::sandbox()?;
    work(&Workshop {
        toolkit: &toolkit,
        shelf: &shelf,
        sandbox: &sandbox,
        settings,
        interrupt,
        shows: true,
    })
}

impl Workshop<'_> {
    /// The submission in `package`, built, and its suites: those that run it, and the one that only reads
    /// its sources.
    pub(crate) fn harness(&self, package: &Package) -> Outcome<Harness> {
        let program = self.program(package)?;
        let mut catalogue = list::ask(&program, self.interrupt)?;
        catalogue.suites.push(style::suite::info(style::Rule::default_points));
        Ok(Harness { program, catalogue })
    }
}

/// Builds the command `mapreduce`; its executable.
pub(crate) fn mapreduce(base: &Base, interrupt: &Interrupt) -> Outcome<PathBuf> {
    cargo::build_command("mapreduce", &base.toolkit()?, interrupt)
}
