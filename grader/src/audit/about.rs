//! What an entry's file says of it.

use std::collections::BTreeMap;

use reports::audit::{AboutBug, AboutVariant, LeftOut};
use serde::Deserialize;

use crate::scaffold::lab::Lab;
use crate::settings::parse;
use crate::suggest::nearest;

/// A kind of entry, and its file.
pub(crate) trait About: Sized {
    /// The folder of the kind.
    const FOLDER: &str;
    /// The file that tells of an entry.
    const FILE: &str;
    /// Whether an entry may be a whole package.
    const MAY_BE_PACKAGE: bool;

    /// Reads the file's text.
    ///
    /// # Errors
    /// What is wrong and what would be right, after the number of the line where there is one.
    fn read(lab: &Lab, name: &str, text: &str) -> Result<Self, String>;
}

/// `bug.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BugFile {
    title: String,
    breaks: String,
    #[serde(default)]
    suites: Vec<String>,
    #[serde(default)]
    tests: Vec<String>,
    origin: String,
    #[serde(default)]
    explore: bool,
    note: Option<String>,
}

/// `variant.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VariantFile {
    title: String,
    differs: String,
    #[serde(default)]
    skip: BTreeMap<String, String>,
    note: Option<String>,
}

impl About for AboutBug {
    const FOLDER: &str = "bugs";
    const FILE: &str = "bug.toml";
    const MAY_BE_PACKAGE: bool = false;

    fn read(lab: &Lab, name: &str, text: &str) -> Result<Self, String> {
        let file: BugFile = parse(text).map_err(|wrong| format!(":{wrong}"))?;
        one_line("title", &file.title)?;
        one_line("breaks", &file.breaks)?;
        some("origin", &file.origin)?;
        for suite in &file.suites {
            is_suite(lab, suite)?;
        }
        for test in &file.tests {
            let suite = suite_of(test).ok_or_else(|| no_test("tests", test))?;
            if !file.suites.iter().any(|known| known == suite) {
                return Err(format!(
                    ": `tests` has {test:?}, but `suites` is without {suite:?}; add it there"
                ));
            }
        }
        if !file.explore && (file.suites.is_empty() || file.tests.is_empty()) {
            return Err(": `suites` and `tests` must say what should catch it; only with `explore = true` may \
                        they be empty"
                .to_owned());
        }
        Ok(Self {
            lab: lab.name.to_owned(),
            name: name.to_owned(),
            title: file.title,
            breaks: file.breaks,
            suites: file.suites,
            tests: file.tests,
            origin: file.origin.trim().to_owned(),
            explore: file.explore,
            note: file.note,
        })
    }
}

impl About for AboutVariant {
    const FOLDER: &str = "variants";
    const FILE: &str = "variant.toml";
    const MAY_BE_PACKAGE: bool = true;

    fn read(lab: &Lab, name: &str, text: &str) -> Result<Self, String> {
        let file: VariantFile = parse(text).map_err(|wrong| format!(":{wrong}"))?;
        one_line("title", &file.title)?;
        some("differs", &file.differs)?;
        for (what, why) in &file.skip {
            is_suite(lab, suite_of(what).unwrap_or(what))?;
            some(&format!("skip.{what}"), why)?;
        }
        let left_out = |(what, why)| LeftOut { what, why };
        Ok(Self {
            lab: lab.name.to_owned(),
            name: name.to_owned(),
            title: file.title,
            differs: file.differs.trim().to_owned(),
            skipped: file.skip.into_iter().map(left_out).collect(),
            note: file.note,
        })
    }
}

/// The suite of the test with this full id.
fn suite_of(test: &str) -> Option<&str> {
    test.split_once('/').filter(|(_, name)| !name.is_empty()).map(|(suite, _)| suite)
}

fn no_test(key: &str, test: &str) -> String {
    format!(": `{key}` has {test:?}, which is no full id of a test; `part2/rpc-efficiency` is one")
}

fn some(key: &str, text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        Err(format!(": `{key}` is empty; say it in words"))
    } else {
        Ok(())
    }
}

fn one_line(key: &str, text: &str) -> Result<(), String> {
    some(key, text)?;
    if text.trim().lines().count() > 1 {
        return Err(format!(": `{key}` has several lines; one is right"));
    }
    Ok(())
}

fn is_suite(lab: &Lab, suite: &str) -> Result<(), String> {
    let known = || lab.all_suites();
    if known().any(|one| one == suite) {
        return Ok(());
    }
    let meant = nearest(suite, known())
        .map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"));
    let known = known().collect::<Vec<_>>().join(", ");
    Err(format!(": {} has no suite `{suite}`{meant}; it has {known}", lab.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scaffold::lab::Labs;

    fn raft() -> &'static Lab {
        Labs::ALL.each().next().expect("a lab")
    }

    fn bug(text: &str) -> Result<AboutBug, String> {
        AboutBug::read(raft(), "x", text)
    }

    const GOOD: &str =
        "title = 'T'\nbreaks = 'B'\nsuites = ['part2']\ntests = ['part2/t']\norigin = 'O'";

    #[test]
    fn a_bug_says_what_should_catch_it() {
        let about = bug(GOOD).expect("good");
        assert_eq!((about.lab.as_str(), about.name.as_str(), about.explore), ("raft", "x", false));
        let wrong = |from: &str, to: &str| bug(&GOOD.replace(from, to)).expect_err("wrong");
        assert_eq!(wrong("'T'", "''"), ": `title` is empty; say it in words");
        assert_eq!(wrong("'T'", "\"a\\nb\""), ": `title` has several lines; one is right");
        assert_eq!(
            wrong("['part2']", "['part9']"),
            ": raft has no suite `part9` (did you mean `part4`?); it has part1, p2unit, part2, part3, part4, 4a, 4b, \
             raft-plus"
        );
        assert_eq!(
            wrong("part2/t", "part1/t"),
            ": `tests` has \"part1/t\", but `suites` is without \"part1\"; add it there"
        );
        assert_eq!(
            wrong("part2/t", "t"),
            ": `tests` has \"t\", which is no full id of a test; `part2/rpc-efficiency` is one"
        );
        assert!(wrong("['part2/t']", "[]").contains("must say what should catch it"));
        assert!(wrong("title", "titel").starts_with(":1: unknown field `titel`"));
        assert!(wrong("origin = 'O'", "").contains("missing field `origin`"));
    }

    #[test]
    fn what_is_left_to_exploring_needs_no_suite() {
        let text = "title = 'T'\nbreaks = 'B'\norigin = 'O'\nexplore = true";
        assert!(bug(text).expect("good").explore);
    }

    #[test]
    fn a_variant_says_what_is_not_for_it_and_why() {
        let read = |skip: &str| {
            let text = format!("title = 'T'\ndiffers = 'D'\n[skip]\n{skip}");
            AboutVariant::read(raft(), "x", &text)
        };
        let about = read("p2unit = 'closed'\n'part2/t' = 'slow'").expect("good");
        assert_eq!(about.skipped.len(), 2);
        assert!(
            read("p2unti = 'closed'").expect_err("no suite").contains("did you mean `p2unit`?")
        );
        assert_eq!(
            read("p2unit = ' '").expect_err("why"),
            ": `skip.p2unit` is empty; say it in words"
        );
    }
}
