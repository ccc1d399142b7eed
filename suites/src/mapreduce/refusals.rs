//! Jobs that cannot be done: whoever finds that out says it in one line, and nothing is left half written.

use std::fs;

use super::probe::{Act, Phase};
use super::process::Process;
use super::role::{App, Duty, Place, Role};
use super::site::{JOB, SOON, Site};
use super::texts::texts;
use crate::suite::test;
use crate::{Context, Failure, Test};

pub(super) const BAD_INPUT: Test = test(
    "bad-input",
    "TestBadInputMapReduce",
    "A job whose input cannot be used fails: the coordinator's error names it",
    &[
        "1. Give a coordinator a file that is missing",
        "2. Give it a folder",
        "3. Give it a file that is not UTF-8",
        "4. Give it a file that the application refuses",
        "5. Give it a key that the application refuses",
    ],
    |ctx| {
        ctx.step("1. Give a coordinator a file that is missing");
        let mut site = Site::new(ctx)?;
        texts(&mut site, 2)?;
        let duty = site.duty_with("missing.txt");
        expect_refused(&mut site, duty, "missing.txt")?;

        ctx.step("2. Give it a folder");
        let folder = site.path("in").join("folder.txt");
        site.own(fs::create_dir(folder))?;
        let duty = site.duty_with("folder.txt");
        expect_refused(&mut site, duty, "folder.txt")?;

        ctx.step("3. Give it a file that is not UTF-8");
        let file = site.path("in").join("latin-1.txt");
        site.own(fs::write(file, b"one na\xefve word\n"))?;
        let duty = site.duty_with("latin-1.txt");
        expect_failed(&mut site, duty, &App::WordCount, "latin-1.txt")?;

        ctx.step("4. Give it a file that the application refuses");
        app_refuses(ctx, Phase::Map, "text-2.txt")?;

        ctx.step("5. Give it a key that the application refuses");
        app_refuses(ctx, Phase::Reduce, "tango")
    },
);

pub(super) const BAD_PLACE: Test = test(
    "bad-place",
    "TestBadPlaceMapReduce",
    "A bad folder, a taken socket and a full disk are errors that name the place",
    &[
        "1. Give a coordinator a folder that is a file",
        "2. Start a second coordinator at the socket of another",
        "3. Expect the first one to do its job",
        "4. Start a worker whose disk is full: expect an error, and no part of a file",
        "5. The same when the disk is full at the end of a file only, which a buffer still holds",
    ],
    |ctx| {
        ctx.step("1. Give a coordinator a folder that is a file");
        let mut site = Site::new(ctx)?;
        texts(&mut site, 2)?;
        let file = site.path("plain-file");
        site.own(fs::write(&file, ""))?;
        let duty = Duty { folder: file, ..site.duty() };
        expect_refused(&mut site, duty, "plain-file")?;

        ctx.step("2. Start a second coordinator at the socket of another");
        site.start_coordinator()?;
        let duty = Duty { ready: site.path("second-ready"), ..site.duty() };
        expect_refused(&mut site, duty, "socket")?;

        ctx.step("3. Expect the first one to do its job");
        site.start_worker(&App::WordCount)?;
        site.finish(&App::WordCount)?;

        ctx.step("4. Start a worker whose disk is full: expect an error, and no part of a file");
        full_disk(ctx, 256 << 10, 1 << 20)?;

        ctx.step(
            "5. The same when the disk is full at the end of a file only, which a buffer still holds",
        );
        full_disk(ctx, 2 << 10, 4 << 10)
    },
);

