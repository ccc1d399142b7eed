//! Where a piece of code that begins with a line may end.
//!
//! It ends at the end of a line at which all of its brackets are closed. What cannot be lexed, or is
//! too long, too deep or too odd to be worth a parser's time, ends nowhere.

use ra_ap_rustc_lexer::{LiteralKind, TokenKind};

use crate::comments::tokens;

/// Most ends that are tried: code may go on over some lines without a bracket, a chain of calls for instance.
/// Words always do.
const MOST_ENDS: usize = 12;

/// Most tokens of a piece. What is longer is found in parts.
const MOST_TOKENS: usize = 4096;

/// Most brackets that may be open.
const MOST_NESTED: usize = 48;

/// Most punctuation in a row; a ruler of dashes has more.
const MOST_PUNCTUATION: usize = 12;

/// An end of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// In bytes of the text.
    pub(super) bytes: usize,
    /// Lines until there.
    pub(super) lines: usize,
}

/// Where a piece may end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    /// The ends, the nearest first.
    pub(super) ends: Vec<End>,
    /// What would close the brackets that the first line leaves open, where a brace is the last of it.
    pub(super) closers: Option<String>,
}

/// The extent of what begins `text`, each line of which ends in a newline; nothing if its first line is
/// empty.
pub(super) fn of(text: &str) -> Extent {
    let mut extent = Extent::default();
    let mut closers = Vec::new();
    let (mut bytes, mut lines, mut code, mut in_a_row) = (0, 0, 0, 0);
    let mut last = None;
    for token in tokens(text) {
        let begin = bytes;
        bytes += token.text.len();
        if is_space(token.kind) {
            let newline = token.text.find('\n').filter(|_| token.kind == TokenKind::Whitespace);
            if let Some(newline) = newline {
                if code == 0 || extent.ends.len() == MOST_ENDS {
                    break;
                }
                if lines == 0 && last == Some(TokenKind::OpenBrace) {
                    extent.closers = Some(closers.iter().rev().collect());
                }
                if closers.is_empty() {
                    extent.ends.push(End { bytes: begin + newline + 1, lines: lines + 1 });
                }
            }
        } else {
            code += 1;
            in_a_row = if is_punctuation(token.kind) { in_a_row + 1 } else { 0 };
            let fits = code <= MOST_TOKENS && in_a_row <= MOST_PUNCTUATION;
            if !fits || !is_rust(token.kind) || !step(&mut closers, token.kind) {
                break;
            }
            last = Some(token.kind);
        }
        lines += token.text.matches('\n').count();
    }
    extent
}

/// Goes over a token with the brackets that `closers` will close; whether they match and are not too many.
fn step(closers: &mut Vec<char>, kind: TokenKind) -> bool {
    use TokenKind::{CloseBrace, CloseBracket, CloseParen, OpenBrace, OpenBracket, OpenParen};
    match kind {
        OpenParen => closers.push(')'),
        OpenBracket => closers.push(']'),
        OpenBrace => closers.push('}'),
        CloseParen => return closers.pop() == Some(')'),
        CloseBracket => return closers.pop() == Some(']'),
        CloseBrace => return closers.pop() == Some('}'),
        _ => {}
    }
    closers.len() <= MOST_NESTED
}

fn is_space(kind: TokenKind) -> bool {
    use TokenKind::{BlockComment, LineComment, Whitespace};
    matches!(
        kind,
        Whitespace | LineComment { doc_style: None } | BlockComment { doc_style: None, .. }
    )
}

/// Signs that may stand in a row; brackets are counted otherwise.
fn is_punctuation(kind: TokenKind) -> bool {
    use TokenKind::{
        And, At, Bang, Caret, Colon, Comma, Dollar, Dot, Eq, Gt, Lt, Minus, Or, Percent, Plus,
        Pound, Question, Semi, Slash, Star, Tilde,
    };
    matches!(
        kind,
        And | At
            | Bang
            | Caret
            | Colon
            | Comma
            | Dollar
            | Dot
            | Eq
            | Gt
            | Lt
            | Minus
            | Or
            | Percent
            | Plus
            | Pound
            | Question
            | Semi
            | Slash
            | Star
            | Tilde
    )
}

/// Whether a token can stand in Rust at all.
fn is_rust(kind: TokenKind) -> bool {
    use LiteralKind::{Byte, ByteStr, CStr, Char, RawByteStr, RawCStr, RawStr, Str};
    use TokenKind::{
        Frontmatter, GuardedStrPrefix, InvalidIdent, Literal, Tilde, Unknown, UnknownPrefix,
        UnknownPrefixLifetime,
    };
    match kind {
        Literal { kind, .. } => match kind {
            Char { terminated }
            | Byte { terminated }
            | Str { terminated }
            | ByteStr { terminated }
            | CStr { terminated } => terminated,
            RawStr { n_hashes } | RawByteStr { n_hashes } | RawCStr { n_hashes } => {
                n_hashes.is_some()
            }
            _ => true,
        },
        Unknown
        | UnknownPrefix
        | UnknownPrefixLifetime
        | InvalidIdent
        | Frontmatter { .. }
        | GuardedStrPrefix
        | Tilde => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines after which a piece may end.
    fn ends(text: &str) -> Vec<usize> {
        of(text).ends.iter().map(|end| end.lines).collect()
    }

    #[test]
    fn a_piece_ends_where_its_brackets_are_closed() {
        assert_eq!(ends("f(\n  a,\n);\n\ng();\n"), [3, 5]);
        assert_eq!(ends("let s = \"a {\n\" + '{';\nlet x;\n"), [2, 3]);
        let text = "a // (\nb\n";
        let extent = of(text);
        assert_eq!(extent.ends, [End { bytes: 7, lines: 1 }, End { bytes: 9, lines: 2 }]);
    }

    #[test]
    fn what_is_no_rust_ends_it_before() {
        assert_eq!(ends("a\nsay \u{201c}b\u{201d}\nc\n"), [1]);
        assert_eq!(ends("a\nservers' own\n"), [1]);
        assert_eq!(ends("a\nb)\nc\n"), [1]);
        assert!(ends("\na\n").is_empty());
        assert!(ends(&format!("{}\n", "-".repeat(40))).is_empty());
        assert_eq!(ends(&"a\n".repeat(100)).len(), MOST_ENDS);
        assert!(ends(&format!("{}\n", "(".repeat(100))).is_empty());
    }

    #[test]
    fn a_head_can_be_closed() {
        assert_eq!(of("spawn(move || {\n  f();\n").closers.as_deref(), Some("})"));
        assert_eq!(of("f(\n{\n").closers, None);
        assert_eq!(of("f()\n").closers, None);
    }
}
