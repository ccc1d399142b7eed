//! `grader history` and `grader show`.

use std::path::Path;

use jiff::tz::TimeZone;
use reports::Report;
use reports::terminal::sessions::{self, Row};

use super::report;
use crate::cli::{HistoryArgs, ShowArgs};
use crate::exit::{Outcome, PASSED, Stop, WRITE_FAILED};
use crate::history::{Entry, Name, Store};
use crate::outputs::Outputs;
use crate::plan::{Base, current_folder};
use crate::terminal::Screen;

/// Lists sessions, or lets all of them go.
pub(crate) fn history(args: HistoryArgs, base: &Base) -> Outcome {
    let store = base.history()?;
    let mut entries = if args.all { store.entries() } else { store.of_folder(&current_folder()?) };
    if args.clear {
        return clear(&store, &entries);
    }
    entries.truncate(args.number.map_or(usize::MAX, |number| number.get() as usize));
    let text = if args.json {
        serde_json::to_string_pretty(&entries).expect("entries are always JSON") + "\n"
    } else {
        let zone = TimeZone::system();
        let rows: Vec<Row> = entries.iter().map(|entry| row(entry, &zone)).collect();
        sessions::render(&rows, Screen::Stdout.options())
    };
    Screen::Stdout.print(&text)?;
    Ok(PASSED)
}

fn clear(store: &Store, entries: &[Entry]) -> Outcome {
    for entry in entries {
        store.remove(entry).map_err(|error| {
            let (id, store) = (&entry.id, store.folder().display());
            Stop::new(WRITE_FAILED, format!("cannot remove {id} from {store}: {error}"))
        })?;
    }
    Screen::Stdout.print(&format!("{} removed\n", entries.len()))?;
    Ok(PASSED)
}

fn row(entry: &Entry, zone: &TimeZone) -> Row {
    Row {
        id: entry.id.clone(),
        when: entry.started.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
        submission: entry.submission.clone(),
        suites: entry.suites.clone(),
        totals: entry.totals,
    }
}

/// Shows a session, or writes its report in other formats.
pub(crate) fn show(args: ShowArgs, base: &Base) -> Outcome {
    let store = base.history()?;
    let entry = store.find(&args.session, &current_folder()?)?;
    let report = store.report(&entry)?;
    let outputs = Outputs::typed(args.outputs, &base.settings)?;
    report::write(&report, &outputs, base)
}

/// A report by the name of its file, or of its session. A file wins.
pub(super) fn find(name: &str, base: &Base) -> Outcome<Report> {
    if name == "-" || Path::new(name).exists() {
        return report::read(Path::new(name));
    }
    let is_path = name.contains('/') || Path::new(name).extension().is_some();
    match name.parse::<Name>() {
        Ok(name) if !is_path => {
            let store = base.history()?;
            store.report(&store.find(&name, &current_folder()?)?)
        }
        // The error names the file.
        _ => report::read(Path::new(name)),
    }
}