/// A worker on a disk on which no file can get longer than `disk_bytes`, while each reduce gives `value_bytes`.
fn full_disk(ctx: &Context, disk_bytes: u64, value_bytes: usize) -> Result<(), Failure> {
    let mut site = Site::new(ctx)?;
    texts(&mut site, 2)?;
    let mut plan = site.plan();
    plan.value_bytes = value_bytes;
    let app = App::Probe(plan);
    site.start_coordinator()?;
    let place = Place { disk_bytes: Some(disk_bytes), ..site.place(&app) };
    let mut worker = site.start("worker with a full disk", Role::Worker(place))?;
    site.poll("a worker with a full disk to end", JOB, |_| Ok(worker.end().map(drop)))?;
    site.expect_whole_files(&app)?;
    let folder = site.out().to_string_lossy().into_owned();
    site.expect_error(&mut worker, &folder)
}

/// A job over two texts whose application refuses `name`, in a map or in a reduce.
fn app_refuses(ctx: &Context, phase: Phase, name: &str) -> Result<(), Failure> {
    let mut site = Site::new(ctx)?;
    texts(&mut site, 2)?;
    let mut plan = site.plan();
    let acts = match phase {
        Phase::Map => &mut plan.in_map,
        Phase::Reduce => &mut plan.in_reduce,
    };
    acts.push(Act::Refuse { name: name.into() });
    let duty = site.duty();
    expect_failed(&mut site, duty, &App::Probe(plan), name)
}

/// A coordinator that is told this ends with an error that names `culprit`, without any worker.
fn expect_refused(site: &mut Site<'_>, duty: Duty, culprit: &str) -> Result<(), Failure> {
    let mut process = site.start("refusing coordinator", Role::Coordinator(duty))?;
    let what = format!("a coordinator that cannot use {culprit} to end");
    site.poll(&what, SOON, |_| Ok(process.end().map(drop)))?;
    site.expect_error(&mut process, culprit)
}

/// A job of two workers ends with an error of the coordinator's that names `culprit`, all processes end,
/// and each output file that is there is whole.
fn expect_failed(site: &mut Site<'_>, duty: Duty, app: &App, culprit: &str) -> Result<(), Failure> {
    let ready = duty.ready.clone();
    let mut coordinator = site.start("coordinator", Role::Coordinator(duty))?;
    let made = site.poll("`make` to return", SOON, |_| {
        let ended = coordinator.end().is_some();
        Ok((ready.exists() || ended).then_some(!ended))
    })?;
    for _ in 0..if made { 2 } else { 0 } {
        site.start_worker(app)?;
    }
    let what = format!("a job that cannot use {culprit} to fail");
    site.poll(&what, JOB, |site| {
        let at_work = coordinator.end().is_none();
        site.expect_not_deserted(at_work)?;
        Ok((!at_work).then_some(()))
    })?;
    site.expect_error(&mut coordinator, culprit)?;
    site.poll("the workers of a failed job to end", SOON, |site| {
        Ok(site.workers.iter_mut().all(|worker| worker.end().is_some()).then_some(()))
    })?;
    site.expect_whole_files(app)
}

/// Exit status of a program whose main thread has panicked.
const PANICKED: i32 = 101;

impl Site<'_> {
    /// The process has ended of its own accord, not with success, and its last line names `culprit`.
    fn expect_error(&mut self, process: &mut Process, culprit: &str) -> Result<(), Failure> {
        let code = process.end().and_then(|end| end.status.code());
        let ended = code.is_some_and(|code| code != 0 && code != PANICKED);
        if ended && process.last_line().contains(culprit) {
            return Ok(());
        }
        let how = process.describe();
        Err(self.failure(format!("expected an error in one line that names {culprit}: {how}")))
    }

    /// What a coordinator is told whose job has one more file.
    fn duty_with(&self, file: &str) -> Duty {
        let mut duty = self.duty();
        duty.files.push(self.path("in").join(file));
        duty
    }

    /// Each output file that is there is as a job without errors leaves it.
    fn expect_whole_files(&mut self, app: &App) -> Result<(), Failure> {
        let (seen, whole) = (self.output()?, self.expected(app)?);
        match seen.part_of(&whole) {
            None => Ok(()),
            Some(file) => Err(self.failure(format!(
                "{file} is there and not whole: write another file, and rename it"
            ))),
        }
    }
}
