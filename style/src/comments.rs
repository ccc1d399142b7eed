//! The comments of a file, by the compiler's own lexer: what looks like one in a string is none.

use ra_ap_rustc_lexer::{DocStyle, FrontmatterAllowed, Token, TokenKind, tokenize};

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    /// The line of its first character, from 1.
    pub(crate) line: usize,
    /// The column of its first character, from 1.
    pub(crate) column: usize,
    pub(crate) kind: Kind,
    /// Whether it documents something.
    pub(crate) doc: bool,
    /// Whether it is the first thing on its line.
    pub(crate) first: bool,
    /// Its lines, without what makes them a comment.
    pub(crate) lines: Vec<String>,
}

/// How a comment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `// …`
    Line,
    /// `/* … */`
    Block,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed<'a> {
    pub(crate) kind: TokenKind,
    pub(crate) text: &'a str,
    /// Where it begins, in bytes.
    pub(crate) at: usize,
    /// From 1.
    pub(crate) line: usize,
    /// In characters, from 1.
    pub(crate) column: usize,
    /// Whether nothing but space stands before it on its line.
    pub(crate) first: bool,
}

/// The tokens of `text`, comments and space included.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = Placed<'_>> {
    // A `#!` line is none to the lexer.
    let start = if text.starts_with("#!/") { text.find('\n').unwrap_or(text.len()) } else { 0 };
    let (mut at, mut line, mut column, mut first) = (start, 1, 1, start == 0);
    tokenize(&text[start..], FrontmatterAllowed::No).map(move |Token { kind, len }| {
        let token = &text[at..at + len as usize];
        let placed = Placed { kind, text: token, at, line, column, first };
        at += token.len();
        let last_line = token.rsplit('\n').next().unwrap_or_default();
        if last_line.len() == token.len() {
            column += token.chars().count();
            first &= kind == TokenKind::Whitespace;
        } else {
            line += token.matches('\n').count();
            column = last_line.chars().count() + 1;
            first = kind == TokenKind::Whitespace;
        }
        placed
    })
}

/// The tokens of `text` that are neither comments nor space.
pub(crate) fn code(text: &str) -> impl Iterator<Item = Placed<'_>> {
    use TokenKind::{BlockComment, LineComment, Whitespace};
    tokens(text).filter(|token| {
        !matches!(token.kind, Whitespace | LineComment { .. } | BlockComment { .. })
    })
}

/// The comments of `text`, in order.
pub(crate) fn of(text: &str) -> Vec<Comment> {
    tokens(text).filter_map(comment).collect()
}

fn comment(Placed { kind, text, line, column, first, .. }: Placed<'_>) -> Option<Comment> {
    let (kind, doc_style, lines) = match kind {
        TokenKind::LineComment { doc_style } => {
            let text = text.trim_start_matches('/');
            let text = if doc_style == Some(DocStyle::Inner) { &text[1..] } else { text };
            (Kind::Line, doc_style, vec![text.trim_end().to_owned()])
        }
        TokenKind::BlockComment { doc_style, .. } => (Kind::Block, doc_style, inside(text)),
        _ => return None,
    };
    Some(Comment { line, column, kind, doc: doc_style.is_some(), first, lines })
}

/// The lines of a block comment, without the column of stars that some draw.
fn inside(text: &str) -> Vec<String> {
    let text = text.strip_prefix("/*").unwrap_or(text);
    let text = text.strip_suffix("*/").unwrap_or(text);
    let mut lines: Vec<String> = text.lines().map(|line| line.trim_end().to_owned()).collect();
    let mut below = lines.iter().skip(1).filter(|line| !line.trim().is_empty()).peekable();
    let starred = below.peek().is_some() && below.all(|line| line.trim_start().starts_with('*'));
    for (at, line) in lines.iter_mut().enumerate() {
        let shown = line.trim_start();
        if (at == 0 && shown.starts_with(['*', '!'])) || (at > 0 && starred) {
            *line = shown.chars().skip(1).collect();
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(usize, usize, bool, Vec<String>)> {
        let comments = of(text).into_iter();
        comments.map(|comment| (comment.line, comment.column, comment.doc, comment.lines)).collect()
    }

    #[test]
    fn what_looks_like_a_comment_in_a_string_is_none() {
        let text = "let a = \"// no\"; // yes\nlet b = r#\"/* no \"// no\" */\"#; let c = '/';\n";
        assert_eq!(lines(text), [(1, 18, false, vec![" yes".to_owned()])]);
    }

    #[test]
    fn documentation_is_told_apart() {
        let text = "//! in\n/// out\n//// neither\n/** out */ /*! in */ /*** neither */\n";
        let docs: Vec<bool> = of(text).iter().map(|comment| comment.doc).collect();
        assert_eq!(docs, [true, true, false, true, true, false]);
        let first: Vec<bool> = of(text).iter().map(|comment| comment.first).collect();
        assert_eq!(first, [true, true, true, true, false, false]);
    }

    #[test]
    fn lines_lose_what_makes_them_a_comment() {
        let text = "#!/usr/bin/env run\n  /* a\n   * b\n   *\n   * c */\n/* d\n   e */ x // f\n";
        let text_of =
            |lines: &[&str]| lines.iter().map(|&line| line.to_owned()).collect::<Vec<_>>();
        assert_eq!(
            lines(text),
            [
                (2, 3, false, text_of(&[" a", " b", "", " c"])),
                (6, 1, false, text_of(&[" d", "   e"])),
                (7, 11, false, text_of(&[" f"])),
            ]
        );
    }

    #[test]
    fn nested_and_open_comments_are_one() {
        assert_eq!(lines("/* a /* b */ c */"), [(1, 1, false, vec![" a /* b */ c".to_owned()])]);
        assert_eq!(lines("/* a"), [(1, 1, false, vec![" a".to_owned()])]);
    }
}
