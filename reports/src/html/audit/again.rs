//! The command that looks at a solution again. Seeds of runs follow from the base seed, so it makes the same runs.

use crate::audit::Audit;
use crate::terminal::text::plain;

/// That for `lab`/`name`, whose suites were run `count` times: `--count 50`. A name has letters, digits and hyphens,
/// which neither a shell nor a regular expression takes for something else.
pub(super) fn again(lab: &str, name: &str, count: &str, audit: &Audit) -> String {
    let Audit { real_count, seed, exhaustive, .. } = audit;
    let all = if *exhaustive { " --exhaustive" } else { "" };
    plain(&format!(
        "grader audit --only '^{lab}/{name}$' {count}{all} --real-count {real_count} --seed {seed}"
    ))
}
