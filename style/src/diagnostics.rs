//! What clippy said, as findings.

use serde::Deserialize;

use crate::lints::UNUSED;
use crate::{Finding, Rule};

/// A line of rustc's `--error-format=json`.
#[derive(Debug, Deserialize)]
struct Diagnostic {
    message: String,
    code: Option<Code>,
    level: String,
    spans: Vec<Span>,
}

#[derive(Debug, Deserialize)]
struct Code {
    /// The lint, `unused_variables` or `clippy::len_zero`; or an error's number.
    code: String,
}

#[derive(Debug, Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    column_start: usize,
    is_primary: bool,
    /// Where the macro was called that wrote what the span covers.
    expansion: Option<Box<Expansion>>,
}

#[derive(Debug, Deserialize)]
struct Expansion {
    span: Span,
}

/// The findings of the rules that clippy judges, from the lines that it wrote.
///
/// # Errors
/// One line, when it did not look at everything: the submission does not compile, or what it said is no
/// diagnostic.
pub(crate) fn findings(said: &str) -> Result<Vec<Finding>, String> {
    let mut findings = Vec::new();
    for line in said.lines().filter(|line| !line.trim().is_empty()) {
        let diagnostic: Diagnostic = serde_json::from_str(line).map_err(|_| {
            let start: String = line.chars().take(200).collect();
            format!("clippy said something that is no diagnostic: {start}")
        })?;
        if diagnostic.level.starts_with("error") {
            return Err(format!("clippy gave up: {}", place(&diagnostic)));
        }
        findings.extend(diagnostic.finding());
    }
    Ok(findings)
}

impl Diagnostic {
    /// None for what has no lint or no place: a count of warnings, for instance.
    fn finding(self) -> Option<Finding> {
        let Code { code } = self.code.as_ref()?;
        let span = self.span()?;
        let (file, line, column) =
            (span.file_name.clone(), span.line_start, Some(span.column_start));
        let rule = match code.as_str() {
            "missing_docs" => Rule::MissingDocs,
            lint if UNUSED.contains(&lint) => Rule::Unused,
            _ => Rule::Lints,
        };
        let message = match rule {
            Rule::MissingDocs => self.message,
            _ => format!("{} ({code})", self.message),
        };
        let message = message.replace('\n', " ");
        Some(Finding { rule, file, line, column, message })
    }

    /// The first place that it is about, in the text that somebody wrote: for what a macro wrote, the
    /// place where that was called.
    fn span(&self) -> Option<&Span> {
        let mut span = self.spans.iter().find(|span| span.is_primary)?;
        while let Some(expansion) = &span.expansion {
            span = &expansion.span;
        }
        Some(span)
    }
}

/// `src/lib.rs:3: cannot find value`
fn place(diagnostic: &Diagnostic) -> String {
    let at = diagnostic.span().map(|span| format!("{}:{}: ", span.file_name, span.line_start));
    format!("{}{}", at.unwrap_or_default(), diagnostic.message.replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn span(file: &str, line: usize, is_primary: bool, expansion: Value) -> Value {
        json!({
            "file_name": file, "line_start": line, "column_start": 5, "is_primary": is_primary,
            "expansion": expansion, "byte_start": 0, "text": [], "label": null,
        })
    }

    fn said(level: &str, code: Value, message: &str, spans: Value) -> String {
        let line = json!({
            "$message_type": "diagnostic", "message": message, "code": code, "level": level,
            "spans": spans, "children": [], "rendered": "…",
        });
        format!("{line}\n")
    }

    fn warning(lint: &str, message: &str, spans: Value) -> String {
        said("warning", json!({ "code": lint, "explanation": null }), message, spans)
    }

    fn listed(said: &str) -> Vec<(Rule, String)> {
        let findings = findings(said).unwrap().into_iter();
        findings.map(|finding| (finding.rule, finding.to_string())).collect()
    }

    #[test]
    fn the_lint_decides_on_the_rule() {
        let at = |line| json!([span("src/a.rs", line, true, Value::Null)]);
        let said = [
            warning("missing_docs", "missing documentation for a struct", at(1)),
            warning("dead_code", "function `f` is never used", at(2)),
            warning("clippy::len_zero", "length comparison\nto zero", at(3)),
            warning("deprecated", "use of deprecated function", at(4)),
            said("warning", Value::Null, "4 warnings emitted", json!([])),
        ];
        let expected = [
            (Rule::MissingDocs, "src/a.rs:1: missing documentation for a struct"),
            (Rule::Unused, "src/a.rs:2: function `f` is never used (dead_code)"),
            (Rule::Lints, "src/a.rs:3: length comparison to zero (clippy::len_zero)"),
            (Rule::Lints, "src/a.rs:4: use of deprecated function (deprecated)"),
        ];
        assert_eq!(listed(&said.concat()), expected.map(|(rule, text)| (rule, text.to_owned())));
    }

    #[test]
    fn a_finding_stands_where_somebody_wrote_it() {
        let called =
            json!({ "span": span("src/a.rs", 7, false, Value::Null), "macro_decl_name": "m!" });
        let inner =
            json!({ "span": span("/deps/inner.rs", 2, false, called), "macro_decl_name": "n!" });
        let spans = json!([
            span("src/b.rs", 9, false, Value::Null),
            span("/deps/macros.rs", 1, true, inner),
            span("src/c.rs", 3, true, Value::Null),
        ]);
        let found = listed(&warning("clippy::len_zero", "m", spans));
        assert_eq!(found, [(Rule::Lints, "src/a.rs:7: m (clippy::len_zero)".to_owned())]);
    }

    #[test]
    fn what_was_not_looked_at_is_not_known_to_be_clean() {
        let error = said(
            "error",
            json!({ "code": "E0425", "explanation": null }),
            "cannot find value `x`",
            json!([span("src/a.rs", 3, true, Value::Null)]),
        );
        let aborting = said("error", Value::Null, "aborting due to 1 previous error", json!([]));
        assert_eq!(
            findings(&(error + &aborting)).unwrap_err(),
            "clippy gave up: src/a.rs:3: cannot find value `x`"
        );
        let panicked = "thread 'rustc' panicked at compiler/x.rs:1:\n";
        let why = findings(panicked).unwrap_err();
        assert!(why.starts_with("clippy said something that is no diagnostic: thread"), "{why}");
        assert_eq!(findings("\n"), Ok(Vec::new()));
    }
}
