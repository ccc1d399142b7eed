//! What comes out: the same as from the sequential runner, or an error that says why not.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use contracts::mapreduce::apps::{Indexer, WordCount};
use contracts::mapreduce::{Application, Coordinator as _, Error, Values};
use mapreduce::{Coordinator, Credit, Options, WorkerOptions};
use proptest::prelude::*;

use crate::{Desk, ended, names, output};

/// What the sequential runner has to say.
fn sequential(app: &dyn Application, files: &[PathBuf], memory: usize) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    mapreduce::sequential(app, files, folder.path(), memory).expect("done");
    assert_eq!(names(folder.path()), ["mr-out-0"]);
    output(folder.path())
}

fn distributed(
    desk: &Desk,
    app: Arc<dyn Application>,
    files: Vec<PathBuf>,
    reduces: u32,
    workers: usize,
) {
    let mut job = desk.job(files);
    job.reduces = reduces;
    let coordinator = Coordinator::make(job).expect("a coordinator");
    let workers: Vec<_> = (0..workers).map(|_| desk.worker(Arc::clone(&app))).collect();
    ended(&coordinator).expect("done");
    for worker in workers {
        assert_eq!(worker.join().expect("no panic"), Ok(()));
    }
}

/// Each line is a key and a value, with whatever is in them; reduces to the sorted values.
struct Lines;

impl Application for Lines {
    fn map(&self, _: &str, contents: &str, emit: &mut dyn FnMut(&str, &str)) -> Result<(), Error> {
        for line in contents.split('\u{1e}') {
            let (key, value) = line.split_once('\u{1f}').unwrap_or((line, ""));
            emit(key, value);
        }
        Ok(())
    }

    fn reduce(&self, _: &str, values: &mut dyn Values) -> Result<String, Error> {
        let mut all = Vec::new();
        while let Some(value) = values.next() {
            all.push(value.to_owned());
        }
        all.sort();
        Ok(format!("{all:?}"))
    }
}

proptest! {
    // A case is a job, with files and threads.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn workers_agree_with_the_sequential_runner(
        texts in prop::collection::vec("([ab \u{1e}\u{1f}\n]|\\PC){0,60}", 0..8),
        reduces in 1_u32..5,
        workers in 1_usize..5,
        memory in 0_usize..2_000,
    ) {
        let desk = Desk::new();
        let names = (0..texts.len()).map(|number| format!("input {number}.txt"));
        let files: Vec<_> = names.zip(&texts).map(|(name, text)| desk.file(&name, text)).collect();
        for app in [Arc::new(WordCount) as Arc<dyn Application>, Arc::new(Indexer), Arc::new(Lines)] {
            distributed(&desk, Arc::clone(&app), files.clone(), reduces, workers);
            let expected: Vec<_> = (0..reduces).map(|reduce| format!("mr-out-{reduce}")).collect();
            prop_assert_eq!(desk.files(), expected);
            prop_assert_eq!(desk.output(), sequential(app.as_ref(), &files, memory));
        }
    }
}

#[test]
fn tables_of_credit_scores() {
    let desk = Desk::new();
    let files: Vec<_> =
        (0..4).map(|seed| desk.file(&format!("{seed}.csv"), &inputs::credit(seed, 300))).collect();
    distributed(&desk, Arc::new(Credit), files.clone(), 10, 2);
    let output = desk.output();
    assert_eq!(output.len(), inputs::credit::AGENCIES.len());
    assert_eq!(output, sequential(&Credit, &files, WorkerOptions::MEMORY));
}

#[test]
fn an_output_of_an_earlier_job_is_not_mistaken_for_one() {
    let desk = Desk::new();
    let file = desk.file("one.txt", "a b c d e f");
    distributed(&desk, Arc::new(WordCount), vec![file.clone()], 5, 1);
    distributed(&desk, Arc::new(WordCount), vec![file], 2, 1);
    assert_eq!(desk.files(), ["mr-out-0", "mr-out-1"]);
}

