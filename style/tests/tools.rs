//! Samples, with what this toolchain's rustfmt and clippy say of them.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "it starts tools")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use insta::assert_snapshot;
use style::{Outcome, Rule, Said, Sources, check, suite, tools};

/// The files as those of a package whose root is the first.
fn package(files: &[(&str, &str)]) -> (tempfile::TempDir, Sources) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["src", "thresholds"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("thresholds/clippy.toml"), "").unwrap();
    let mut sources = Sources::new();
    for (path, text) in files {
        fs::write(folder.path().join(path), text).unwrap();
        sources.insert((*path).to_owned(), (*text).to_owned());
    }
    (folder, sources)
}

/// What both tools say.
fn said(folder: &Path, sources: &Sources) -> Said {
    let formatted = |text: &str| {
        let output = rustfmt(folder, text);
        let said = String::from_utf8(output.stderr).unwrap();
        if output.status.success() {
            Ok(String::from_utf8(output.stdout).unwrap())
        } else {
            Err(said)
        }
    };
    Said {
        formatted: sources.iter().map(|(path, text)| (path.clone(), formatted(text))).collect(),
        diagnostics: Ok(clippy(folder)),
    }
}

fn rustfmt(folder: &Path, text: &str) -> Output {
    let mut child = Command::new("rustfmt")
        .args(tools::rustfmt("2024", None))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rustfmt is there: `rustup component add rustfmt`");
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn clippy(folder: &Path) -> String {
    let output = Command::new("clippy-driver")
        .args(["--edition", "2024", "--crate-name", "sample", "--crate-type", "lib"])
        .args(["--emit", "metadata", "--out-dir", "out", "src/lib.rs"])
        .args(tools::clippy())
        .env(tools::CONFIG_FOLDER, folder.join("thresholds"))
        .current_dir(folder)
        .output()
        .expect("clippy-driver is there: `rustup component add clippy`");
    String::from_utf8(output.stderr).unwrap()
}

fn judged(files: &[(&str, &str)]) -> Outcome {
    let (folder, sources) = package(files);
    check(&sources, &said(folder.path(), &sources))
}

fn report(outcome: &Outcome) -> String {
    let lines = Rule::ALL.map(|rule| {
        let verdict =
            suite::failure(outcome, rule).map_or("kept".to_owned(), |failure| failure.to_string());
        format!("{}\n  {verdict}\n", rule.title())
    });
    lines.concat()
}

#[test]
fn a_messy_sample() {
    let messy = [
        ("src/lib.rs", include_str!("samples/messy.rs")),
        ("src/log.rs", include_str!("samples/log.rs")),
    ];
    assert_snapshot!(report(&judged(&messy)));
}

/// Were a lint unknown to this toolchain, clippy would say so.
#[test]
fn a_clean_sample_of_which_clippy_says_nothing() {
    let (folder, sources) = package(&[("src/lib.rs", include_str!("samples/clean.rs"))]);
    let said = said(folder.path(), &sources);
    assert_eq!(said.diagnostics.as_deref(), Ok(""));
    let outcome = check(&sources, &said);
    assert!(outcome.findings().is_empty(), "{:?}", outcome.findings());
    for summary in outcome.summary() {
        assert_eq!((summary.findings, summary.unknown), (0, None));
        assert_eq!(suite::failure(&outcome, summary.rule), None);
    }
}

#[test]
fn what_does_not_compile_is_judged_only_as_far_as_it_can_be() {
    let outcome =
        judged(&[("src/lib.rs", "//! A server.\n\npub fn f() -> u8 {\n    g() // TODO\n}\n")]);
    assert_snapshot!(report(&outcome));
}

#[test]
fn what_is_no_rust_is_no_pass() {
    let outcome = judged(&[("src/lib.rs", "//! A server.\n\npub fn f( -> u8 {}\n")]);
    assert_snapshot!(report(&outcome));
}

/// A submission's own settings count as they do for `cargo fmt`, but not those that switch everything off.
#[test]
fn a_submission_may_set_its_form_but_not_do_without_one() {
    let text = "//! A server.\n\nfn f() {\n  g( )\n}\n";
    let with = |settings: &str| {
        let (folder, sources) = package(&[("src/lib.rs", text)]);
        fs::write(folder.path().join("rustfmt.toml"), settings).unwrap();
        check(&sources, &said(folder.path(), &sources)).of(Rule::Formatting).count()
    };
    assert_eq!(with(""), 1);
    assert_eq!(with("disable_all_formatting = true\n"), 1);
    let text_in_form = with("tab_spaces = 2\n");
    assert_eq!(text_in_form, 1, "the brackets remain");
}

/// `warnings` cannot be made errors, nor an exception without its reason be kept quiet.
#[test]
fn a_submission_cannot_silence_clippy() {
    let outcome = judged(&[(
        "src/lib.rs",
        "//! A server.\n#![deny(warnings)]\n#![allow(clippy::allow_attributes_without_reason)]\n\n\
         /// It ends.\n#[allow(clippy::exit)]\npub fn f() {\n    std::process::exit(1)\n}\n",
    )]);
    let found: Vec<String> = outcome.findings().iter().map(ToString::to_string).collect();
    let message =
        "`allow` attribute without specifying a reason (clippy::allow_attributes_without_reason)";
    assert_eq!(found, [format!("src/lib.rs:3: {message}"), format!("src/lib.rs:6: {message}")]);
}
