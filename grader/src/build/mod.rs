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
pub(crate) mod files;
mod list;
mod look;
pub(crate) mod manifest;
mod more;
pub(crate) mod program;
mod rustc;
pub(crate) mod shelf;
pub(crate) mod sources;

use std::path::{Path, PathBuf};

use confine::{Placed, Sandbox, children};
use protocol::Catalogue;
use runner::Program;

use crate::exit::{Outcome, SETUP, Stop};
use crate::plan::Base;
use crate::plan::submission::{Package, Source};
use crate::signals::Interrupt;
use program::Workshop;
use shelf::Shelf;

/// A harness with a submission inside.
#[derive(Debug)]
pub(crate) struct Harness {
    /// The executable, where the sandbox can start it.
    placed: Placed,
    /// What confines its processes.
    pub(crate) sandbox: Sandbox,
    /// Folders with the submission's source.
    sources: Vec<PathBuf>,
    /// Its suites and tests.
    pub(crate) catalogue: Catalogue,
}

impl Harness {
    /// That of the executable `program`, which is asked for its suites.
    fn of(program: &Path, sandbox: &Sandbox, interrupt: &Interrupt) -> Outcome<Self> {
        let placed = sandbox.place(program).map_err(|error| {
            let program = program.display();
            Stop::new(SETUP, format!("cannot put {program} where its user can reach it: {error}"))
        })?;
        // From here on, what a submission leaves behind comes to us. The compiler's own servers do not: they
        // are meant to stay.
        let _ = children::adopt_orphans();
        let catalogue = list::ask(placed.path(), sandbox, interrupt)?;
        let sources = catalogue.sources.clone();
        Ok(Self { placed, sandbox: sandbox.clone(), sources, catalogue })
    }

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
    match source {
        Source::Harness(program) => Harness::of(program, &base.sandbox, interrupt),
        Source::Package(package) => in_workshop(base, interrupt, |workshop| {
            if workshop.toolkit.reference().as_ref() == Some(&package.path) {
                Harness::of(&workshop.reference()?, workshop.sandbox, interrupt)
            } else {
                workshop.harness(package)
            }
        }),
    }
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
    let sandbox = &base.sandbox;
    work(&Workshop { toolkit: &toolkit, shelf: &shelf, sandbox, settings, interrupt, shows: true })
}

impl Workshop<'_> {
    /// The submission in `package`, built, and its suites: those that run it, and the one that only reads
    /// its sources.
    pub(crate) fn harness(&self, package: &Package) -> Outcome<Harness> {
        let mut harness = Harness::of(&self.program(package)?, self.sandbox, self.interrupt)?;
        harness.catalogue.suites.push(style::suite::info(style::Rule::default_points));
        Ok(harness)
    }

    /// The suites that a submission is graded by, of one that implements nothing.
    pub(crate) fn suites(&self) -> Outcome<Catalogue> {
        let mut catalogue = Harness::of(&self.blank()?, self.sandbox, self.interrupt)?.catalogue;
        catalogue.suites.push(style::suite::info(style::Rule::default_points));
        Ok(catalogue)
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
