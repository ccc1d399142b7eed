//! Comments that belong together.

use crate::comments::{Comment, Kind};

/// A line of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// In the file, from 1.
    pub(super) number: usize,
    /// Without what makes it a comment.
    pub(super) text: String,
}

impl Line {
    /// Whether there is nothing in it but what may stand between two pieces of code: brackets, a comma.
    pub(super) fn is_filler(&self) -> bool {
        self.text.chars().all(|c| c.is_whitespace() || "()[]{},;".contains(c))
    }
}

/// The comments that document nothing, in runs: each block comment by itself, and line comments on
/// adjacent lines together, those behind code with those in the same column.
pub(super) fn runs(comments: &[Comment]) -> Vec<Vec<Line>> {
    let mut runs: Vec<Vec<Line>> = Vec::new();
    let mut last: Option<&Comment> = None;
    for comment in comments.iter().filter(|comment| !comment.doc) {
        let lines = comment.lines.iter().enumerate();
        let lines = lines.map(|(at, text)| Line { number: comment.line + at, text: text.clone() });
        match runs.last_mut() {
            Some(run) if last.is_some_and(|last| goes_on(last, comment)) => run.extend(lines),
            _ => runs.push(lines.collect()),
        }
        last = Some(comment);
    }
    runs
}

/// Whether `next` belongs to the run that ends with `last`.
fn goes_on(last: &Comment, next: &Comment) -> bool {
    let both_lines = last.kind == Kind::Line && next.kind == Kind::Line;
    let adjacent = next.first && next.line == last.line + 1;
    both_lines && adjacent && (last.first || last.column == next.column)
}
