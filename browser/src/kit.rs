//! What tests in a browser need beside this repository.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Set to `require` where tests in a browser must not be skipped: in CI.
pub const VARIABLE: &str = "LAB_BROWSER";

/// How to get all of it on Debian.
const HOW_TO_GET_IT: &str = "`apt-get install chromium chromium-driver` and `npm ci --prefix browser` bring what is missing";

/// The programs and scripts.
#[derive(Clone, Debug)]
pub struct Kit {
    pub(crate) chromedriver: PathBuf,
    pub(crate) chromium: PathBuf,
    pub(crate) axe: PathBuf,
    tap_parser: PathBuf,
}

impl Kit {
    /// Looks for it.
    ///
    /// # Errors
    ///
    /// With one line that says what is missing and how to get it.
    pub fn find() -> Result<Self, String> {
        let path = env::var_os("PATH").unwrap_or_default();
        let program = |name: &str| {
            on_path(&path, name).ok_or_else(|| format!("there is no `{name}`; {HOW_TO_GET_IT}"))
        };
        let script = |name: &str| {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules").join(name);
            if file.is_file() {
                Ok(file)
            } else {
                Err(format!("there is no {}; {HOW_TO_GET_IT}", file.display()))
            }
        };
        Ok(Self {
            chromedriver: program("chromedriver")?,
            chromium: program("chromium")?,
            axe: script("axe-core/axe.min.js")?,
            tap_parser: script(".bin/tap-parser")?,
        })
    }

    /// The script of npm's `tap-parser`, for `node`.
    pub fn tap_parser(&self) -> &Path {
        &self.tap_parser
    }

    /// Whether tests in a browser must not be skipped.
    pub fn is_required() -> bool {
        env::var_os(VARIABLE).is_some_and(|value| value == "require")
    }
}

/// The first file of this name in the folders of `path`.
fn on_path(path: &OsStr, name: &str) -> Option<PathBuf> {
    env::split_paths(path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_in_the_first_folder_that_has_it() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let path = env::join_paths(folders.iter().map(tempfile::TempDir::path)).unwrap();
        assert_eq!(on_path(&path, "chromium"), None);
        let files = folders.each_ref().map(|folder| folder.path().join("chromium"));
        for file in files.iter().rev() {
            std::fs::write(file, "").unwrap();
            assert_eq!(on_path(&path, "chromium").as_ref(), Some(file));
        }
    }
}
