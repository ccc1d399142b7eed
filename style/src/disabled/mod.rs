//! Code that was commented out.
//!
//! It is found by parsing. A run of line comments, or a block comment, is stripped of its markers; wherever
//! a part of it, line by line, is a piece of Rust that nobody writes by accident, that part is
//! found. Words are almost never Rust, and what is both, a single word or a path, is words.
//!
//! | module | what |
//! | --- | --- |
//! | `runs` | comments that belong together |
//! | `extent` | where a piece of code that begins with a line may end |
//! | `pieces` | what a piece of code may be: statements, arms, fields … |
//! | `evidence` | which of them nobody writes by accident |

mod evidence;
mod extent;
mod pieces;
mod runs;

use crate::comments::Comment;
use crate::{Finding, Rule};

use runs::{Line, runs};

/// The code in the comments of `file`.
pub(crate) fn findings(file: &str, comments: &[Comment]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for run in runs(comments) {
        findings.extend(blocks(&run).into_iter().map(|block| Finding {
            rule: Rule::CommentedOutCode,
            file: file.to_owned(),
            line: run[block.start].number,
            column: None,
            message: message(&run[block]),
        }));
        // The parser keeps every text that it has read, unless it is told not to.
        proc_macro2::extra::invalidate_current_thread_spans();
    }
    findings
}

/// Most lines of a piece. What is longer is found in parts.
const MOST_LINES: usize = 500;

/// Lines of a run, by their place in it.
type Block = std::ops::Range<usize>;

/// The parts of a run that are code.
fn blocks(run: &[Line]) -> Vec<Block> {
    let text: String = run.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect();
    let mut starts: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
    starts.insert(0, 0);
    let mut blocks: Vec<Block> = Vec::new();
    let mut at = 0;
    while at < run.len() {
        let last = (at + MOST_LINES).min(run.len());
        let Some(lines) = piece(&text[starts[at]..starts[last]]) else {
            at += 1;
            continue;
        };
        let end = at + lines;
        match blocks.last_mut() {
            Some(last) if run[last.end..at].iter().all(Line::is_filler) => last.end = end,
            _ => blocks.push(at..end),
        }
        at = end;
    }
    blocks
}

/// How many lines of `text`, from the first on, are a piece of code; the most that are.
fn piece(text: &str) -> Option<usize> {
    let extent = extent::of(text);
    let whole = extent.ends.iter().rev().find(|end| pieces::is_code(&text[..end.bytes]));
    if let Some(end) = whole {
        return Some(end.lines);
    }
    // A head whose body is elsewhere.
    let (line, _) = text.split_once('\n')?;
    let head = format!("{line}{}", extent.closers?);
    (pieces::is_code(&head) || pieces::is_code(&format!("{head};"))).then_some(1)
}

/// Most characters of a line that are quoted.
const QUOTED: usize = 60;

/// `code in a comment: let x = 1; (3 lines)`
fn message(block: &[Line]) -> String {
    let first: String = block[0].text.trim().chars().take(QUOTED).collect();
    match block.len() {
        1 => format!("code in a comment: `{first}`"),
        lines => format!("code in a comment: `{first}` … ({lines} lines)"),
    }
}

#[cfg(test)]
mod tests;
