//! Columns that line up.

use unicode_width::UnicodeWidthStr;

use crate::terminal::text::{Ink, Pen};

/// Spaces between two columns.
const GAP: usize = 2;

/// Which side of a column is straight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// A cell: text and its ink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    text: String,
    ink: Ink,
}

impl Cell {
    /// A cell in `ink`.
    pub(crate) fn new(text: impl Into<String>, ink: Ink) -> Self {
        Self { text: text.into(), ink }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(text, Ink::Plain)
    }
}

#[derive(Clone, Debug)]
enum Row {
    /// One cell for each column.
    Cells(Vec<Cell>),
    /// A cell that may run over all columns and does not widen the first.
    Span(Cell),
}

/// Rows of cells under a line of headings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Row>,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new<H: Into<String>>(columns: impl IntoIterator<Item = (H, Align)>) -> Self {
        let columns = columns.into_iter().map(|(heading, align)| (heading.into(), align)).collect();
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row: one cell for each column.
    pub(crate) fn row(&mut self, cells: Vec<Cell>) {
        assert_eq!(cells.len(), self.columns.len(), "one cell for each column");
        self.rows.push(Row::Cells(cells));
    }

    /// Adds a cell that stands on a line of its own.
    pub(crate) fn span(&mut self, cell: impl Into<Cell>) {
        self.rows.push(Row::Span(cell.into()));
    }

    /// Columns of the window that the table takes.
    pub(crate) fn width(&self) -> usize {
        let columns = self.widths().iter().map(|width| width + GAP).sum::<usize>();
        let spans = self.rows.iter().map(|row| match row {
            Row::Cells(_) => 0,
            Row::Span(cell) => cell.text.width(),
        });
        spans.max().unwrap_or(0).max(columns.saturating_sub(GAP))
    }

    /// The lines of the table, headings first.
    pub(crate) fn lines(&self, pen: Pen) -> Vec<String> {
        let headings =
            self.columns.iter().map(|(heading, _)| Cell::new(heading, Ink::Dim)).collect();
        std::iter::once(&Row::Cells(headings))
            .chain(&self.rows)
            .map(|row| match row {
                Row::Cells(cells) => self.line(cells, pen),
                Row::Span(cell) => pen.paint(cell.ink, &cell.text),
            })
            .collect()
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> =
            self.columns.iter().map(|(heading, _)| heading.width()).collect();
        for row in &self.rows {
            if let Row::Cells(cells) = row {
                for (width, cell) in widths.iter_mut().zip(cells) {
                    *width = (*width).max(cell.text.width());
                }
            }
        }
        widths
    }

    /// The cells, padded to their columns; no spaces at the end.
    fn line(&self, cells: &[Cell], pen: Pen) -> String {
        let mut line = String::new();
        let mut pending = 0;
        for ((cell, width), (_, align)) in cells.iter().zip(self.widths()).zip(&self.columns) {
            let padding = width - cell.text.width();
            let (before, after) = match align {
                Align::Left => (0, padding),
                Align::Right => (padding, 0),
            };
            pending += before;
            if !cell.text.is_empty() {
                line.extend(std::iter::repeat_n(' ', pending));
                line.push_str(&pen.paint(cell.ink, &cell.text));
                pending = 0;
            }
            pending += after + GAP;
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_up_words_left_and_figures_right() {
        let mut table = Table::new([("name", Align::Left), ("n", Align::Right), ("", Align::Left)]);
        table.row(vec!["größer".into(), "7".into(), "".into()]);
        table.span("a line of its own");
        table.row(vec!["b".into(), "1 000".into(), "x".into()]);
        let lines = table.lines(Pen { color: false });
        assert_eq!(
            lines,
            ["name        n", "größer      7", "a line of its own", "b       1 000  x"]
        );
        assert_eq!(table.width(), 17);
    }

    #[test]
    fn colour_does_not_move_columns() {
        let mut table = Table::new([("a", Align::Right), ("b", Align::Right)]);
        table.row(vec![Cell::new("1", Ink::Bad), "22".into()]);
        let plain = table.lines(Pen { color: false });
        let coloured = table.lines(Pen { color: true });
        assert!(coloured[1].contains('\u{1b}'));
        assert_eq!(anstream::adapter::strip_str(&coloured[1]).to_string(), plain[1]);
    }
}
