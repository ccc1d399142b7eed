//! A page that complains, asks for things and shuts people out is noticed; one that does not is left alone.

#![allow(clippy::disallowed_methods, reason = "it lives outside every world")]

use std::fs;
use std::process::ExitCode;

use browser::kit::Kit;
use browser::{Look, Page, trials};
use libtest_mimic::Arguments;
use tempfile::TempDir;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = trials(&[
        ("a_good_page_is_left_alone", a_good_page_is_left_alone),
        ("a_bad_page_is_noticed", a_bad_page_is_noticed),
        ("it_is_seen_as_a_person_sees_it", it_is_seen_as_a_person_sees_it),
        ("it_is_used_as_a_person_uses_it", it_is_used_as_a_person_uses_it),
    ]);
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn open(kit: &Kit, body: &str, look: Look) -> (Page, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("page.html");
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>A page</title><link rel=icon href='data:,'><main><h1>A page</h1>{body}</main>"
    );
    fs::write(&file, html).expect("a page");
    (Page::open(kit, &file, look), folder)
}

fn a_good_page_is_left_alone(kit: &Kit) {
    let (page, _folder) =
        open(kit, "<p>Words.</p><script>console.info('fine')</script>", Look::LAPTOP);
    assert_eq!(page.title(), "A page");
    assert_eq!(page.complaints(), [""; 0]);
    assert_eq!(page.requests(), [""; 0]);
    assert_eq!(page.barriers(), [""; 0]);
    assert!(!page.is_too_wide());
}

fn a_bad_page_is_noticed(kit: &Kit) {
    let body = "<p style='color:#eee;background:#fff;width:3000px'>Hard to read.</p>\
                <script src='http://127.0.0.1:9/x.js'></script><script>throw new Error('broken')</script>";
    let (page, _folder) = open(kit, body, Look::PHONE);
    let complaints = page.complaints();
    assert!(complaints.iter().any(|line| line.contains("broken")), "{complaints:?}");
    assert_eq!(page.requests(), ["http://127.0.0.1:9/x.js"]);
    let barriers = page.barriers();
    assert!(barriers.iter().any(|line| line.contains("color-contrast")), "{barriers:?}");
    assert!(page.is_too_wide());
}

fn it_is_seen_as_a_person_sees_it(kit: &Kit) {
    let body = "<style>@media (prefers-color-scheme: dark) { .light { display: none } }</style>\
                <p id=one>Seen<span hidden> or not</span></p><p class=light>Light.</p>";
    let (page, _folder) = open(kit, body, Look::LAPTOP);
    assert_eq!(page.text("#one"), "Seen");
    assert_eq!(page.count("p"), 2);
    page.dress(Look::LAPTOP.dark());
    assert_eq!(page.count("p"), 1);
}

fn it_is_used_as_a_person_uses_it(kit: &Kit) {
    let body = "<button onclick='navigator.clipboard.writeText(\"copied\")'>Copy</button>\
                <input aria-label=Name oninput='document.title = this.value'>";
    let (page, _folder) = open(kit, body, Look::LAPTOP);
    page.allow_clipboard();
    page.click("button");
    page.until("the clipboard is full", |page| page.clipboard() == "copied");
    page.type_into("input", "typed");
    assert_eq!(page.eval("return document.title"), "typed");
}
