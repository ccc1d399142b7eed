//! Which assignment a result is of, and whose: what Classroom 50 wants to know and a report does not.

use std::env;

use reports::classroom50::About;

use crate::exit::{Outcome, Stop};
use crate::settings::AssignmentSettings;

/// What a tag of a submission begins with.
const SUBMIT: &str = "submit/";

/// From the environment, the settings file, or what GitHub Actions says, in this order.
///
/// # Errors
/// When something is nowhere to be found, or the submission's tag is none.
pub(super) fn about(settings: &AssignmentSettings) -> Outcome<About> {
    let tag = || github("GITHUB_REF_NAME").filter(|name| name.starts_with(SUBMIT));
    let submission = known("submission", settings.submission.as_ref(), tag())?;
    if !submission.starts_with(SUBMIT) {
        return Err(Stop::usage(format!(
            "--classroom50: the submission's tag begins with `{SUBMIT}`, not `{submission}`"
        )));
    }
    let individual = Some("individual".to_owned());
    Ok(About {
        classroom: known("classroom", settings.classroom.as_ref(), None)?,
        assignment: known("assignment", settings.assignment.as_ref(), None)?,
        assignment_type: known("assignment-type", settings.assignment_type.as_ref(), individual)?,
        owner: known("owner", settings.owner.as_ref(), github("GITHUB_REPOSITORY_OWNER"))?,
        commit: known("commit", settings.commit.as_ref(), github("GITHUB_SHA"))?,
        release: known("release", settings.release.as_ref(), Some(submission.clone()))?,
        review: known("review", settings.review.as_ref(), Some(String::new()))?,
        submission,
    })
}

fn github(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|value| !value.is_empty())
}

fn known(key: &str, set: Option<&String>, otherwise: Option<String>) -> Outcome<String> {
    let variable = format!("CLASSROOM50_{}", key.to_uppercase().replace('-', "_"));
    let found = github(&variable).or_else(|| set.cloned()).or(otherwise);
    found.ok_or_else(|| {
        Stop::usage(format!(
            "--classroom50 needs `{key}` in [assignment] of grader.toml, or the variable {variable}"
        ))
    })
}
