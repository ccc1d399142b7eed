//! The head of a page, and its foot: what it is about, what came of it, and what is to be known of it as a whole.

use serde::Serialize;

use crate::account::words;
use crate::model::Tool;

/// The head of a page.
#[derive(Debug, Serialize)]
pub(super) struct Head {
    /// The kind of page.
    pub(super) brand: &'static str,
    pub(super) subject: String,
    /// All verdicts in a line: `5 of 7 tests pass, 1 flaky, 1 fail`.
    pub(super) headline: String,
    /// The worst of them.
    pub(super) verdict: Verdict,
    pub(super) counts: Vec<Count>,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) remarks: Vec<Remark>,
}

impl Head {
    /// The title of the page.
    pub(super) fn title(&self) -> String {
        format!("{}: {}", self.subject, self.headline)
    }
}

/// A verdict in a word, with what the eye takes in.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Verdict {
    /// `pass`, `flaky`, `fail`, `none` or `unknown`, for styles and filters.
    pub(super) class: &'static str,
    pub(super) symbol: &'static str,
    pub(super) word: &'static str,
}

impl Verdict {
    pub(super) const fn pass(word: &'static str) -> Self {
        Self { class: "pass", symbol: "✓", word }
    }

    pub(super) const fn flaky(word: &'static str) -> Self {
        Self { class: "flaky", symbol: "≈", word }
    }

    pub(super) const fn fail(word: &'static str) -> Self {
        Self { class: "fail", symbol: "✗", word }
    }

    pub(super) const fn none(word: &'static str) -> Self {
        Self { class: "none", symbol: "○", word }
    }

    pub(super) const fn unknown(word: &'static str) -> Self {
        Self { class: "unknown", symbol: "?", word }
    }
}

/// How many have a verdict, in words.
#[derive(Debug, Serialize)]
pub(super) struct Count {
    pub(super) text: String,
    pub(super) verdict: Verdict,
}

/// Something to know of it as a whole.
#[derive(Debug, Serialize)]
pub(super) struct Remark {
    /// Whether it is bad news.
    is_bad: bool,
    text: String,
}

impl Remark {
    pub(super) fn new(is_bad: bool, text: &str) -> Self {
        Self { is_bad, text: words(text) }
    }
}

/// What a page was made by and of.
#[derive(Debug, Serialize)]
pub(super) struct Written {
    tool: String,
    schema: String,
}

impl Written {
    pub(super) fn new(tool: &Tool, schema: &str) -> Self {
        Self { tool: words(&format!("{} {}", tool.name, tool.version)), schema: words(schema) }
    }
}
