//! The suite `style`: what a submission's sources look like.
//!
//! It reads; it runs neither the submission nor a tool. Whoever grades gives it the [`Sources`] and what
//! rustfmt and clippy [`Said`] of them, and gets an [`Outcome`]: findings with file and line, for each
//! [`Rule`], or the reason why a rule could not be judged.
//!
//! | module | what |
//! | --- | --- |
//! | [`rule`] | the rules: names, descriptions, points |
//! | [`finding`] | a finding, and all that was found |
//! | [`tools`] | how rustfmt and clippy-driver are to be called |
//! | [`lints`] | the lints that are looked for, each with its reason |
//! | `formatting` | where rustfmt would write something else |
//! | `diagnostics` | what clippy said, as findings |
//! | `silenced` | attributes that hide a whole module from a rule |
//! | `comments` | the comments of a file, by the compiler's own lexer |
//! | `reminders` | `TODO` and its like, in comments and in code |
//! | `disabled` | code that was commented out |
//! | [`suite`] | the outcome as tests of a suite |

mod comments;
mod diagnostics;
mod disabled;
pub mod finding;
mod formatting;
pub mod lints;
mod reminders;
pub mod rule;
mod silenced;
pub mod suite;
pub mod tools;

use std::collections::BTreeMap;

pub use finding::{Finding, Outcome};
pub use rule::Rule;

/// The Rust files of a submission: relative path, with `/`, and text.
pub type Sources = BTreeMap<String, String>;

/// What the tools said of the sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Of each file, what [`rustfmt`](tools::rustfmt) made of it, or what it had against it.
    pub formatted: BTreeMap<String, Result<String, String>>,
    /// The lines that [`clippy`](tools::clippy) wrote to standard error, or why it could not be run.
    pub diagnostics: Result<String, String>,
}

/// Bytes of stack to look for code in comments with: a parser goes deep.
const STACK_BYTES: usize = 64 << 20;

/// Judges `sources` by all rules.
pub fn check(sources: &Sources, said: &Said) -> Outcome {
    let mut outcome = Outcome::default();
    for (file, text) in sources {
        match said.formatted.get(file) {
            Some(formatted) => outcome.add(formatting::findings(file, text, formatted.as_deref())),
            None => {
                outcome.unknown(Rule::Formatting, &format!("rustfmt was not asked about {file}"));
            }
        }
        let comments = comments::of(text);
        outcome.add(reminders::findings(file, text, &comments));
        outcome.add(stacker::grow(STACK_BYTES, || disabled::findings(file, &comments)));
        outcome.add(silenced::findings(file, text));
    }
    match said.diagnostics.as_deref().map_err(String::clone).and_then(diagnostics::findings) {
        Ok(findings) => outcome.add(findings),
        Err(why) => {
            for rule in [Rule::Lints, Rule::Unused, Rule::MissingDocs] {
                outcome.unknown(rule, &why);
            }
        }
    }
    outcome.sort();
    outcome
}
