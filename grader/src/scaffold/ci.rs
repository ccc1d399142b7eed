//! Files for a course's machines, where nobody has installed the grader: it is built there, from what travels
//! with it.

use std::io::{self, Cursor, Write};
use std::str::FromStr;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::draft::{Draft, File};
use crate::plan::embedded::ARCHIVE;

/// Who runs the grader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ci {
    /// GitHub Actions.
    GitHub,
    /// GitLab CI/CD.
    GitLab,
    /// Gradescope, by an autograder in a zip.
    Gradescope,
}

const NAMES: [(&str, Ci); 3] =
    [("github", Ci::GitHub), ("gitlab", Ci::GitLab), ("gradescope", Ci::Gradescope)];

impl FromStr for Ci {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = NAMES.iter().find(|(name, _)| *name == text);
        let names = NAMES.map(|(name, _)| name);
        found.map(|(_, ci)| *ci).ok_or_else(|| format!("expected one of {}", names.join(", ")))
    }
}

/// Where the workflows of GitHub and GitLab look for the grader's sources.
const SOURCES: &str = "ci/grader.tar.gz";

impl Ci {
    /// The files that it needs besides those of `draft`.
    pub(crate) fn files(self, draft: &Draft<'_>) -> Vec<File> {
        let sources = || File::new(SOURCES, ARCHIVE);
        match self {
            Self::GitHub => {
                let workflow = draft.render(include_str!("../../templates/ci/github.yml"));
                vec![File::new(".github/workflows/grade.yml", workflow), sources()]
            }
            Self::GitLab => {
                let pipeline = draft.render(include_str!("../../templates/ci/gitlab.yml"));
                vec![File::new(".gitlab-ci.yml", pipeline), sources()]
            }
            Self::Gradescope => {
                let zip = zipped(&autograder(draft)).expect("memory takes what is written to it");
                vec![File::new("autograder.zip", zip)]
            }
        }
    }
}

/// What Gradescope unpacks to `/autograder/source`.
fn autograder(draft: &Draft<'_>) -> Vec<File> {
    vec![
        File::program("setup.sh", draft.render(include_str!("../../templates/ci/setup.sh"))),
        File::program("run_autograder", include_str!("../../templates/ci/run_autograder")),
        File::new("grader.toml", draft.render(include_str!("../../templates/ci/grader.toml"))),
        File::new("toolkit.tar.gz", ARCHIVE),
    ]
}

/// The files as a zip, which is the same for the same files.
fn zipped(files: &[File]) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        let mode = if file.executable { 0o755 } else { 0o644 };
        zip.start_file(&file.path, SimpleFileOptions::default().unix_permissions(mode))?;
        zip.write_all(&file.contents)?;
    }
    Ok(zip.finish()?.into_inner())
}
