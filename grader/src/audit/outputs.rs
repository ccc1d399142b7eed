//! Where an audit goes, beside the screen.

use std::path::PathBuf;

use reports::audit::Audit;
use reports::{Writer, html};

use crate::exit::{self, Outcome, Stop};
use crate::terminal::Screen;

/// The places, looked at before anything is built.
#[derive(Debug)]
pub(crate) struct Outputs(Vec<(Format, Writer)>);

/// How an audit is written: as one text.
type Format = fn(&Audit) -> String;

impl Outputs {
    /// Looks at the places for JSON and for a page; `-` is standard output.
    ///
    /// # Errors
    /// When one cannot be written, or both are standard output.
    pub(crate) fn open(json: Option<&PathBuf>, html: Option<&PathBuf>) -> Outcome<Self> {
        let places: [(Option<&PathBuf>, Format); 2] =
            [(json, Audit::to_json), (html, html::audit::render)];
        let mut files = Vec::new();
        for (place, format) in places {
            let writer = place.map(|place| Writer::open(place)).transpose();
            files.extend(writer.map_err(exit::write_failed)?.map(|writer| (format, writer)));
        }
        if files.iter().filter(|(_, writer)| writer.is_stdout()).count() > 1 {
            return Err(Stop::usage("standard output has room for one report"));
        }
        Ok(Self(files))
    }

    /// Where things for people go: beside a report on standard output.
    pub(crate) fn screen(&self) -> Screen {
        let on_stdout = self.0.iter().find(|(_, writer)| writer.is_stdout());
        Screen::beside(on_stdout.map(|(_, writer)| writer))
    }

    /// Writes the audit to all places.
    ///
    /// # Errors
    /// When one does not take it; the others have theirs then, if they stand before it.
    pub(crate) fn write(&self, audit: &Audit) -> Outcome<()> {
        for (format, writer) in &self.0 {
            exit::unless_closed(writer.write(format(audit).as_bytes()))?;
        }
        Ok(())
    }
}
