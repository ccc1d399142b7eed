//! Where reports go, format by format. All places are looked at before the first run, so that nothing is graded in vain.

mod assignment;

use std::env;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use reports::classroom50::About;
use reports::gradescope::Options;
use reports::html::timelines::Timelines;
use reports::{Report, Writer, junit};

use crate::cli::OutputArgs;
use crate::exit::{self, Outcome, Stop, WRITE_FAILED};
use crate::plan::marking::Marking;
use crate::settings::Settings;
use crate::terminal::{self, Screen};

/// Most bytes of Markdown: GitHub takes 65 536 characters for a comment.
const MARKDOWN_BYTES: usize = 65_000;

/// A format, with what it needs besides the report.
#[derive(Debug)]
enum Format {
    Json,
    Html,
    Junit(junit::Flaky),
    Markdown,
    Csv,
    Tap,
    Gradescope,
    Classroom50(Box<About>),
    GithubClassroom,
}

/// All places that reports go to.
#[derive(Debug)]
pub(crate) struct Outputs {
    files: Vec<(Format, Writer)>,
    github: bool,
}

impl Outputs {
    /// Looks at all places: those that were typed, and else those in the settings file.
    ///
    /// # Errors
    /// When one cannot be written, two are standard output, or it is not known whose result it would be.
    pub(crate) fn open(mut args: OutputArgs, settings: &Settings) -> Outcome<Self> {
        let places = [
            (&mut args.json, &settings.json),
            (&mut args.html, &settings.html),
            (&mut args.junit, &settings.junit),
            (&mut args.markdown, &settings.markdown),
            (&mut args.csv, &settings.csv),
            (&mut args.tap, &settings.tap),
            (&mut args.gradescope, &settings.gradescope),
            (&mut args.classroom50, &settings.classroom50),
            (&mut args.github_classroom, &settings.github_classroom),
        ];
        for (typed, set) in places {
            *typed = typed.take().or_else(|| set.clone());
        }
        args.github = args.github.or(settings.github);
        Self::typed(args, settings)
    }

    /// Looks at the places that were typed, and at no others: those in the settings file are for new reports.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(crate) fn typed(args: OutputArgs, settings: &Settings) -> Outcome<Self> {
        let flaky = args.junit_flaky.or(settings.junit_flaky).unwrap_or_default();
        let mut files = Vec::new();
        let mut add = |path: Option<PathBuf>, format: Format| {
            let writer = path.as_deref().map(Writer::open).transpose();
            files.extend(writer.map_err(exit::write_failed)?.map(|writer| (format, writer)));
            Ok::<(), Stop>(())
        };
        if args.classroom50.is_some() {
            let about = assignment::about(&settings.assignment)?;
            add(args.classroom50, Format::Classroom50(Box::new(about)))?;
        }
        add(args.gradescope, Format::Gradescope)?;
        add(args.github_classroom, Format::GithubClassroom)?;
        add(args.json, Format::Json)?;
        add(args.html, Format::Html)?;
        add(args.junit, Format::Junit(flaky.into()))?;
        add(args.markdown, Format::Markdown)?;
        add(args.csv, Format::Csv)?;
        add(args.tap, Format::Tap)?;
        if files.iter().filter(|(_, writer)| writer.is_stdout()).count() > 1 {
            return Err(Stop::usage("standard output has room for one report"));
        }
        Ok(Self { files, github: args.github.unwrap_or(false) })
    }

    /// Where things for people go: beside a report on standard output.
    pub(crate) fn screen(&self) -> Screen {
        let on_stdout = self.files.iter().find(|(_, writer)| writer.is_stdout());
        Screen::beside(on_stdout.map(|(_, writer)| writer))
    }

    /// Whether nothing is written.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.github
    }

    /// Whether points count.
    pub(crate) fn gives_points(&self) -> bool {
        let gives = |format: &Format| {
            matches!(format, Format::Gradescope | Format::Classroom50(_) | Format::GithubClassroom)
        };
        self.files.iter().any(|(format, _)| gives(format))
    }

    /// Writes the report to all places.
    ///
    /// # Errors
    /// When one does not take it; the others have theirs then, if they stand before it.
    pub(crate) fn write(&self, report: &Report, marking: &Marking) -> Outcome<()> {
        for (format, writer) in &self.files {
            exit::unless_closed(writer.write(format.render(report, marking).as_bytes()))?;
        }
        if self.github {
            let root = in_repository(report.submission.path.as_deref());
            self.screen().print(&reports::github::annotations(report, &root))?;
            summarize(&reports::github::summary(report))?;
        }
        Ok(())
    }

    /// Tells who waits for a result that there is none, and why.
    ///
    /// # Errors
    /// When a place does not take it.
    pub(crate) fn write_failure(&self, stop: &Stop) -> Outcome<()> {
        let reason = format!("No test was run: {}", stop.message);
        let details = anstream::adapter::strip_str(&stop.details).to_string();
        let now = Timestamp::now();
        for (format, writer) in &self.files {
            let text = match format {
                Format::Gradescope => reports::gradescope::render_failure(&reason, &details),
                Format::Classroom50(about) => {
                    reports::classroom50::render_failure(&reason, &details, about, now)
                }
                Format::GithubClassroom => {
                    reports::github_classroom::render_failure(&reason, &details)
                }
                _ => continue,
            };
            exit::unless_closed(writer.write(text.as_bytes()))?;
        }
        if self.github {
            self.screen().print(&reports::github::failure(&reason))?;
        }
        Ok(())
    }
}

impl Format {
    fn render(&self, report: &Report, marking: &Marking) -> String {
        let scheme = &marking.scheme;
        match self {
            Self::Json => reports::json::render(report),
            Self::Html => reports::html::render(report, &Timelines::read(report)),
            Self::Junit(flaky) => junit::render(report, *flaky),
            Self::Markdown => reports::markdown::render(report, MARKDOWN_BYTES),
            Self::Csv => reports::csv::render(report),
            Self::Tap => reports::tap::render(report),
            Self::Gradescope => {
                let visibility = |id: &str| marking.visibility(id);
                let (output, leaderboard) = (marking.output, marking.leaderboard);
                let options = Options { scheme, visibility: &visibility, output, leaderboard };
                reports::gradescope::render(report, options)
            }
            Self::Classroom50(about) => {
                reports::classroom50::render(report, scheme, about, Timestamp::now())
            }
            Self::GithubClassroom => reports::github_classroom::render(report, scheme),
        }
    }
}

/// The submission's folder inside the repository that GitHub has checked out; empty where it is not inside one.
fn in_repository(submission: Option<&str>) -> PathBuf {
    let workspace = env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
    let inside = submission.map(Path::new).zip(workspace.as_deref());
    let inside = inside.and_then(|(submission, workspace)| submission.strip_prefix(workspace).ok());
    inside.map(Path::to_owned).unwrap_or_default()
}

/// Adds to the summary of the step. Other commands of the step may have written to it.
fn summarize(text: &str) -> Outcome<()> {
    let Some(file) = env::var_os("GITHUB_STEP_SUMMARY") else {
        terminal::warn("GITHUB_STEP_SUMMARY is not set, so there is no summary");
        return Ok(());
    };
    let written = File::options().append(true).create(true).open(&file);
    written.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        let file = file.display();
        Stop::new(WRITE_FAILED, format!("cannot write the step's summary {file}: {error}"))
    })
}
