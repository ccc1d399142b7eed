//! Where the toolkit is: the workspace that this command was built in.

use std::path::{Path, PathBuf};

use crate::exit::{Outcome, SETUP, Stop};

/// The toolkit's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toolkit {
    root: PathBuf,
}

impl Toolkit {
    /// The toolkit at `given`, or else the one that this command was built in.
    pub(crate) fn find(given: Option<&Path>) -> Outcome<Self> {
        let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = given.unwrap_or(&built_in);
        let root = match root.canonicalize() {
            Ok(found) if found.join("harness/Cargo.toml").is_file() => found,
            _ => {
                return Err(Stop::new(
                    SETUP,
                    format!(
                        "no toolkit in {}: expected its workspace there, with the folder `harness`; \
                         name it with --toolkit DIR or GRADER_TOOLKIT",
                        root.display()
                    ),
                ));
            }
        };
        Ok(Self { root })
    }

    /// Its folder, absolute.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The reference solutions of all labs, as one submission.
    pub(crate) fn reference(&self) -> PathBuf {
        self.root.join("reference")
    }

    /// Where cargo builds: `CARGO_TARGET_DIR`, or else `target` in the toolkit.
    pub(crate) fn target(&self) -> PathBuf {
        match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) if !folder.is_empty() => {
                std::path::absolute(&folder).unwrap_or_else(|_| folder.into())
            }
            _ => self.root.join("target"),
        }
    }
}
