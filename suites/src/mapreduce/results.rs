//! Jobs whose output is all that counts.

use contracts::mapreduce::{Application, Error, Values};
use rand::{Rng, RngExt};

use super::role::App;
use super::site::{SOON, Site};
use crate::suite::test;
use crate::{Failure, Test};

pub(super) const WC: Test = test(
    "wc",
    "TestWcMapReduce",
    "Three workers count the words of eight books, one with other line ends, one empty",
    &STEPS,
    |ctx| {
        let mut site = Site::new(ctx)?;
        books(&mut site)?;
        output(site, 3, &App::WordCount)
    },
);

pub(super) const INDEXER: Test = test(
    "indexer",
    "TestIndexerMapReduce",
    "Two workers list the books in which each word occurs",
    &STEPS,
    |ctx| {
        let mut site = Site::new(ctx)?;
        books(&mut site)?;
        output(site, 2, &App::Indexer)
    },
);

pub(super) const CREDIT: Test = test(
    "credit",
    "TestCreditMapReduce",
    "The submission's own application counts the scores of 2023 above 400 by agency",
    &STEPS,
    |ctx| {
        if ctx.submission().credit_app().is_none() {
            let what =
                "the submission leaves out the application: give it with `Submission::credit`";
            return Err(ctx.failure(what));
        }
        let mut site = Site::new(ctx)?;
        tables(&mut site)?;
        output(site, 2, &App::Credit)
    },
);

const STEPS: [&str; 3] = [
    "1. Start a coordinator and workers",
    "2. Wait for the end of the job",
    "3. Compare the output with that of a sequential run, and wait for the workers to end",
];

fn output(mut site: Site<'_>, workers: usize, app: &App) -> Result<(), Failure> {
    let ctx = site.ctx;
    ctx.step(STEPS[0]);
    site.start_job(workers, app)?;
    ctx.step(STEPS[1]);
    site.wait_for_job(app)?;
    ctx.step(STEPS[2]);
    site.expect_output(app)?;
    site.wait_for_workers(SOON)
}

/// Eight books of one language, of which the sixth has the line ends of another system and the last is
/// empty.
fn books(site: &mut Site<'_>) -> Result<(), Failure> {
    let text = inputs::book(labrt::rand::rng().next_u64(), BOOKS * BOOK_BYTES);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (place, lines) in lines.chunks(lines.len().div_ceil(BOOKS)).enumerate() {
        let mut book = lines.concat();
        if place == 5 {
            book = book.replace('\n', "\r\n");
        }
        site.input(&format!("book-{}.txt", place + 1), &book)?;
    }
    site.input("book-8.txt", "")
}

/// How many books are not empty, and how long each is.
const BOOKS: usize = 7;
const BOOK_BYTES: usize = 40_000;

/// Four tables, of which the last has no line end at its end.
fn tables(site: &mut Site<'_>) -> Result<(), Failure> {
    let mut rng = labrt::rand::rng();
    for number in 1..=4 {
        let mut text = inputs::credit(rng.next_u64(), rng.random_range(300..800));
        if number == 4 {
            text.truncate(text.trim_end().len());
        }
        site.input(&format!("credit-{number}.csv"), &text)?;
    }
    Ok(())
}

/// What `credit` must compute from tables that are made here, and so are known to be plain.
pub(super) struct Credit;

impl Application for Credit {
    fn map(
        &self,
        _file: &str,
        contents: &str,
        emit: &mut dyn FnMut(&str, &str),
    ) -> Result<(), Error> {
        for row in contents.lines().skip(1) {
            let fields: Vec<&str> = row.split(',').collect();
            if let [_, agency, "2023", score] = fields[..]
                && score.parse::<u32>()? > 400
            {
                emit(agency, "1");
            }
        }
        Ok(())
    }

    fn reduce(&self, key: &str, values: &mut dyn Values) -> Result<String, Error> {
        contracts::mapreduce::apps::WordCount.reduce(key, values)
    }
}
