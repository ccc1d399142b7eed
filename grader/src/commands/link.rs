//! `grader link`.

use crate::cli::LinkArgs;
use crate::exit::{Outcome, PASSED, Stop};
use crate::plan::Base;
use crate::plan::submission::Package;
use crate::scaffold::link;
use crate::terminal::Screen;

/// Makes the link from a package to the toolkit.
pub(crate) fn link(args: &LinkArgs, base: &Base) -> Outcome {
    let package = Package::read(&args.path).map_err(Stop::usage)?;
    let toolkit = base.toolkit()?;
    link::make(&package.path, &toolkit)?;
    let (name, root) = (package.name, toolkit.root().display());
    Screen::Stdout.print(&format!("`{name}` uses the toolkit in {root}\n"))?;
    Ok(PASSED)
}
