//! `grader new`.

use std::path::Path;

use crate::cli::NewArgs;
use crate::exit::{Outcome, PASSED, SETUP, Stop};
use crate::plan::{Base, absolute};
use crate::scaffold::draft::{Draft, File};
use crate::scaffold::{folder, link, name};
use crate::terminal::Screen;

/// Makes a submission to begin with.
pub(crate) fn new(args: NewArgs, base: &Base) -> Outcome {
    let NewArgs { lab: labs, path, name, ci } = args;
    folder::check(&path)?;
    let name = name::of_package(name.as_deref(), &resolved(&path))?;
    let toolkit = base.toolkit()?;
    let lock = toolkit.root().join("Cargo.lock");
    let lock = std::fs::read(&lock)
        .map_err(|error| Stop::new(SETUP, format!("cannot read {}: {error}", lock.display())))?;

    let draft = Draft { labs, name: &name, lock: &lock };
    let mut files = draft.files();
    for ci in ci {
        let more = ci.files(&draft).into_iter();
        let more: Vec<File> = more.filter(|file| !files.contains(file)).collect();
        files.extend(more);
    }
    folder::make(&path, &files, |folder| link::add(folder, &toolkit))?;

    let (path, suite) = (path.display(), labs.first_suite());
    Screen::Stdout.print(&format!(
        "made the package `{name}`; begin with its README.md, and see what there is to do:\n\n    \
         cd {path}\n    grader run --suite {suite}\n"
    ))?;
    Ok(PASSED)
}

/// The path without `.` and `..`, as far as it is there.
fn resolved(path: &Path) -> std::path::PathBuf {
    path.canonicalize().unwrap_or_else(|_| absolute(path))
}
