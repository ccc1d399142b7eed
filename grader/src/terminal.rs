//! What people see: colours, messages, and whether anything still happens.

pub(crate) mod keys;

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use reports::audit::Audit;
use reports::exploration::Exploration;
use reports::terminal::Options;
use reports::{Report, Writer};
use rustix::fd::AsFd;
use rustix::termios::tcgetwinsize;

use crate::cli::Color;
use crate::exit::{Outcome, Stop, WRITE_FAILED};

/// Settles for the whole process when to use colours. `NO_COLOR` and `CLICOLOR_FORCE` count where
/// `color` leaves it open.
pub(crate) fn set_colors(color: Color) {
    match color {
        Color::Auto => {}
        Color::Always => ColorChoice::Always.write_global(),
        Color::Never => ColorChoice::Never.write_global(),
    }
}

/// Whether colours are wanted even where nobody looks: in a file.
pub(crate) fn always_colors() -> bool {
    ColorChoice::global() == ColorChoice::Always
}

/// Whether standard error shows colours.
pub(crate) fn stderr_has_colors() -> bool {
    has_colors(&io::stderr())
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

/// Says why the command ends early.
pub(crate) fn complain(message: &str) {
    const STYLE: Style = AnsiColor::Red.on_default().bold();
    tell(&format!("{STYLE}error{STYLE:#}: {message}\n"));
}

/// Says what a person should know although it stops nothing.
pub(crate) fn warn(message: &str) {
    const STYLE: Style = AnsiColor::Yellow.on_default().bold();
    tell(&format!("{STYLE}warning{STYLE:#}: {message}\n"));
}

/// Where the result goes that people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
    /// Standard output.
    Stdout,
    /// Standard error, because standard output holds a report for a machine.
    Stderr,
}

/// Columns where there is no window to ask.
pub(crate) const WIDTH: usize = 120;

impl Screen {
    /// The one that is left beside a report.
    pub(crate) fn beside(report: Option<&Writer>) -> Self {
        if report.is_some_and(Writer::is_stdout) { Self::Stderr } else { Self::Stdout }
    }

    /// Writes `text`. A reader that has seen enough closes the pipe: that is no failure.
    pub(crate) fn print(self, text: &str) -> Outcome<()> {
        let written = match self {
            Self::Stdout => write_all(anstream::stdout().lock(), text),
            Self::Stderr => write_all(anstream::stderr().lock(), text),
        };
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Stop::new(WRITE_FAILED, format!("cannot write the result: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Columns of its window.
    pub(crate) fn width(self) -> usize {
        match self {
            Self::Stdout => columns(&io::stdout()),
            Self::Stderr => columns(&io::stderr()),
        }
    }

    /// `report` as text that fits.
    pub(crate) fn render(self, report: &Report) -> String {
        reports::terminal::render(report, self.options())
    }

    /// The same of an exploration.
    pub(crate) fn render_exploration(self, exploration: &Exploration) -> String {
        reports::terminal::exploration::render(exploration, self.options())
    }

    /// The same of an audit.
    pub(crate) fn render_audit(self, audit: &Audit) -> String {
        reports::terminal::audit::render(audit, self.options())
    }

    /// How text for it is laid out.
    pub(crate) fn options(self) -> Options {
        // Escapes that the stream does not want are taken out when they are printed.
        Options { width: self.width(), color: true }
    }
}

fn write_all(mut stream: impl Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

fn columns(stream: &impl AsFd) -> usize {
    tcgetwinsize(stream)
        .ok()
        .map(|size| usize::from(size.ws_col))
        .filter(|&columns| columns > 0)
        .unwrap_or(WIDTH)
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

    /// One that nobody is told of.
    pub(crate) fn unseen() -> Self {
        Self { what: String::new(), spinner: None, told: true }
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
