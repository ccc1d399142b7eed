//! What is left to do: markers in comments, and macros that stand for code that was not written.

use ra_ap_rustc_lexer::TokenKind;

use crate::comments::{Comment, Placed, code};
use crate::{Finding, Rule};

/// The words that mark something left to do.
const MARKERS: [&str; 4] = ["TODO", "FIXME", "XXX", "HACK"];

/// The macros that panic because something was not written.
const MACROS: [&str; 2] = ["todo", "unimplemented"];

/// What the comments of `file` and its code say is left to do.
pub(crate) fn findings(file: &str, text: &str, comments: &[Comment]) -> Vec<Finding> {
    let finding = |line, column, message| Finding {
        rule: Rule::TodoComments,
        file: file.to_owned(),
        line,
        column,
        message,
    };
    let in_comments = comments.iter().flat_map(|comment| {
        let lines = comment.lines.iter().enumerate();
        lines.filter(|(_, text)| is_reminder(text)).map(|(at, text)| {
            let column = (at == 0).then_some(comment.column);
            finding(comment.line + at, column, text.trim().to_owned())
        })
    });
    let in_code = calls(text).map(|name| {
        let Placed { text, line, column, .. } = name;
        finding(line, Some(column), format!("`{text}!` stands for code that is missing"))
    });
    in_comments.chain(in_code).collect()
}

/// The names of the macros that stand for missing code, where they are called.
fn calls(text: &str) -> impl Iterator<Item = Placed<'_>> {
    let mut tokens = code(text).peekable();
    std::iter::from_fn(move || {
        loop {
            let token = tokens.next()?;
            let named = token.kind == TokenKind::Ident && MACROS.contains(&token.text);
            if named && tokens.peek().is_some_and(|next| next.kind == TokenKind::Bang) {
                return Some(token);
            }
        }
    })
}

/// Whether a line of a comment marks something: a marker in capitals stands somewhere as a word, or in
/// any letters at the start before a colon or a name in brackets. A word in quotation marks or
/// backticks is spoken of, and marks nothing.
fn is_reminder(line: &str) -> bool {
    let quoted = |at: usize, end: usize| {
        let before = line[..at].chars().next_back();
        let after = line[end..].chars().next();
        matches!((before, after), (Some('`'), _) | (_, Some('`')) | (Some('"'), Some('"')))
    };
    if words(line).any(|(at, word)| MARKERS.contains(&word) && !quoted(at, at + word.len())) {
        return true;
    }
    let start = line.trim_start();
    words(start).next().is_some_and(|(at, word)| {
        let upper = word.to_ascii_uppercase();
        at == 0 && MARKERS.contains(&&*upper) && start[word.len()..].starts_with([':', '('])
    })
}

/// The words of `line` and where they begin.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let apart = |c: char| !(c.is_alphanumeric() || c == '_');
    line.split(apart).scan(0, move |next, word| {
        let at = *next;
        let end = at + word.len();
        *next = end + line[end..].chars().next().map_or(0, char::len_utf8);
        Some((at, word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comments;

    fn found(text: &str) -> Vec<String> {
        let findings = findings("a.rs", text, &comments::of(text)).into_iter();
        findings.map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn markers_are_words_in_comments_of_any_kind() {
        let text = "\
// TODO: locks
/// Explains. FIXME later
/* a
 * HACK */ fn f() {} // ändern, XXX!
// todo(me): more
// Hack: none
";
        assert_eq!(
            found(text),
            [
                "a.rs:1: TODO: locks",
                "a.rs:2: Explains. FIXME later",
                "a.rs:4: HACK",
                "a.rs:4: ändern, XXX!",
                "a.rs:5: todo(me): more",
                "a.rs:6: Hack: none",
            ]
        );
    }

    #[test]
    fn what_only_resembles_a_marker_is_none() {
        let text = "\
// Todo lists are kept elsewhere, and nobody shall hack: it is said why.
// TODOS, XXXX, MY_TODO; what is marked `TODO` is found, and so is \"FIXME\".
fn todo() { let s = \"// TODO\"; r#todo!(); }
";
        assert!(found(text).is_empty(), "{:?}", found(text));
    }

    #[test]
    fn macros_that_stand_for_missing_code_are_found_wherever_they_are_called() {
        let text = "fn f() {\n    vec![todo!()];\n    std::unimplemented ! {};\n    todo;\n}\n";
        assert_eq!(
            found(text),
            [
                "a.rs:2: `todo!` stands for code that is missing",
                "a.rs:3: `unimplemented!` stands for code that is missing",
            ]
        );
    }
}
