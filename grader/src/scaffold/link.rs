//! The link through which a package finds the toolkit's crates.
//!
//! A package names them as `toolkit/contracts` and so on. `toolkit` is a link to the toolkit of the grader on
//! the machine at hand, so the package itself is the same on all machines.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::exit::{Outcome, Stop, WRITE_FAILED};
use crate::plan::toolkit::Toolkit;

/// Name of the link.
const LINK: &str = "toolkit";

/// Makes the link in `package`; one that is there is replaced.
pub(crate) fn make(package: &Path, toolkit: &Toolkit) -> Outcome<()> {
    let place = package.join(LINK);
    let there = fs::symlink_metadata(&place);
    if there.as_ref().is_ok_and(|there| !there.is_symlink()) {
        let place = place.display();
        return Err(Stop::usage(format!(
            "{place} is no link; move it away, so that there can be one to the toolkit"
        )));
    }
    if fs::read_link(&place).is_ok_and(|there| there == toolkit.root()) {
        return Ok(());
    }
    replace(package, toolkit).map_err(|error| {
        Stop::new(WRITE_FAILED, format!("cannot make the link {}: {error}", place.display()))
    })
}

/// Makes the link elsewhere and moves it to its place, so that there is one all the time.
fn replace(package: &Path, toolkit: &Toolkit) -> io::Result<()> {
    let folder = tempfile::Builder::new().prefix(".link-").tempdir_in(package)?;
    add(folder.path(), toolkit)?;
    fs::rename(folder.path().join(LINK), package.join(LINK))
}

/// Makes the link in a folder that has none.
pub(crate) fn add(package: &Path, toolkit: &Toolkit) -> io::Result<()> {
    symlink(toolkit.root(), package.join(LINK))
}
