//! A timeline's file: JSON, compressed. A page carries the same bytes.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::{fs, io};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::Deserialize;
use thiserror::Error;

use super::{SCHEMA_NAME, SCHEMA_VERSION, Timeline, schema_id};

/// Most bytes that a file unpacks to. A full timeline of the longest words stays under it.
const UNPACKED_CAP: u64 = 256 << 20;

/// A file is no timeline that can be drawn.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("cannot read the timeline {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        reason: io::Error,
    },
    /// The file is something else, or damaged.
    #[error("{} is not a timeline: {reason}", path.display())]
    NotTimeline {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The file is a timeline of a later schema.
    #[error(
        "{} is a timeline of schema {schema}, and this version reads up to {}: use a newer version",
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

/// What goes into a page: a timeline, compressed, in letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload(String);

impl Payload {
    /// Base64 of gzip of JSON.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The payload of a timeline.
    pub fn of(timeline: &Timeline) -> Self {
        Self(BASE64_STANDARD.encode(packed(timeline)))
    }

    /// The payload of the timeline in a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is no timeline that can be drawn.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        Timeline::read(path).map(|timeline| Self::of(&timeline))
    }
}

impl Timeline {
    /// The bytes of its file.
    pub fn to_bytes(&self) -> Vec<u8> {
        packed(self)
    }

    /// Reads a file. Fields that a later release added are ignored.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is no timeline, or is one of a later schema; the message names the file.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let path = || path.to_owned();
        let bytes = fs::read(path());
        let bytes = bytes.map_err(|reason| ReadError::Unreadable { path: path(), reason })?;
        let not_timeline = |reason: String| ReadError::NotTimeline { path: path(), reason };
        let json = unpacked(&bytes).map_err(|reason| not_timeline(reason.to_string()))?;
        let head: Head =
            serde_json::from_slice(&json).map_err(|reason| not_timeline(reason.to_string()))?;
        match version(&head.schema) {
            Some(later) if later > SCHEMA_VERSION => {
                return Err(ReadError::Newer { path: path(), schema: head.schema });
            }
            Some(_) => {}
            None => return Err(not_timeline(format!("its schema is {:?}", head.schema))),
        }
        let timeline: Self =
            serde_json::from_slice(&json).map_err(|reason| not_timeline(reason.to_string()))?;
        timeline.events.flaw().map_or(Ok(timeline), |flaw| Err(not_timeline(flaw)))
    }
}

/// What is looked at first.
#[derive(Deserialize)]
struct Head {
    schema: String,
}

/// The version in `lab-timeline/1`.
fn version(schema: &str) -> Option<u32> {
    schema.strip_prefix(SCHEMA_NAME)?.strip_prefix('/')?.parse().ok()
}

fn packed(timeline: &Timeline) -> Vec<u8> {
    let json = serde_json::to_vec(timeline).expect("a timeline is always JSON");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&json).and_then(|()| gzip.finish()).expect("a vector takes all")
}

fn unpacked(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut json = Vec::new();
    let read = GzDecoder::new(bytes).take(UNPACKED_CAP + 1).read_to_end(&mut json)?;
    if read as u64 > UNPACKED_CAP {
        return Err(io::Error::other(format!("it unpacks to more than {UNPACKED_CAP} bytes")));
    }
    Ok(json)
}
