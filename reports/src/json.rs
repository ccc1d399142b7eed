//! The report as JSON: written for machines and still readable by people, and read back.
//!
//! The schema is `schema/report-1.schema.json` in this crate.

use std::io;
use std::path::{Path, PathBuf};
use std::{fs, str};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::exploration;
use crate::model::{PropertyReport, Report, SCHEMA_NAME, SCHEMA_VERSION, TestReport, schema_id};
use crate::verdict::Standing;

/// Depth of what belongs to a test. An object there or below is a row, that is, stays on one line:
/// a spread, a failure, a single run. All above is indented.
const ROW_DEPTH: usize = 6;

/// The report as JSON, ending in a newline.
pub fn render(report: &Report) -> String {
    let mut json = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut json, Rows::default());
    report.serialize(&mut serializer).expect("a report is always JSON");
    json.push(b'\n');
    String::from_utf8(json).expect("JSON is UTF-8")
}

/// A file is not a report that can be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The file cannot be read at all.
    #[error("cannot read the report {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        reason: io::Error,
    },
    /// The file is not JSON: cut off, damaged, or something else.
    #[error("{} is not a report: it is not JSON ({reason})", path.display())]
    NotJson {
        /// The file.
        path: PathBuf,
        /// Where it stops being JSON.
        #[source]
        reason: serde_json::Error,
    },
    /// The file is JSON, but not a report.
    #[error("{} is not a report: {reason}", path.display())]
    NotReport {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The file is a report of a later schema.
    #[error(
        "{} is a report of schema {schema}, and this version reads up to {}: use a newer version",
        path.display(),
        schema_id()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        schema: String,
    },
}

impl Report {
    /// Reads a report that was written as JSON. Fields that a later release added are ignored.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is no report, or is one of a later schema; the message names
    /// the file and what is wrong.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let path = || path.to_owned();
        let text =
            fs::read(path()).map_err(|reason| ReadError::Unreadable { path: path(), reason })?;
        let json: serde_json::Value = serde_json::from_slice(&text)
            .map_err(|reason| ReadError::NotJson { path: path(), reason })?;
        let not_report = |reason: String| ReadError::NotReport { path: path(), reason };
        let Some(schema) = json.get("schema").and_then(|schema| schema.as_str()) else {
            return Err(not_report(format!("it has no \"schema\": \"{}\"", schema_id())));
        };
        match version(schema) {
            Some(SCHEMA_VERSION) => {}
            Some(version) if version > SCHEMA_VERSION => {
                return Err(ReadError::Newer { path: path(), schema: schema.to_owned() });
            }
            None if schema == exploration::SCHEMA => {
                let instead = "it is an exploration; type one of the replay lines in it";
                return Err(not_report(instead.to_owned()));
            }
            _ => {
                return Err(not_report(format!("its schema is {schema:?}, not {:?}", schema_id())));
            }
        }
        let report = Self::deserialize(json).map_err(|error| not_report(error.to_string()))?;
        report.tests().try_for_each(check).map_err(not_report)?;
        Ok(report)
    }
}

/// What every renderer relies on.
fn check(test: &TestReport) -> Result<(), String> {
    let TestReport { id, runs, failed, failures, properties, .. } = test;
    if failed > runs {
        return Err(format!("{id} has {failed} failed runs of {runs}"));
    }
    for PropertyReport { property, standing, held, not_observed, violated, .. } in properties {
        if *standing != Standing::of(*held, *not_observed, *violated) {
            return Err(format!(
                "{id} has {property:?} as {standing}, but of its runs {held} held, {not_observed} did \
                 not observe, {violated} violated it"
            ));
        }
    }
    match test.sampled_runs.iter().filter_map(|run| run.failure).max() {
        Some(last) if last >= failures.len() => {
            Err(format!("{id} has a run of failure {last}, but only {} failures", failures.len()))
        }
        _ => Ok(()),
    }
}

/// The version in `lab-report/1`.
fn version(schema: &str) -> Option<u32> {
    schema.strip_prefix(SCHEMA_NAME)?.strip_prefix('/')?.parse().ok()
}

/// Lays JSON out with two spaces a level, and its rows on one line each.
#[derive(Debug, Default)]
struct Rows {
    /// Open lists and objects.
    depth: usize,
    /// Depth of the row that is open.
    row: Option<usize>,
    /// Whether the innermost open list or object has a value yet.
    filled: bool,
}

impl Rows {
    fn open<W: ?Sized + io::Write>(&mut self, to: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        to.write_all(bracket)
    }

    fn close<W: ?Sized + io::Write>(&mut self, to: &mut W, bracket: &[u8]) -> io::Result<()> {
        let in_row = self.row.is_some();
        self.row = self.row.filter(|row| *row < self.depth);
        self.depth -= 1;
        if self.filled && !in_row {
            self.line(to)?;
        }
        to.write_all(bracket)
    }

    fn next<W: ?Sized + io::Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        match (first, self.row.is_some()) {
            (true, true) => Ok(()),
            (false, true) => to.write_all(b", "),
            (true, false) => self.line(to),
            (false, false) => {
                to.write_all(b",")?;
                self.line(to)
            }
        }
    }

    fn line<W: ?Sized + io::Write>(&self, to: &mut W) -> io::Result<()> {
        to.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| to.write_all(b"  "))
    }
}

impl serde_json::ser::Formatter for Rows {
    fn begin_array<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.open(to, b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.close(to, b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        to: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.next(to, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.open(to, b"{")?;
        if self.depth >= ROW_DEPTH {
            self.row.get_or_insert(self.depth);
        }
        Ok(())
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.close(to, b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        to: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.next(to, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}
