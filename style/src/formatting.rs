//! Where rustfmt would write something else: a finding for each run of lines.

use similar::{DiffOp, TextDiff};

use crate::{Finding, Rule};

/// Most characters of a line that are quoted.
const QUOTED: usize = 60;

/// What `file` needs to become `formatted`; an error is what rustfmt has against it.
pub(crate) fn findings(file: &str, text: &str, formatted: Result<&str, &String>) -> Vec<Finding> {
    let finding = |line, message| Finding {
        rule: Rule::Formatting,
        file: file.to_owned(),
        line,
        column: None,
        message,
    };
    let formatted = match formatted {
        Ok(formatted) => formatted,
        Err(why) => {
            let why = why.lines().find(|line| !line.trim().is_empty()).unwrap_or("no reason given");
            return vec![finding(1, format!("rustfmt cannot read this file: {}", why.trim()))];
        }
    };
    let (old, new): (Vec<&str>, Vec<&str>) = (lines(text), lines(formatted));
    TextDiff::from_slices(&old, &new)
        .grouped_ops(0)
        .iter()
        .filter_map(|hunk| changed(hunk))
        .map(|(before, after)| {
            let line = (before.start + 1).min(old.len().max(1));
            finding(line, difference(&old[before], &new[after]))
        })
        .collect()
}

/// The lines, each with its end.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

type Lines = std::ops::Range<usize>;

/// The lines before and after that a run of changes covers; none if it holds no change.
fn changed(hunk: &[DiffOp]) -> Option<(Lines, Lines)> {
    let mut changes = hunk.iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    let first = changes.next()?;
    let last = changes.next_back().unwrap_or(first);
    let cover = |a: Lines, b: Lines| a.start..b.end;
    Some((cover(first.old_range(), last.old_range()), cover(first.new_range(), last.new_range())))
}

/// What rustfmt does to the lines, in words.
fn difference(before: &[&str], after: &[&str]) -> String {
    let same = |as_seen: fn(&str) -> &str| {
        before.len() == after.len()
            && before.iter().zip(after).all(|(before, after)| as_seen(before) == as_seen(after))
    };
    let empty = |lines: &[&str]| lines.iter().all(|line| line.trim().is_empty());
    match (before, after) {
        _ if same(|line| line.trim_end_matches(['\r', '\n'])) => {
            "rustfmt would end the line otherwise".to_owned()
        }
        _ if same(str::trim_end) => "rustfmt would drop the spaces at the end".to_owned(),
        ([before, ..], [after, ..]) if same(str::trim) => {
            let indent = |line: &str| line.len() - line.trim_start().len();
            format!("rustfmt would indent by {}, not {}", indent(after), indent(before))
        }
        (before, []) if empty(before) => {
            format!("rustfmt would drop {}", empty_lines(before.len()))
        }
        ([], after) if empty(after) => {
            format!("rustfmt would put {} here", empty_lines(after.len()))
        }
        (_, []) => "rustfmt would drop this".to_owned(),
        (_, after) => {
            let first = after.iter().find(|line| !line.trim().is_empty()).unwrap_or(&after[0]);
            let more = match after.len() {
                1 => "",
                _ => " …",
            };
            format!("rustfmt would write `{}`{more}", quoted(first.trim()))
        }
    }
}

fn empty_lines(many: usize) -> String {
    match many {
        1 => "an empty line".to_owned(),
        many => format!("{many} empty lines"),
    }
}

fn quoted(line: &str) -> String {
    match line.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines and messages.
    fn found(text: &str, formatted: &str) -> Vec<(usize, String)> {
        let findings = findings("src/lib.rs", text, Ok(formatted));
        findings.into_iter().map(|finding| (finding.line, finding.message)).collect()
    }

    #[track_caller]
    fn one(text: &str, formatted: &str, line: usize, message: &str) {
        assert_eq!(found(text, formatted), [(line, message.to_owned())]);
    }

    #[test]
    fn each_run_of_lines_is_one_finding_at_its_first_line() {
        let text = "fn a(){}\n\nfn b() {}\n\n\n\nfn c()\n{\n}\n";
        let formatted = "fn a() {}\n\nfn b() {}\n\nfn c() {}\n";
        assert_eq!(
            found(text, formatted),
            [
                (1, "rustfmt would write `fn a() {}`".to_owned()),
                (4, "rustfmt would drop an empty line".to_owned()),
                (6, "rustfmt would write `fn c() {}`".to_owned()),
            ]
        );
        assert_eq!(found(formatted, formatted), []);
    }

    #[test]
    fn says_in_words_what_differs_only_in_space() {
        one("a;  \nb;\n", "a;\nb;\n", 1, "rustfmt would drop the spaces at the end");
        one("a;\n  b;\n", "a;\n    b;\n", 2, "rustfmt would indent by 4, not 2");
        one("a;\n\n\n\nb;\n", "a;\n\nb;\n", 3, "rustfmt would drop 2 empty lines");
        one("a;\nb;", "a;\nb;\n", 2, "rustfmt would end the line otherwise");
        one("a;\n", "a;\n\n", 1, "rustfmt would put an empty line here");
        one("", "\n", 1, "rustfmt would put an empty line here");
    }

    #[test]
    fn quotes_the_first_of_the_lines_that_it_would_write_and_not_all_of_a_long_one() {
        let long = "x".repeat(100);
        one("f( a,\n b)\n", "f(a, b)\n", 1, "rustfmt would write `f(a, b)`");
        one("f()\n", "f(\n)\n", 1, "rustfmt would write `f(` …");
        let message = format!("rustfmt would write `{}…`", "x".repeat(QUOTED));
        one(&format!(" {long} y\n"), &format!("{long}\n"), 1, &message);
    }

    #[test]
    fn a_file_that_rustfmt_cannot_read_is_a_finding() {
        let why = "\nerror: expected `;`, found `}`\n --> <stdin>:3:1\n".to_owned();
        let findings = findings("src/lib.rs", "fn a( {}", Err(&why));
        let expected = "rustfmt cannot read this file: error: expected `;`, found `}`";
        assert_eq!((findings.len(), &*findings[0].message), (1, expected));
    }
}
