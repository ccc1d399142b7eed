//! Text for a terminal: ink, wrapping, and nothing that the terminal would obey.

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a piece of text is, for the eye. The words say it, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Nothing special.
    Plain,
    /// A heading.
    Bold,
    /// Of less importance.
    Dim,
    /// Passed.
    Good,
    /// Neither good nor bad: flaky, slow, a warning.
    Doubtful,
    /// Failed.
    Bad,
    /// A command to copy.
    Command,
}

/// Writes with or without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pen {
    /// Whether to colour.
    pub(crate) color: bool,
}

impl Pen {
    /// `text` in `ink`.
    pub(crate) fn paint(self, ink: Ink, text: &str) -> String {
        let style = match ink {
            Ink::Plain => Style::new(),
            Ink::Bold => Style::new().bold(),
            Ink::Dim => Style::new().dimmed(),
            Ink::Good => AnsiColor::Green.on_default(),
            Ink::Doubtful => AnsiColor::Yellow.on_default().bold(),
            Ink::Bad => AnsiColor::Red.on_default().bold(),
            Ink::Command => AnsiColor::Cyan.on_default(),
        };
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// One line of `text` that does nothing but show: control characters and those that turn the
/// direction of writing are spelt out. Panic messages hold whatever a submission puts there.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => plain.push_str("    "),
            c if c.is_control() || is_direction(c) => plain.extend(c.escape_default()),
            c => plain.push(c),
        }
    }
    plain
}

/// Marks, embeddings, overrides and isolates of direction.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `text` in lines of at most `width` columns (and at least one character), broken at spaces where
/// there are any; lines of its own stay apart.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    text.lines().flat_map(|line| wrap_line(plain(line).trim_end(), width)).collect()
}

fn wrap_line(line: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = line;
    while rest.width() > width {
        let limit = fitting(rest, width);
        let (end, next) = match rest[..limit].rfind(' ') {
            // Not at the indent: that would give an empty line.
            Some(space) if !rest[..space].trim().is_empty() => (space, space + 1),
            _ => (limit, limit),
        };
        lines.push(rest[..end].trim_end().to_owned());
        rest = rest[next..].trim_start();
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(rest.to_owned());
    }
    lines
}

/// Bytes of the longest start of `text` that takes at most `width` columns, and of at least one
/// character.
fn fitting(text: &str, width: usize) -> usize {
    let mut columns = 0;
    for (at, c) in text.char_indices() {
        columns += c.width().unwrap_or(0);
        if columns > width && at > 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn breaks_at_spaces_and_long_words_anywhere() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
        assert_eq!(wrap("a\nb", 8), ["a", "b"]);
        assert_eq!(wrap("", 8), Vec::<String>::new());
    }

    #[test]
    fn spells_out_what_a_terminal_would_obey() {
        assert_eq!(plain("\u{1b}[31mred\u{7}"), "\\u{1b}[31mred\\u{7}");
        assert_eq!(plain("a\u{202e}b\tc"), "a\\u{202e}b    c");
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_no_word_is_lost(text in "[a-zä日 ]{0,200}", width in 2_usize..40) {
            let lines = wrap(&text, width);
            for line in &lines {
                prop_assert!(line.width() <= width, "{line:?}");
            }
            let letters = |text: &str| text.replace(' ', "");
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
