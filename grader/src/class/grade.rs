//! One submission, from its folder to its row.

use std::fmt::Write;
use std::time::Instant;

use anstream::adapter::strip_str;
use reports::Report;
use reports::class::{Row, Status, TestCounts};
use reports::html::timelines::Timelines;
use reports::score::Score;
use reports::terminal::Options;
use runner::CancelToken;
use sha2::{Digest, Sha256};

use super::journal::Done;
use super::plan::ClassPlan;
use super::roster::Entry;
use super::shelves::Shelves;
use crate::build::sources::Sources;
use crate::crew::workplace::{Manner, Workplace};
use crate::exit::{BUILD_FAILED, LISTING_FAILED, NO_TESTS, Outcome};
use crate::plan::submission::Package;
use crate::session::grading::Graded;

/// What every submission of a class is graded with.
pub(crate) struct Desk<'a> {
    /// What is to be done.
    pub(crate) plan: &'a ClassPlan,
    /// What all of them share.
    pub(crate) workplace: Workplace<'a>,
    /// Where reports go.
    pub(crate) shelves: &'a Shelves,
    /// Points that there are for a whole submission.
    pub(crate) of: f64,
}

/// Columns of reports in files.
const WIDTH: usize = 100;

impl Desk<'_> {
    /// Grades the submission and writes its reports. `cancel` ends its runs, and it is then out of time.
    ///
    /// # Errors
    /// When something failed that says nothing about the submission: its reports cannot be written, the
    /// toolkit is broken, or the command was interrupted.
    pub(crate) fn grade(&self, entry: &Entry, cancel: &CancelToken) -> Outcome<Done> {
        let start = Instant::now();
        let digest = digest(entry);
        self.shelves.clear(&entry.id)?;
        let mut row = self.blank(entry);
        let package = match &entry.package {
            Ok(package) => package,
            Err(why) => {
                row.status = Status::NoSubmission;
                row.reason = Some(why.clone());
                self.write_failure(entry, &row, "")?;
                return Ok(Done { digest, row });
            }
        };
        let ClassPlan { tests, marking, .. } = self.plan;
        let logs = self.shelves.logs(&entry.id);
        let manner =
            Manner { hidden: Some(&marking.hidden), enough: None, pictures: self.plan.html };
        match self.workplace.grade(package, tests, manner, logs, cancel) {
            Ok(graded) => {
                let Graded { full, visible } = graded;
                row = row.with_report(&full, &self.plan.marking.scheme);
                if cancel.is_cancelled() {
                    row.status = Status::OutOfTime;
                    let time = humantime::format_duration(self.plan.submission_time);
                    row.reason = Some(format!("its tests were not done after {time}"));
                } else if let Some(note) =
                    full.notes.iter().find(|note| note.starts_with("given up"))
                {
                    row.reason = Some(note.clone());
                }
                self.write_reports(entry, &row, &full, visible.as_ref().unwrap_or(&full))?;
            }
            Err(stop) => {
                row.status = match stop.code {
                    BUILD_FAILED => Status::DoesNotBuild,
                    LISTING_FAILED | NO_TESTS => Status::NoTests,
                    _ => return Err(stop),
                };
                row.reason = Some(stop.message);
                self.write_failure(entry, &row, &stop.details)?;
            }
        }
        row.wall_s = (start.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        Ok(Done { digest, row })
    }

    fn blank(&self, entry: &Entry) -> Row {
        Row {
            id: entry.id.clone(),
            name: entry.name.clone(),
            columns: entry.columns.clone(),
            path: entry.path.to_string_lossy().into_owned(),
            status: Status::Graded,
            reason: None,
            score: Score::none_of(self.of).rounded(),
            suites: Vec::new(),
            tests: TestCounts::default(),
            runs: 0,
            failed_runs: 0,
            flaky: Vec::new(),
            wall_s: 0.0,
            reports: Shelves::name_of(&entry.id),
        }
    }

    fn write_reports(&self, entry: &Entry, row: &Row, full: &Report, seen: &Report) -> Outcome<()> {
        let write = |file: &str, text: &str| self.shelves.write(&entry.id, file, text);
        let options = Options { width: WIDTH, color: false };
        let text = |report| reports::terminal::render(report, options);
        write("report.json", &reports::json::render(full))?;
        write("report.txt", &(heading(row) + &text(full)))?;
        write("student.txt", &(heading(row) + &text(seen)))?;
        if self.plan.html {
            let page = |report| reports::html::render(report, &Timelines::read(report));
            write("report.html", &page(full))?;
            write("student.html", &page(seen))?;
        }
        Ok(())
    }

    /// What is told of a submission without a report: to the teacher and to the student the same.
    fn write_failure(&self, entry: &Entry, row: &Row, details: &str) -> Outcome<()> {
        let text = heading(row) + &strip_str(details).to_string();
        for file in ["report.txt", "student.txt"] {
            self.shelves.write(&entry.id, file, &text)?;
        }
        Ok(())
    }
}

fn heading(row: &Row) -> String {
    let Score { points, of } = row.score;
    let mut text = row.id.clone();
    // Writing to a string cannot fail.
    if let Some(name) = &row.name {
        let _ = write!(text, " ({name})");
    }
    let _ = write!(text, ": {points} of {of} points, {}\n\n", row.status);
    if let Some(reason) = &row.reason {
        let _ = write!(text, "{reason}\n\n");
    }
    text
}

/// A hash of all that is taken of the submission; or of why nothing is.
pub(crate) fn digest(entry: &Entry) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &[u8]| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    let read = |package: &Package| Sources::read(&package.path);
    match entry.package.as_ref().map(read) {
        Err(why) => add(why.as_bytes()),
        Ok(Err(refusals)) => refusals.iter().for_each(|one| add(one.to_string().as_bytes())),
        Ok(Ok(sources)) => {
            for (file, text) in &sources.files {
                add(file.as_os_str().as_encoded_bytes());
                add(text.as_bytes());
            }
            add(sources.rustfmt.unwrap_or_default().as_bytes());
        }
    }
    let mut text = String::new();
    for byte in &hash.finalize()[..16] {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
