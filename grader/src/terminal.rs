//! What people see: colours, messages, and whether anything still happens.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use anstream::ColorChoice;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::Color;

/// Settles for the whole process when to use colours. `NO_COLOR` and `CLICOLOR_FORCE` count where
/// `color` leaves it open.
pub(crate) fn set_colors(color: Color) {
    match color {
        Color::Auto => {}
        Color::Always => ColorChoice::Always.write_global(),
        Color::Never => ColorChoice::Never.write_global(),
    }
}

/// Whether standard error shows colours.
pub(crate) fn stderr_has_colors() -> bool {
    has_colors(&io::stderr())
}

/// Whether standard output shows colours.
pub(crate) fn stdout_has_colors() -> bool {
    has_colors(&io::stdout())
}

fn has_colors(stream: &impl anstream::stream::RawStream) -> bool {
    anstream::AutoStream::choice(stream) != ColorChoice::Never
}

/// Whether a person watches standard error.
pub(crate) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Writes `text` to standard error. A closed one cannot be told that it is closed, so errors are
/// ignored.
pub(crate) fn tell(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// Something that takes a while. A terminal shows a spinner, which ends without a trace; elsewhere
/// one line tells when it really takes a while.
pub(crate) struct Activity {
    what: String,
    spinner: Option<ProgressBar>,
    told: bool,
}

impl Activity {
    /// Begins `what`: "building `raft`".
    pub(crate) fn new(what: String) -> Self {
        let spinner = is_watched().then(|| {
            let spinner = ProgressBar::new_spinner();
            let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
            spinner.set_style(style.expect("a valid template"));
            spinner.set_message(what.clone());
            spinner.enable_steady_tick(Duration::from_millis(100));
            spinner
        });
        Self { what, spinner, told: false }
    }

    /// Says at which step it is.
    pub(crate) fn at(&mut self, step: &str) {
        if let Some(spinner) = &self.spinner {
            spinner.set_message(format!("{}: {step}", self.what));
        } else if !self.told {
            self.told = true;
            tell(&format!("{} …\n", self.what));
        }
    }
}

impl Drop for Activity {
    fn drop(&mut self) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
    }
}
