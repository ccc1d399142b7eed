//! Files that are read and written front to back, and whose errors name them.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Take, Write};
use std::path::{Path, PathBuf};

use crate::error::{About, Error, Result};

/// Bytes that a reader or writer holds back. A merge has many of them.
const BUFFER: usize = 64 * 1024;

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct Output {
    file: BufWriter<File>,
    path: PathBuf,
    written: u64,
}

impl Output {
    /// A new file at `path`.
    pub(crate) fn create(path: PathBuf) -> Result<Self> {
        let file = File::create(&path).about("write", &path)?;
        Ok(Self { file: BufWriter::with_capacity(BUFFER, file), path, written: 0 })
    }

    /// Appends `bytes`.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.written += bytes.len() as u64;
        self.file.write_all(bytes).about("write", &self.path)
    }

    /// How many bytes were appended.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    /// Ends the file; where it is. A file that is dropped without it may lack its end.
    pub(crate) fn finish(mut self) -> Result<PathBuf> {
        self.file.flush().about("write", &self.path)?;
        Ok(self.path)
    }
}

/// A stretch of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The file.
    pub(crate) path: PathBuf,
    /// Its first byte.
    pub(crate) start: u64,
    /// How many there are.
    pub(crate) length: u64,
}

impl Segment {
    /// All of the file at `path`.
    pub(crate) fn whole(path: PathBuf) -> Self {
        Self { path, start: 0, length: u64::MAX }
    }
}

/// A segment that is being read.
#[derive(Debug)]
pub(crate) struct Input {
    bytes: BufReader<Take<File>>,
    path: PathBuf,
}

impl Input {
    /// Opens the segment's file.
    pub(crate) fn open(segment: Segment) -> Result<Self> {
        let Segment { path, start, length } = segment;
        let open = || {
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(start))?;
            Ok(file.take(length))
        };
        let bytes = open().about("read", &path)?;
        Ok(Self { bytes: BufReader::with_capacity(BUFFER, bytes), path })
    }

    /// The next byte; `None` at the end.
    pub(crate) fn byte(&mut self) -> Result<Option<u8>> {
        let byte = self.bytes.fill_buf().about("read", &self.path)?.first().copied();
        self.bytes.consume(usize::from(byte.is_some()));
        Ok(byte)
    }

    /// The next `length` bytes, in `bytes`. Memory grows with what is really there, whatever a damaged
    /// file says.
    pub(crate) fn bytes(&mut self, length: u64, bytes: &mut Vec<u8>) -> Result<()> {
        bytes.clear();
        // Nearly always they are in the buffer.
        let held =
            usize::try_from(length).ok().and_then(|length| self.bytes.buffer().get(..length));
        if let Some(held) = held {
            bytes.extend_from_slice(held);
            self.bytes.consume(bytes.len());
            return Ok(());
        }
        let read = (&mut self.bytes).take(length).read_to_end(bytes).about("read", &self.path)?;
        if read as u64 == length { Ok(()) } else { Err(self.damaged("it ends too early")) }
    }

    /// The error of a file that does not hold what was written.
    pub(crate) fn damaged(&self, what: &'static str) -> Error {
        Error::Damaged { path: self.path.clone(), what }
    }
}

/// All of the text in `file`, which messages call `name`.
pub(crate) fn text(file: &Path, name: &Path) -> Result<String> {
    let bytes = std::fs::read(file).about("read the input", name)?;
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        Error::NotUtf8 { file: name.to_owned(), offset }
    })
}
