//! Packages on disk, and what the look finds in them.

use std::fs;

use super::*;

/// Looks from `from` at a package of these files.
fn look_at(files: &[(&str, &str)], from: &str) -> Looked {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("Cargo.toml"), "").expect("written");
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        fs::write(file, text).expect("written");
    }
    look_from(&folder.path().join(from))
}

fn found(places: &[&str]) -> Looked {
    Looked::Found(places.iter().map(ToString::to_string).collect())
}

#[test]
fn locks_of_labrt_and_words_in_texts_are_none_of_its_business() {
    let text = "use labrt::sync::{Mutex, RwLock};\nuse std::sync::Arc;\n// std::sync::Mutex\n\
                fn f() { let _ = (Mutex::new(1), RwLock::new(2), Arc::new(\"std::sync::Mutex\")); }";
    assert_eq!(look_at(&[("src/lib.rs", text)], "src/lib.rs"), Looked::Clean);
}

#[test]
fn a_lock_is_found_however_it_is_written() {
    for (text, places) in [
        ("use std::sync::Mutex;", &["src/lib.rs:1: std::sync::Mutex"][..]),
        ("\nfn f() { std::sync::RwLock::new(1); }", &["src/lib.rs:2: std::sync::RwLock"]),
        (
            "use std::{sync::{self, Arc}};\nfn f() { sync::Mutex::new(1); }",
            &["src/lib.rs:2: std::sync::Mutex"],
        ),
        ("use std::sync as s;\nstruct A(s::Condvar);", &["src/lib.rs:2: std::sync::Condvar"]),
        ("use std::sync::*;\nstruct A(Mutex<u8>);", &["src/lib.rs:2: std::sync::Mutex"]),
        (
            "use std::sync::Mutex as Channel;\nstruct A(Channel<u8>);",
            &["src/lib.rs:1: std::sync::Mutex", "src/lib.rs:2: std::sync::Mutex"],
        ),
        ("fn f() {\n    use parking_lot::Mutex;\n}", &["src/lib.rs:2: parking_lot"]),
        (
            "thread_local! {\n    static A: std::sync::Mutex<u8> = todo!();\n}",
            &["src/lib.rs:2: std::sync::Mutex"],
        ),
    ] {
        assert_eq!(look_at(&[("src/lib.rs", text)], "src/lib.rs"), found(places), "{text}");
    }
}

#[test]
fn modules_count_that_are_reached() {
    let files = [
        ("src/lib.rs", "mod channels;\nmod raft;\npub mod tools;"),
        ("src/channels.rs", "mod deep;\nuse crate::tools::hidden::Cell;\nuse self::deep as d;"),
        (
            "src/channels/deep.rs",
            "macro_rules! m { () => { pub(crate) fn m() {} } }\npub(crate) fn f() { super::super::tools::g(); }",
        ),
        ("src/raft.rs", "use std::sync::Mutex;\nmod log;"),
        ("src/raft/log.rs", "use super::*;\nstruct A(Mutex<u8>);"),
        ("src/tools/mod.rs", "pub mod hidden;\npub mod unused;\npub fn g() {}"),
        ("src/tools/hidden.rs", "pub type Cell = std::sync::Mutex<u8>;"),
        ("src/tools/unused.rs", "pub type Cell = std::sync::Mutex<u8>;"),
    ];
    let hidden = found(&["src/tools/hidden.rs:1: std::sync::Mutex"]);
    assert_eq!(look_at(&files, "src/channels.rs"), hidden);
    assert_eq!(look_at(&files, "src/channels/deep.rs"), Looked::Clean);
    assert_eq!(look_at(&files, "src/raft.rs"), found(&["src/raft.rs:1: std::sync::Mutex"]));
    assert_eq!(look_at(&files, "src/raft/log.rs"), found(&["src/raft.rs:1: std::sync::Mutex"]));
}

#[test]
fn tests_do_not_count() {
    let text = "#[cfg(test)]\nmod tests {\n    use std::sync::Mutex;\n}\n#[test]\nfn t() { \
                std::sync::Mutex::new(1); }\nmod inner {\n    pub struct A;\n}";
    assert_eq!(look_at(&[("src/lib.rs", text)], "src/lib.rs"), Looked::Clean);
}

#[test]
fn what_cannot_be_read_is_said() {
    let uses = "mod gone;\nfn f() { gone::g() }";
    let Looked::Unknown(why) = look_at(&[("src/lib.rs", uses)], "src/lib.rs") else {
        panic!("a module is missing that is used");
    };
    assert!(why.contains("gone"), "{why}");
    assert_eq!(look_at(&[("src/lib.rs", "mod gone;")], "src/lib.rs"), Looked::Clean);
    let Looked::Unknown(why) = look_at(&[("src/lib.rs", ""), ("a.rs", "")], "a.rs") else {
        panic!("the file is no module");
    };
    assert!(why.contains("a.rs is no module of its package"), "{why}");
}
