//! Sessions that were, kept on this machine: each in a folder of its own, which holds its report, the timelines that the
//! report names, and a few words for a list.
//!
//! ```text
//! STORE/20261126-100348-3fa9/entry.json
//!                            report.json
//!                            part2.re-election-4711.timeline
//! ```
//!
//! A folder appears as a whole or not at all, so any number of graders may keep sessions at the same time. What is too
//! old or too many goes when a session is kept; nothing goes that is no session.

mod name;
mod prune;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::base_strategy::{BaseStrategy, Xdg};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use reports::Report;
use reports::model::Totals;
use serde::{Deserialize, Serialize};

use crate::exit::{Outcome, SETUP, Stop};
pub(crate) use name::Name;
pub(crate) use prune::Keep;

/// The file with the few words; a folder that has it is a session.
const ENTRY: &str = "entry.json";
const REPORT: &str = "report.json";

/// What the names of folders that are not finished begin with.
const UNFINISHED: &str = ".new-";

/// The store.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    folder: PathBuf,
    keep: Keep,
}

/// A session, in a few words.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Entry {
    /// Its name: date, time (UTC) and four letters.
    pub(crate) id: String,
    /// When it began.
    pub(crate) started: Timestamp,
    /// What was graded.
    pub(crate) submission: String,
    /// The folder of its package; none for the built-in reference.
    pub(crate) path: Option<PathBuf>,
    /// Ids of the suites.
    pub(crate) suites: Vec<String>,
    /// The sums of its report.
    pub(crate) totals: Totals,
}

impl Store {
    /// The store in this folder, or else in the folder for a person's state.
    ///
    /// # Errors
    /// When no folder is named and there is no home.
    pub(crate) fn new(folder: Option<PathBuf>, keep: Keep) -> Outcome<Self> {
        let folder = folder.map_or_else(default_folder, Ok)?;
        Ok(Self { folder, keep })
    }

    /// Keeps a session, and lets those go that are too old or too many.
    ///
    /// # Errors
    /// When a file cannot be written; the store is then as it was.
    pub(crate) fn keep(&self, report: &Report) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let unfinished = tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(&self.folder)?;
        let id = free_id(&self.folder, report.started)?;
        let place = self.folder.join(&id);
        let report = with_timelines(report.clone(), unfinished.path(), &place)?;
        fs::write(unfinished.path().join(REPORT), reports::json::render(&report))?;
        let entry = serde_json::to_vec_pretty(&Entry::of(&report, id))?;
        fs::write(unfinished.path().join(ENTRY), entry)?;
        fs::rename(unfinished.path(), &place)?;
        // It has another name now, so there is nothing left to remove.
        drop(unfinished.keep());
        self.prune(Timestamp::now())
    }

    /// All sessions, the latest first. What cannot be read is none.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let folders = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let read = |folder: fs::DirEntry| {
            let entry: Entry =
                serde_json::from_slice(&fs::read(folder.path().join(ENTRY)).ok()?).ok()?;
            (folder.file_name() == *entry.id).then_some(entry)
        };
        let mut entries: Vec<Entry> = folders.filter_map(read).collect();
        entries.sort_by(|a, b| (b.started, &b.id).cmp(&(a.started, &a.id)));
        entries
    }

    /// The report of a session.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn report(&self, entry: &Entry) -> Outcome<Report> {
        let file = self.folder.join(&entry.id).join(REPORT);
        Report::read(&file).map_err(|error| Stop::new(SETUP, error.to_string()))
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Entry {
    fn of(report: &Report, id: String) -> Self {
        Self {
            id,
            started: report.started,
            submission: report.submission.name.clone(),
            path: report.submission.path.as_ref().map(PathBuf::from),
            suites: report.suites.iter().map(|suite| suite.id.clone()).collect(),
            totals: report.totals,
        }
    }
}

fn default_folder() -> Outcome<PathBuf> {
    let state = Xdg::new().ok().and_then(|folders| folders.state_dir());
    let state = state.ok_or_else(|| {
        Stop::new(SETUP, "no place for the history: HOME is not set; name one with --history DIR")
    })?;
    Ok(state.join("grader").join("history"))
}

/// A name that no session has.
fn free_id(store: &Path, started: Timestamp) -> io::Result<String> {
    let time = started.to_zoned(TimeZone::UTC).strftime("%Y%m%d-%H%M%S").to_string();
    loop {
        let letters = runner::secret::seed()? & 0xffff;
        let id = format!("{time}-{letters:04x}");
        if !store.join(&id).exists() {
            return Ok(id);
        }
    }
}

/// The report with its timelines copied to `folder`, which is going to be `place`. One that is gone is left out.
fn with_timelines(mut report: Report, folder: &Path, place: &Path) -> io::Result<Report> {
    let tests = report.suites.iter_mut().flat_map(|suite| &mut suite.tests);
    for failure in tests.flat_map(|test| &mut test.failures) {
        let Some(file) = failure.timeline.take().map(PathBuf::from) else { continue };
        let Some(name) = file.file_name().filter(|_| file.is_file()) else { continue };
        fs::copy(&file, folder.join(name))?;
        failure.timeline = Some(place.join(name).to_string_lossy().into_owned());
    }
    Ok(report)
}
