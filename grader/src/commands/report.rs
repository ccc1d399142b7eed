//! `grader report`.

use std::path::Path;

use reports::Report;

use crate::cli::ReportArgs;
use crate::exit::{Outcome, PASSED, SETUP, Stop};
use crate::outputs::Outputs;
use crate::plan::Base;
use crate::plan::marking::Marking;

/// Shows an old report, or writes it in other formats.
pub(crate) fn report(args: ReportArgs, base: &Base) -> Outcome {
    let report = read(&args.report)?;
    let outputs = Outputs::typed(args.outputs, &base.settings)?;
    write(&report, &outputs, base)
}

/// A report from a file, or from standard input.
pub(super) fn read(file: &Path) -> Outcome<Report> {
    let stdin = file == Path::new("-");
    let file = if stdin { Path::new("/dev/stdin") } else { file };
    Report::read(file).map_err(|error| Stop::new(SETUP, error.to_string()))
}

/// Writes a report that is not of this moment; without any place for it, it is shown.
pub(super) fn write(report: &Report, outputs: &Outputs, base: &Base) -> Outcome {
    let screen = outputs.screen();
    if outputs.is_empty() {
        screen.print(&screen.render(report))?;
        return Ok(PASSED);
    }
    let planned = report.tests().map(|test| test.planned).max().unwrap_or(0);
    let marking = Marking::new(&base.settings, planned.max(1))?;
    outputs.write(report, &marking)?;
    Ok(PASSED)
}
