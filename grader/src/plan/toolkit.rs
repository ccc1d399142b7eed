//! Where the toolkit is: in the workspace that this command was built in, or inside this command.

use std::path::{Path, PathBuf};

use super::embedded;
use crate::exit::{Outcome, SETUP, Stop};

/// The toolkit's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toolkit {
    root: PathBuf,
    /// Where cargo builds unless it is told otherwise.
    target: PathBuf,
}

impl Toolkit {
    /// The toolkit at `given`. Without that, the workspace that this command was built in, as long as it
    /// still stands there; an installed command brings its own.
    pub(crate) fn find(given: Option<&Path>) -> Outcome<Self> {
        match given.map(Path::to_owned).or_else(workspace_around) {
            None => embedded::unpacked(),
            Some(root) => match root.canonicalize() {
                Ok(found) if found.join("harness/Cargo.toml").is_file() => {
                    let target = found.join("target");
                    Ok(Self::at(found, target))
                }
                _ => Err(Stop::new(
                    SETUP,
                    format!(
                        "no toolkit in {}: expected its workspace there, with the folder `harness`; \
                         name it with --toolkit DIR or GRADER_TOOLKIT",
                        root.display()
                    ),
                )),
            },
        }
    }

    /// The toolkit in `root`, which builds in `target`.
    pub(crate) fn at(root: PathBuf, target: PathBuf) -> Self {
        Self { root, target }
    }

    /// Its folder, absolute.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The reference solutions of all labs, as one submission; only a clone has them.
    pub(crate) fn reference(&self) -> Option<PathBuf> {
        Some(self.root.join("reference")).filter(|folder| folder.join("Cargo.toml").is_file())
    }

    /// Where cargo builds: `CARGO_TARGET_DIR`, or else a folder of the toolkit's own.
    pub(crate) fn target(&self) -> PathBuf {
        match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) if !folder.is_empty() => {
                std::path::absolute(&folder).unwrap_or_else(|_| folder.into())
            }
            _ => self.target.clone(),
        }
    }
}

/// The workspace that this command was built in, if the command still lies in it.
fn workspace_around() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().ok()?;
    let own = std::env::current_exe().ok()?.canonicalize().ok()?;
    own.starts_with(&root).then_some(root)
}
