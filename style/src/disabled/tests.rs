//! Code is found, and words are not.

use proptest::prelude::*;

use super::*;
use crate::comments;

/// The line and the length of what is found in `text`.
fn found(text: &str) -> Vec<(usize, usize)> {
    let runs = runs(&comments::of(text));
    let places = |run: &Vec<Line>| -> Vec<_> {
        blocks(run).into_iter().map(|block| (run[block.start].number, block.len())).collect()
    };
    runs.iter().flat_map(places).collect()
}

/// `text` with something before each line.
fn each_behind(before: &str, text: &str) -> String {
    text.lines().flat_map(|line| [before, line, "\n"]).collect()
}

/// `code` as line comments.
fn commented(code: &str) -> String {
    each_behind("    // ", code)
}

/// What is found in `code`, commented out.
fn found_in(code: &str) -> Vec<(usize, usize)> {
    found(&commented(code))
}

/// Pieces of code, each of which is found as a whole.
const CODE: &[&str] = &[
    "let x = 1;",
    "let Some(leader) = self.leader() else { return };",
    "let term: Term;",
    "self.log.push(entry)",
    "self.log.push(entry);",
    "state.lock().unwrap().term += 1;",
    "term = args.term;",
    "votes += 1;",
    "return;",
    "return Err(Error::Stale)",
    "continue;",
    "apply(entry);",
    "reply?.success.then_some(3)",
    "println!(\"term {}\", self.term);",
    "info!(\"leads\")",
    "vec![1, 2]",
    "assert_eq!(a, b);",
    "use std::collections::HashMap;",
    "pub use log::Log as _;",
    "mod log;",
    "const N: usize = 3;",
    "static LOG: Mutex<Vec<Entry>> = Mutex::new(Vec::new());",
    "struct Entry;",
    "type Term = u64;",
    "#[derive(Debug)]",
    "#![allow(dead_code)]",
    "fn apply(&self);",
    "fn apply(&mut self, entry: Entry) -> bool {",
    "for peer in peers {",
    "} // no words",
    "thread::spawn(move || {",
    "if self.is_leader() {",
    "loop {}",
    ".filter(|peer| peer.alive)",
    ".unwrap()",
    "Role::Leader => 3,",
    "Some(term) => term,",
    "_ => {}",
    "Role::Follower => self.restart_timer(),",
    "pub term: Term,",
    "votes: Vec<bool>,",
    "term: u64,",
    "term: self.term,",
    "reply: Reply::new(),",
    "self.peers.len(),",
    "if x {\n    y\n} else {\n    z\n}",
    "match role {\n    Role::Leader => lead(),\n    _ => follow(),\n}",
    "fn f() -> bool {\n    // why\n    true\n}",
    "let x = peers\n    .iter()\n    .count();",
    "call(\n    a,\n    b,\n);",
    "#[test]\nfn it_works() {\n    assert!(true);\n}",
    "/// Documented.\npub fn f() {}",
    "let text = \"one\ntwo {\n\";\n",
    "let x = 1;\n\nlet y = 2;",
    "if x {\n    y();\n}\n\nz();",
    "impl Drop for Guard {\n    fn drop(&mut self) {}\n}",
    "enum Role {\n    Leader,\n    Follower,\n}",
    "macro_rules! m {\n    () => {};\n}",
    "Term {\n    number: 1,\n};",
];

#[test]
fn code_is_found_as_a_whole() {
    for code in CODE {
        let expected = if code.starts_with('}') { vec![] } else { vec![(1, code.lines().count())] };
        assert_eq!(found_in(code), expected, "{code}");
        let block = format!("/*\n{code}\n*/\n");
        let below = expected.iter().map(|&(line, lines)| (line + 1, lines)).collect::<Vec<_>>();
        assert_eq!(found(&block), below, "{block}");
    }
}

#[test]
fn code_is_found_between_words_at_its_own_line() {
    for code in CODE.iter().filter(|code| !code.starts_with('}')) {
        let text =
            format!("fn f() {{\n    // This was too slow, in a\n    // word:\n{}", commented(code));
        let text = text + "    // and that, sadly, was all\n    live();\n}\n";
        assert_eq!(found(&text), [(4, code.lines().count())], "{text}");
    }
}

#[test]
fn comments_that_stand_apart_are_not_taken_together() {
    let text =
        "f( // one,\n   2); // f(\n// 3);\n/* let x */\n/* = 3; */\ng(); // let y =\n     // 4;\n";
    assert_eq!(found(text), [(6, 2)]);
}

