//! How fast submissions are built, and a class of them graded.
//!
//! The submissions are the reference Raft, each changed in a place: most of them right, some with a mistake that
//! students make, some hostile, one that does not compile.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use tempfile::TempDir;

use super::{Figures, SEED, not_measured};
use crate::build::program::Workshop;
use crate::build::shelf::Shelf;
use crate::build::sources::Sources;
use crate::exit::{Outcome, SETUP, Stop};
use crate::plan::Base;
use crate::plan::submission::Package;
use crate::plan::toolkit::Toolkit;
use crate::process::{self, End};
use crate::signals::Interrupt;
use crate::terminal::Activity;

/// A change: file, what stands there, what is to stand there instead.
type Change = (&'static str, &'static str, &'static str);

const VOTE: &str = "let vote_granted = !self.killed && self.grants(args);";

/// The class: folder, and what is changed.
const CLASS: [(&str, Option<Change>); 10] = [
    ("right-1", None),
    ("right-2", None),
    ("right-3", None),
    ("right-4", None),
    ("votes-in-old-terms", Some(("src/vote.rs", "args.term < self.current_term() || ", ""))),
    ("forgets-its-vote", Some(("src/vote.rs", "self.stable.vote_for(args.candidate_id);", ""))),
    ("small-majority", Some(("src/commit.rs", "servers / 2 + 1", "servers / 2"))),
    ("exits", Some(("src/vote.rs", VOTE, "let vote_granted: bool = std::process::exit(0);"))),
    (
        "loops",
        Some(("src/vote.rs", VOTE, "let vote_granted: bool = loop { std::hint::black_box(0); };")),
    ),
    ("does-not-compile", Some(("src/vote.rs", VOTE, "let vote_granted = maybe;"))),
];

/// The suites that the class is graded with.
const SUITES: &str = "part1,part2,part3,part4,4a,4b";
/// Runs of each test.
const COUNT: u32 = 20;
/// Submissions that are built to see how long it takes.
const BUILT: u32 = 3;

/// Measures both.
pub(super) fn measure(base: &Base, interrupt: &Interrupt) -> Outcome<Figures> {
    let toolkit = base.toolkit()?;
    let folder = tempfile::tempdir()
        .map_err(|error| Stop::new(SETUP, format!("cannot make a folder: {error}")))?;
    write_class(&toolkit, &folder)?;
    Ok(Figures::from([
        ("submission_build_s", build_s(&toolkit, &folder, base, interrupt)?),
        ("class_submissions_per_min", per_min(&folder, base, interrupt)?),
    ]))
}

/// Writes the submissions to `class` in `folder`.
fn write_class(toolkit: &Toolkit, folder: &TempDir) -> Outcome<()> {
    let raft = toolkit.root().join("raft");
    let failed =
        |why: String| Stop::new(SETUP, format!("cannot write submissions to measure: {why}"));
    let sources = Sources::read(&raft)
        .map_err(|refusals| failed(format!("{}/{}", raft.display(), refusals[0])))?;
    // Its members know only their own folders, as those of a class do.
    let edition = format!("edition = {:?}", sources.manifest.edition);
    for (name, change) in CLASS {
        for (file, text) in &sources.files {
            let mut text = text.replace("edition.workspace = true", &edition);
            if file == &sources.manifest.library {
                // So that no two are the same, and none was built before.
                let _ = writeln!(text, "\n// {name}, {}", folder.path().display());
            }
            if let Some((changed, from, to)) =
                change.filter(|(changed, ..)| Path::new(changed) == file)
            {
                if !text.contains(from) {
                    return Err(failed(format!("{changed} in raft has no `{from}` any more")));
                }
                text = text.replace(from, to);
            }
            let path = folder.path().join("class").join(name).join(file);
            let written = fs::create_dir_all(path.parent().unwrap_or(folder.path()))
                .and_then(|()| fs::write(&path, text));
            written.map_err(|error| failed(error.to_string()))?;
        }
    }
    Ok(())
}

/// Seconds from a submission's folder to its program, everything else being built: the middle one of some.
fn build_s(
    toolkit: &Toolkit,
    folder: &TempDir,
    base: &Base,
    interrupt: &Interrupt,
) -> Outcome<f64> {
    let settings = &base.settings.build;
    let shelf = Shelf::build(toolkit, settings, interrupt)?;
    let sandbox = &base.sandbox;
    let workshop = Workshop { toolkit, shelf: &shelf, sandbox, settings, interrupt, shows: true };
    let mut seconds = Vec::new();
    let library = folder.path().join("class/right-1/src/lib.rs");
    for number in 0..BUILT {
        let text = fs::read_to_string(&library).unwrap_or_default();
        fs::write(&library, format!("{text}// {number}\n"))
            .map_err(|error| not_measured("the compiler", error.to_string()))?;
        let package = Package::read(&folder.path().join("class/right-1")).map_err(Stop::usage)?;
        let start = Instant::now();
        workshop.program(&package)?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    Ok(seconds[seconds.len() / 2])
}

/// Submissions a minute of a class that is graded by this very command.
fn per_min(folder: &TempDir, base: &Base, interrupt: &Interrupt) -> Outcome<f64> {
    let who = "a class";
    let program = std::env::current_exe().map_err(|error| not_measured(who, error.to_string()))?;
    let toolkit = base.toolkit()?;
    let count = COUNT.to_string();
    let seed = SEED.to_string();
    let mut command = Command::new(program);
    command.arg("class").arg(folder.path().join("class")).arg("--toolkit").arg(toolkit.root());
    command.args(["--suite", SUITES, "--count", &count, "--seed", &seed]);
    let activity = Activity::new(format!("grading {} submissions", CLASS.len()));
    let start = Instant::now();
    let mut last_words = String::new();
    let end = process::run(&mut command, interrupt, None, |line| {
        if let process::Line::Err(line) = line {
            last_words = line;
        }
    });
    let wall_s = start.elapsed().as_secs_f64();
    drop(activity);
    match end.map_err(|error| not_measured(who, error.to_string()))? {
        End::Exited(status) if status.success() => Ok(CLASS.len() as f64 * 60.0 / wall_s),
        End::Exited(_) => Err(not_measured(who, last_words)),
        End::Interrupted | End::TimedOut => Err(interrupt.stop()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_still_applies() {
        let raft = Path::new(env!("CARGO_MANIFEST_DIR")).join("../raft");
        for (file, from, _) in CLASS.iter().filter_map(|(_, change)| *change) {
            let text = fs::read_to_string(raft.join(file)).expect("a file");
            assert!(text.contains(from), "{file} has no {from:?}");
        }
    }
}
