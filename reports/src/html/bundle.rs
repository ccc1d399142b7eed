//! Styles and scripts, inside the page, and the policy that lets nothing else in.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// What some pages bring along: styles in the order in which they count, scripts in the order in which they need each
/// other.
pub(super) struct Parts {
    styles: &'static [&'static str],
    scripts: &'static [&'static str],
}

/// Of pages about runs.
pub(super) const RUNS: Parts = Parts {
    styles: &[
        include_str!("../../assets/vendor/uplot/uPlot.min.css"),
        include_str!("../../assets/page.css"),
        include_str!("../../assets/timeline.css"),
    ],
    scripts: &[
        include_str!("../../assets/vendor/uplot/uPlot.iife.min.js"),
        include_str!("../../assets/payload.js"),
        include_str!("../../assets/theme.js"),
        include_str!("../../assets/copy.js"),
        include_str!("../../assets/items.js"),
        include_str!("../../assets/timeline/data.js"),
        include_str!("../../assets/timeline/words.js"),
        include_str!("../../assets/timeline/draw.js"),
        include_str!("../../assets/timeline/view.js"),
        include_str!("../../assets/timeline/mount.js"),
        include_str!("../../assets/charts.js"),
        include_str!("../../assets/page.js"),
    ],
};

/// Of pages about audits, which draw nothing.
pub(super) const AUDIT: Parts = Parts {
    styles: &[include_str!("../../assets/page.css"), include_str!("../../assets/audit.css")],
    scripts: &[
        include_str!("../../assets/payload.js"),
        include_str!("../../assets/theme.js"),
        include_str!("../../assets/copy.js"),
        include_str!("../../assets/items.js"),
        include_str!("../../assets/audit.js"),
    ],
};

/// The same inside a page.
#[derive(Debug, Serialize)]
pub(super) struct Bundle {
    style: String,
    script: String,
    /// The content security policy: this style, this script, pictures that are in the page, and nothing else.
    policy: String,
}

impl Bundle {
    pub(super) fn of(parts: &Parts) -> Self {
        let style = parts.styles.join("\n");
        // Each is a function of its own, so that none sees another's names.
        let script = parts.scripts.join("\n");
        let policy = format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; \
             form-action 'none'",
            hash(&style),
            hash(&script)
        );
        Self { style, script, policy }
    }
}

/// The hash of what stands between two tags, as a policy names it.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_it_ends_the_element_that_it_stands_in() {
        for parts in [RUNS, AUDIT] {
            let Bundle { style, script, .. } = Bundle::of(&parts);
            assert!(!style.to_lowercase().contains("</style"));
            assert!(!script.to_lowercase().contains("</script") && !script.contains("<!--"));
        }
    }
}
