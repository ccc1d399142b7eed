//! This repository's own comments: people's words, thousands of them.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "it reads files")]

use std::fs;
use std::path::Path;

use style::{Rule, Said, Sources, check, lints};

/// Adds the Rust files below `folder`, apart from the samples, which are messy on purpose.
fn collect(folder: &Path, root: &Path, sources: &mut Sources) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !["target", "samples"].contains(&name) && !name.starts_with('.') {
            collect(&path, root, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") && path.is_file() {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            sources.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

/// Where code is missing on purpose: what `grader new` makes, and what tests how that is judged.
const UNWRITTEN: [&str; 3] =
    ["grader/templates/", "fixtures/src/unwritten/", "labrt/tests/verdicts.rs:"];

fn is_meant(finding: &str) -> bool {
    let is_there = UNWRITTEN.iter().any(|place| finding.starts_with(place));
    is_there && finding.ends_with("stands for code that is missing")
}

#[test]
fn nothing_is_left_to_do_here_and_no_code_is_commented_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut sources = Sources::new();
    collect(root, root, &mut sources);
    assert!(sources.len() > 400, "only {} files were found", sources.len());
    let said = Said {
        formatted: std::collections::BTreeMap::new(),
        diagnostics: Err("not asked".to_owned()),
    };
    let outcome = check(&sources, &said);
    let found = [Rule::TodoComments, Rule::CommentedOutCode]
        .into_iter()
        .flat_map(|rule| outcome.of(rule).map(ToString::to_string))
        .filter(|finding| !is_meant(finding))
        .collect::<Vec<_>>();
    assert!(found.is_empty(), "{found:#?}");
}

/// What a submission is judged by is stated where its author finds it.
#[test]
fn the_documentation_names_each_rule_and_each_lint_with_its_reason() {
    let book = include_str!("../../docs/style.md");
    for rule in Rule::ALL {
        let row = format!("| `{rule}` | {} | ", rule.default_points());
        assert!(book.contains(&row), "docs/style.md lacks the row\n{row}");
    }
    for lint in lints::LOOKED_FOR {
        let row = format!("| `{}` | {} |\n", lint.lint, lint.why);
        assert!(book.contains(&row), "docs/style.md lacks the row\n{row}");
    }
}
