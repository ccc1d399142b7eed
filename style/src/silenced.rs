//! Attributes at the head of a file or a module that hide all of it from a rule.
//!
//! An exception at one item, with its reason, is fine; one for everything would make a rule pass that
//! nobody has kept.

use ra_ap_rustc_lexer::TokenKind::{
    Bang, CloseBrace, CloseBracket, CloseParen, OpenBrace, OpenBracket, OpenParen, Pound,
};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Meta, Path, Token};

use crate::comments::{Placed, code};
use crate::lints::UNUSED;
use crate::{Finding, Rule};

/// The attributes of `file` that do.
pub(crate) fn findings(file: &str, text: &str) -> Vec<Finding> {
    let finding = |(rule, line, lint)| Finding {
        rule,
        file: file.to_owned(),
        line,
        column: None,
        message: format!("`{lint}` is switched off for a whole module: say where it may speak up"),
    };
    let findings = wide(text).into_iter().flat_map(|Wide { line, text }| {
        let lints = lints(text).into_iter();
        lints.flat_map(move |lint| rules(&lint).iter().map(move |&rule| (rule, line, lint.clone())))
    });
    let findings = findings.map(finding).collect();
    proc_macro2::extra::invalidate_current_thread_spans();
    findings
}

/// An attribute of a file or a module.
struct Wide<'a> {
    line: usize,
    /// What stands in its brackets.
    text: &'a str,
}

/// The attributes of files and modules. The text is not parsed for it: its nesting is the submission's,
/// and a parser's stack is ours.
fn wide(text: &str) -> Vec<Wide<'_>> {
    let mut wide = Vec::new();
    let mut pending = Vec::new();
    let mut tokens = code(text).peekable();
    while let Some(token) = tokens.next() {
        match token.kind {
            Pound => {
                let inner = tokens.next_if(|next| next.kind == Bang).is_some();
                let attribute = Wide { line: token.line, text: bracketed(text, &mut tokens) };
                if inner { &mut wide } else { &mut pending }.push(attribute);
            }
            // `pub(crate) mod log;`
            OpenParen | CloseParen => {}
            _ if ["pub", "crate", "super", "in", "self"].contains(&token.text) => {}
            _ if token.text == "mod" => wide.append(&mut pending),
            _ => pending.clear(),
        }
    }
    wide
}

/// What stands in the brackets that come next in `text`, and nothing if it is very deep.
fn bracketed<'a>(text: &'a str, tokens: &mut impl Iterator<Item = Placed<'a>>) -> &'a str {
    const MOST_NESTED: usize = 32;
    let (mut depth, mut deepest, mut start) = (0, 0, 0);
    for token in tokens {
        match token.kind {
            OpenParen | OpenBracket | OpenBrace => depth += 1,
            CloseParen | CloseBracket | CloseBrace => depth -= 1,
            _ => {}
        }
        deepest = deepest.max(depth);
        match depth {
            0 if (1..=MOST_NESTED).contains(&deepest) => return &text[start..token.at],
            0 => break,
            1 if start == 0 => start = token.at + 1,
            _ => {}
        }
    }
    ""
}

/// The lints that the attribute with this inside switches off.
fn lints(inside: &str) -> Vec<String> {
    let meta = |input: syn::parse::ParseStream<'_>| input.parse::<Meta>();
    meta.parse_str(inside).map_or_else(|_| Vec::new(), |meta| allowed(&meta))
}

/// The lints that an attribute allows, other than in tests.
fn allowed(meta: &Meta) -> Vec<String> {
    let Meta::List(list) = meta else { return Vec::new() };
    let Ok(inner) = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else {
        return Vec::new();
    };
    if list.path.is_ident("cfg_attr") {
        let in_tests = inner.first().is_some_and(|cfg| cfg.path().is_ident("test"));
        return inner.iter().skip(1).filter(|_| !in_tests).flat_map(allowed).collect();
    }
    if !list.path.is_ident("allow") && !list.path.is_ident("expect") {
        return Vec::new();
    }
    inner
        .iter()
        .filter(|meta| matches!(meta, Meta::Path(_)))
        .map(|meta| name(meta.path()))
        .collect()
}

fn name(path: &Path) -> String {
    let segments: Vec<String> =
        path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    segments.join("::")
}

/// The rules that cannot be judged where `lint` is allowed.
fn rules(lint: &str) -> &'static [Rule] {
    match lint {
        "warnings" => &[Rule::Lints, Rule::Unused, Rule::MissingDocs],
        "clippy::all"
        | "clippy::style"
        | "clippy::correctness"
        | "clippy::suspicious"
        | "clippy::complexity"
        | "clippy::perf"
        | "clippy::pedantic"
        | "clippy::restriction"
        | "clippy::nursery"
        | "nonstandard_style" => &[Rule::Lints],
        "missing_docs" => &[Rule::MissingDocs],
        lint if lint == "unused" || UNUSED.contains(&lint) => &[Rule::Unused],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(Rule, usize)> {
        findings("a.rs", text).into_iter().map(|finding| (finding.rule, finding.line)).collect()
    }

    #[test]
    fn a_module_that_hides_from_a_rule_is_found() {
        let text = r#"
#![allow(dead_code, missing_docs, reason = "later")]
#[cfg_attr(debug_assertions, allow(clippy::all))]
mod a;
mod b {
    #![expect(unused, reason = "later")]
}
"#;
        let expected =
            [(Rule::Unused, 2), (Rule::MissingDocs, 2), (Rule::Lints, 3), (Rule::Unused, 6)];
        assert_eq!(found(text), expected);
        let all = found("#![allow(warnings)]");
        assert_eq!(all, [(Rule::Lints, 1), (Rule::Unused, 1), (Rule::MissingDocs, 1)]);
    }

    #[test]
    fn an_exception_for_one_item_or_one_lint_is_none_of_that() {
        let text = r#"
#![allow(clippy::module_name_repetitions, reason = "they read well")]
#![cfg_attr(test, allow(dead_code))]
#[allow(dead_code, reason = "the tests read it")]
fn f() {}
#[derive(Debug)]
struct Allow;
"#;
        assert_eq!(found(text), []);
        assert_eq!(found(&format!("#![a{}] fn (", "(".repeat(100_000))), []);
    }
}