#[test]
fn a_failure_of_the_application_fails_the_job_and_its_worker() {
    let desk = Desk::new();
    let good = desk.file("good.csv", &inputs::credit(1, 10));
    let bad = desk.file("bad.csv", "User ID,Agency,Year,Credit Score\n1,Equifax,2023\n");
    let why = format!("`{}`, line 2: expected 4 fields, found 3", bad.display());
    let coordinator = Coordinator::make(desk.job(vec![good, bad.clone()])).expect("a coordinator");
    let worker = desk.worker(Arc::new(Credit));
    assert_eq!(ended(&coordinator).expect_err("failed").to_string(), why);
    assert_eq!(worker.join().expect("no panic"), Err(why.clone()));
    // Once more: the answer stays.
    assert_eq!(coordinator.done().expect_err("failed").to_string(), why);
    assert_eq!(desk.files(), [""; 0]);

    let why_alone = mapreduce::sequential(&Credit, &[bad], &desk.shared(), WorkerOptions::MEMORY);
    assert_eq!(why_alone.expect_err("failed").to_string(), why);
    assert_eq!(desk.files(), [""; 0]);
}

/// Refuses to reduce `b`, without a word about what it refuses.
struct Picky;

impl Application for Picky {
    fn map(
        &self,
        file: &str,
        contents: &str,
        emit: &mut dyn FnMut(&str, &str),
    ) -> Result<(), Error> {
        WordCount.map(file, contents, emit)
    }

    fn reduce(&self, key: &str, values: &mut dyn Values) -> Result<String, Error> {
        if key == "beta" { Err("no".into()) } else { WordCount.reduce(key, values) }
    }
}

#[test]
fn an_output_is_whole_or_not_there() {
    let desk = Desk::new();
    let file = desk.file("one.txt", "alpha beta gamma delta epsilon");
    let mut job = desk.job(vec![file]);
    job.reduces = 3;
    let coordinator = Coordinator::make(job).expect("a coordinator");
    let worker = desk.worker(Arc::new(Picky));
    let why = ended(&coordinator).expect_err("failed").to_string();
    assert_eq!(why, "the application failed at the key `beta`: no");
    assert!(worker.join().expect("no panic").is_err());
    assert_eq!(desk.files(), [""; 0]);
}

#[test]
fn an_input_that_is_not_utf_8() {
    let desk = Desk::new();
    let file = desk.file("bad.txt", "");
    fs::write(&file, b"good\xff").expect("written");
    let coordinator = Coordinator::make(desk.job(vec![file.clone()])).expect("a coordinator");
    let worker = desk.worker(Arc::new(WordCount));
    let why = ended(&coordinator).expect_err("failed").to_string();
    let expected =
        format!("the input `{}` is not UTF-8: byte 4 (counted from 0) is wrong", file.display());
    assert_eq!(why, expected);
    assert_eq!(worker.join().expect("no panic"), Err(expected));
}

#[test]
fn intermediate_files_are_kept_when_they_are_wanted() {
    let desk = Desk::new();
    let file = desk.file("one.txt", "a b");
    let options = Options { keep_intermediate: true, ..Options::default() };
    let mut job = desk.job(vec![file.clone(), file]);
    job.reduces = 2;
    let coordinator = Coordinator::with(job, options).expect("a coordinator");
    assert_eq!(desk.worker(Arc::new(WordCount)).join().expect("no panic"), Ok(()));
    ended(&coordinator).expect("done");
    assert_eq!(desk.files(), ["mr-0-0", "mr-0-1", "mr-1-0", "mr-1-1", "mr-out-0", "mr-out-1"]);
}

#[test]
fn a_job_needs_a_reduce_task() {
    let desk = Desk::new();
    let mut job = desk.job(vec![]);
    job.reduces = 0;
    let why = Coordinator::make(job).expect_err("refused").to_string();
    assert_eq!(why, "a job needs at least 1 reduce task");
}