/// Comments of people, most of them from this repository and from the crates that it uses.
const WORDS: &[&str] = &[
    "Containers may forbid it; then there is nothing to show.",
    "binom.test(failed, runs, alternative = \"less\" or \"greater\")$conf.int",
    "A leader holds no elections; stepping down wakes this thread.",
    "Nobody reads the log; that is no reason to end a run.",
    "SAFETY: `sigaction` is plain data for which all zeroes are valid; the handler has the",
    "SAFETY: see above; the code is part of every `siginfo_t`.",
    "Figure 8: in (c) the entry of term 2 is on a majority, and must not be committed.",
    "Receiver's rule 1 (§5.1): an old leader's request changes nothing.",
    "1 - ALPHA^(1/n), without losing digits when n is large.",
    "prev, new entries, log afterwards; before it is 1 1 2 2",
    "own entries is on a majority. Only this leader makes entries of its term; what it has sent",
    "As in `pub(crate)`, which mentions nothing.",
    "log, prev, hint: cases (a) to (f) of Figure 7 and the borders",
    "10 % of the requests are lost, then 10 % of the replies; each bound is 5 deviations off.",
    "`use std;` and the like mean themselves.",
    "SAFETY: same as in writev()",
    "The original header is called \"net/if.h\".",
    "     000001: \\x00-\\xFF => 0",
    "Existing key (update)",
    "See https://sourceware.org/bugzilla/show_bug.cgi?id=16437",
    "https://github.com/rust-lang/libc/issues/1848",
    "(-9999-01-01) corresponds also to the minimum possible combination",
    "BorrowedFd. (Lifetime: PollFd > BorrowedFd)",
    "This is never called because the iterator is empty:",
    "Map high_bit = 1 (EMPTY or DELETED) to 1111_1111",
    "unnamed: addrlen = sizeof(sa_family_t)",
    "u32::MAX.",
    "  M - match state (may be accelerated)",
    "to valid data returned by recvmsg(2)",
    "ptr::read the value out of a ManuallyDrop<Self>",
    "The mode.bits() cast is only lossless on some OSes",
    "Note that (?P<middle>.) is a different way to spell the same thing.",
    "NOTE(2023-03-21): See the corresponding test in 'crate::ast::tests'",
    "N.B. Overflow only occurs here on 16-bit (or smaller) platforms,",
    "(x+)?, which preserves the correct preference order.",
    "first match state ID always corresponds to dfa.special.min_match.",
    "     000002: union(03, 04)",
    "     000001: 61 => 02",
    "    >000000: 61 => 01",
    "man page:",
    "bind().  However, Linux adds a trailing NUL, even if one was not",
    "to the caller. (i.e., We implement poisoning.)",
    "DecimalDigit :: one of",
    "as *mut _ should be ptr::without_provenance_mut but our MSRV does not allow it.",
    "ever reaches the limit. So the call depth can never exceed u32::MAX.",
    "than 'end', where 'end <= haystack.len()'. In the unrolled loop",
    "e.g. f(x)",
    "i.e. wait (for the reply)",
    "done; never;",
    "done;",
    "use it;",
    "return",
    "wait; then return",
    "leader => follower",
    "leader => follower, candidate => leader",
    "rate = failed / runs",
    "max(a, b)",
    "self.term",
    "the lock (of the server) is held",
    "see f (x);",
    "Note: this",
    "note: see below,",
    "term: the leader's, never ours",
    "Entry { term, index }",
    "{ min, median, max }",
    "{ term }",
    "[0, 1, 2]",
    "(a, b)",
    "1..n",
    "0",
    "\"a text\";",
    "x",
    "a < b && c;",
    "!important",
    "wow! (really)",
    "|state| of a server",
    "&self",
    "'a: 'b",
    "? what now",
    "* a point",
    "- another",
    "1. first",
    "a. first (of all)",
    "# Heading",
    "#1234",
    "#[see the paper]: it says so",
    "============================",
    "----- messages -----",
    "~~~",
    "}",
    "});",
    "let us see;",
    "let it go",
    "if a server crashes { or hangs }",
    "for each peer",
    "while true",
    "match the logs",
    "fn of the term",
    "type of entry",
    "async code",
    "unsafe",
    "loop",
    "do ... while",
    "<https://raft.github.io>",
    "Ok(())",
    "Leader,",
    "größer als 3; daher",
    "…",
];

