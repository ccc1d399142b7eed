//! A distributed job has the output of a sequential one, whatever the input looks like.

use snapbox::str;

use crate::{Desk, words};

/// Runs the job both ways; the output.
fn both(desk: &Desk, words: &str) -> Vec<String> {
    desk.mapreduce(&format!("sequential --output out {words}"))
        .assert()
        .success()
        .stdout_eq("")
        .stderr_eq("");
    assert_eq!(desk.files(), ["mr-out-0"]);
    let expected = desk.output();
    desk.mapreduce(&format!("run --workers 3 --output out {words}"))
        .assert()
        .success()
        .stdout_eq("")
        .stderr_eq("");
    let files: Vec<_> = (0..10).map(|reduce| format!("mr-out-{reduce}")).collect();
    assert_eq!(desk.files(), files);
    assert_eq!(desk.output(), expected);
    expected
}

#[test]
fn books() {
    let desk = Desk::new();
    let books = desk.books(5, 40_000);
    assert!(both(&desk, &format!("--app wc {books}")).len() > 1000);
    assert!(both(&desk, &format!("--app indexer {books}")).len() > 1000);
}

#[test]
fn more_words_than_fit_in_memory() {
    let desk = Desk::new();
    desk.write("one.txt", words(0..30_000));
    desk.write("two.txt", words(20_000..50_000));
    let output = both(&desk, "--app wc --memory 1MiB one.txt two.txt");
    assert_eq!(output.len(), 50_000);
    assert_eq!(output.iter().filter(|line| line.ends_with(" 2")).count(), 10_000);
}

#[test]
fn texts_as_they_come() {
    let desk = Desk::new();
    desk.write("crlf.txt", "one two\r\ntwo\r\n");
    desk.write("empty.txt", "");
    desk.write("open.txt", "two");
    desk.write("odd.txt", "\u{feff}naïve Ελλάδα\0x \u{1F600}漢字\n\n\n");
    let output = both(&desk, "--app wc crlf.txt empty.txt open.txt odd.txt open.txt");
    assert_eq!(output, ["naïve 1", "one 1", "two 4", "x 1", "Ελλάδα 1", "漢字 1"]);
    let output = both(&desk, "--app indexer crlf.txt empty.txt open.txt open.txt");
    assert_eq!(output, ["one 1 crlf.txt", "two 3 crlf.txt,open.txt,open.txt"]);
}

#[test]
fn only_empty_files() {
    let desk = Desk::new();
    desk.write("empty.txt", "");
    assert_eq!(both(&desk, "--app wc empty.txt"), [""; 0]);
}

#[test]
fn tables_as_they_come() {
    let desk = Desk::new();
    desk.write("a.csv", inputs::credit(1, 200));
    desk.write("b.csv", inputs::credit(2, 200).replace('\n', "\r\n"));
    desk.write("c.csv", "User ID,Agency,Year,Credit Score\n1,\"Yellow, \"\"Banana\"\"\",2023,401");
    desk.write("d.csv", "");
    let output = both(&desk, "--app credit a.csv b.csv c.csv d.csv");
    assert_eq!(output.len(), inputs::credit::AGENCIES.len() + 1);
    assert!(output.contains(&"Yellow, \"Banana\" 1".to_owned()), "{output:?}");
}

#[test]
fn files_with_odd_names() {
    let desk = Desk::new();
    desk.write("-a b-.txt", "word");
    let job = |words: &str| desk.mapreduce(words).args(["--", "-a b-.txt"]);
    job("run --app indexer --output out").assert().success();
    assert_eq!(desk.output(), ["word 1 -a b-.txt"]);
}

#[test]
fn intermediate_files_on_request() {
    let desk = Desk::new();
    desk.write("one.txt", "a b");
    desk.mapreduce("run --app wc --keep --reduces 2 --output out one.txt").assert().success();
    assert_eq!(desk.files(), ["mr-0-0", "mr-0-1", "mr-out-0", "mr-out-1"]);
    // They are not taken for those of the next job.
    desk.write("one.txt", "c");
    desk.mapreduce("run --app wc --reduces 1 --output out one.txt").assert().success();
    assert_eq!(desk.output(), ["c 1"]);
}

#[test]
fn a_socket_of_any_length() {
    let desk = Desk::new();
    let deep = "x".repeat(150);
    std::fs::create_dir(desk.path(&deep)).expect("made");
    desk.write("one.txt", "a b");
    desk.mapreduce(&format!("run --app wc --output {deep} one.txt")).assert().success();
    let long = format!("run --app wc --output out --socket out/{deep} one.txt");
    desk.mapreduce(&long).assert().code(1).stderr_eq(str![[r#"
error: cannot create the socket `out/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`: path must be shorter than SUN_LEN

"#]]);
    assert_eq!(desk.files(), [""; 0]);
}

#[test]
fn the_bench_gives_its_figures_as_json() {
    let desk = Desk::new();
    let bench =
        desk.mapreduce("bench --megabytes 1 --files 3 --rounds 2").env("TMPDIR", desk.path("out"));
    let done = bench.assert().success().stderr_eq("");
    let figures: serde_json::Value =
        serde_json::from_slice(&done.get_output().stdout).expect("JSON");
    for key in ["mr_wc_vs_sequential", "mr_wc_mb_s"] {
        assert!(figures[key].as_f64() > Some(0.0), "{figures}");
    }
    assert_eq!(desk.files(), [""; 0]);
}
