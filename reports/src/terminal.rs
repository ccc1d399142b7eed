//! The report as text for a person.

use crate::model::Report;

/// How the text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Columns of the window; no line but a replay command or a path is longer.
    pub width: usize,
    /// Whether to colour, by ANSI escapes. Colour never carries meaning alone.
    pub color: bool,
}

/// The report as text, ending in a newline.
pub fn render(report: &Report, options: Options) -> String {
    let totals = &report.totals;
    let _ = options;
    format!("{} tests: {} pass\n", totals.tests, totals.pass)
}