#[test]
fn words_are_not_found() {
    for words in WORDS {
        assert!(found(&format!("// {words}\n")).is_empty(), "{words}");
        assert!(found(&format!("/* {words} */\n")).is_empty(), "{words}");
    }
    let all = commented(&WORDS.join("\n"));
    assert!(found(&all).is_empty(), "{:?}", found(&all));
}

#[test]
fn documentation_and_strings_are_not_looked_at() {
    let text = "/// let x = 1;\n//! let x = 1;\n/** let x = 1; */\nfn f() { \"// let x = 1;\" }\n";
    assert_eq!(found(text), []);
}

/// However a comment is built, it costs neither the stack nor minutes.
#[test]
fn odd_comments_do_no_harm() {
    let many = 20_000;
    let patterns = [
        "(",
        "[{(",
        "a = ",
        "return ",
        "else if x {} ",
        "|x| ",
        "!!",
        "- ",
        "&",
        "a.b().",
        "if x { ",
        "x as ",
        "Vec<",
        "a::",
        "{}",
        "#[a] ",
        "'a: ",
        "\"",
        "r#\"",
        "/*",
        "x; ",
        "f( ",
        "let x = ",
    ];
    for pattern in patterns {
        for joined in [pattern.repeat(many), format!("{pattern}\n").repeat(many / 400)] {
            let text = commented(&joined);
            stacker::grow(crate::STACK_BYTES, || found(&text));
            let block = format!("/* {joined} */");
            stacker::grow(crate::STACK_BYTES, || found(&block));
        }
    }
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["x", "term", "self.log", "peers", "commit_index", "reply"])
        .prop_map(str::to_owned)
}

/// An expression.
fn value() -> impl Strategy<Value = String> {
    let leaf =
        prop_oneof![name(), (0..99_u32).prop_map(|n| n.to_string()), Just("\"a b\"".to_owned())];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let some = prop::collection::vec(inner.clone(), 0..3);
        prop_oneof![
            (name(), some.clone()).prop_map(|(f, args)| format!("{f}.call({})", args.join(", "))),
            some.prop_map(|args| format!("make({})", args.join(", "))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} + {b}")),
            inner.clone().prop_map(|a| format!("Some({a})")),
            inner.clone().prop_map(|a| format!("vec![{a}]")),
            inner.prop_map(|a| format!("|y| {{\n    {a}\n}}")),
        ]
    })
}

/// A statement, an item or an arm's worth of code.
fn code() -> impl Strategy<Value = String> {
    let simple = prop_oneof![
        value().prop_map(|a| format!("let x = {a};")),
        (name(), value()).prop_map(|(x, a)| format!("{x} = {a};")),
        value().prop_map(|a| format!("return {a};")),
        value().prop_map(|a| format!("self.apply({a});")),
        value().prop_map(|a| format!("debug!(\"{{}}\", {a});")),
    ];
    simple.prop_recursive(3, 24, 4, |inner| {
        let body = prop::collection::vec(inner, 1..4)
            .prop_map(|lines| each_behind("    ", &lines.join("\n")));
        prop_oneof![
            (value(), body.clone()).prop_map(|(a, body)| format!("if {a} == 1 {{\n{body}}}")),
            (name(), body.clone()).prop_map(|(x, body)| format!("for p in {x} {{\n{body}}}")),
            (value(), body.clone()).prop_map(|(a, body)| format!(
                "match {a} {{\n    1 => {{\n{body}    }}\n    _ => {{}}\n}}"
            )),
            body.clone().prop_map(|body| format!("fn f(&self) -> u32 {{\n{body}}}")),
            body.clone()
                .prop_map(|body| format!("impl Server {{\n    fn f() {{\n{body}    }}\n}}")),
            body.prop_map(|body| format!("labrt::thread::spawn(move || {{\n{body}}});")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn code_that_is_commented_out_is_found(pieces in prop::collection::vec(code(), 1..4)) {
        let code = pieces.join("\n");
        let lines = code.lines().count();
        let text = format!("fn live() {{\n    // It was like this.\n{}}}\n", commented(&code));
        prop_assert_eq!(found(&text), [(3, lines)], "{}", text);
        let block = format!("fn live() {{\n    /* {code}\n    */\n}}\n");
        prop_assert_eq!(found(&block), [(2, lines)], "{}", block);
    }

    #[test]
    fn no_text_is_too_odd(text in "(// [a-z(){};=.\"'! ]{0,40}\n){0,8}") {
        found(&text);
    }
}
