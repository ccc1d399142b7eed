//! The timelines that a page shows: those whose files the report names, as far as there is room.

use std::collections::BTreeMap;
use std::path::Path;

use crate::model::{FailureGroup, Report};
use crate::timeline::file::Payload;

/// Bytes that all timelines of a page may take.
const ROOM: usize = 4 << 20;

/// Timelines by their files.
#[derive(Clone, Debug, Default)]
pub struct Timelines(BTreeMap<String, Result<Payload, String>>);

impl Timelines {
    /// None.
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads the files that the report names. What cannot be read, or has no room, is told in its place.
    pub fn read(report: &Report) -> Self {
        let mut room = ROOM;
        let files = report.tests().flat_map(|test| &test.failures);
        let files = files.filter_map(|failure| failure.timeline.as_ref());
        let read = files.map(|file| (file.clone(), read(file, &mut room)));
        Self(read.collect())
    }

    /// That of a failure, or why there is none although there was a file; `None` where there was no file.
    pub(super) fn of(&self, failure: &FailureGroup) -> Option<Result<&Payload, &str>> {
        let found = self.0.get(failure.timeline.as_ref()?);
        Some(match found {
            Some(found) => found.as_ref().map_err(String::as_str),
            None => Err("its timeline was not read"),
        })
    }
}

fn read(file: &str, room: &mut usize) -> Result<Payload, String> {
    let payload = Payload::read(Path::new(file)).map_err(|error| error.to_string())?;
    let bytes = payload.as_str().len();
    match room.checked_sub(bytes) {
        Some(rest) => {
            *room = rest;
            Ok(payload)
        }
        None => Err("the page would become too large with its timeline".to_owned()),
    }
}
