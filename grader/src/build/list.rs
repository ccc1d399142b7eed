//! Asks a harness for its suites and tests.
//!
//! It is asked twice. What suites and tests there are, and what their limits are, it says before any of
//! the submission's code runs, which could have a say in it otherwise. Then it is asked which of them the
//! submission implements.

use std::path::Path;
use std::time::Duration;

use confine::{Limits, Rules, Sandbox, children};
use protocol::{Catalogue, PROTOCOL, SuiteInfo};

use crate::exit::{LISTING_FAILED, Outcome, SETUP, Stop};
use crate::process::{self, End, Line};
use crate::signals::Interrupt;

/// Wall time for an answer. The submission's `submission()` runs on the way, and it may hang.
const PATIENCE: Duration = Duration::from_secs(30);

/// What it may use: much more than it needs.
const LIMITS: Limits = Limits {
    address_bytes: Some(4 << 30),
    processes: Some(64),
    file_bytes: Some(0),
    open_files: Some(256),
    cpu_s: Some(PATIENCE.as_secs()),
};

/// A longer answer is none.
const MAX_ANSWER_BYTES: usize = 16 << 20;

/// The catalogue of the harness at `program`.
pub(super) fn ask(program: &Path, sandbox: &Sandbox, interrupt: &Interrupt) -> Outcome<Catalogue> {
    let told = answer(program, &["list", "--json", "--suites-only"], sandbox, interrupt)?;
    let implemented = answer(program, &["list", "--json"], sandbox, interrupt)?;
    let implements = |id: &str| {
        let mut suites = implemented.suites.iter();
        suites.find(|suite| suite.id == id).is_some_and(|suite| suite.implemented)
    };
    let suites = told.suites.into_iter();
    let suites = suites.map(|suite| SuiteInfo { implemented: implements(&suite.id), ..suite });
    let sources = told.sources;
    Ok(Catalogue { suites: suites.collect(), sources, ..implemented })
}

/// What the harness answers to `words`.
fn answer(
    program: &Path,
    words: &[&str],
    sandbox: &Sandbox,
    interrupt: &Interrupt,
) -> Outcome<Catalogue> {
    let failed = |why: String| {
        let program = program.display();
        Stop::new(LISTING_FAILED, format!("the harness {program} did not list its tests: {why}"))
    };
    let job = sandbox
        .job()
        .map_err(|error| Stop::new(SETUP, format!("cannot confine the harness: {error}")))?;
    let mut command = job.command(program, &Rules { limits: LIMITS, ..Rules::of_system() });
    let (mut answer, mut first_words, mut last_words) = (String::new(), None, None);
    let end = process::run(command.args(words), interrupt, Some(PATIENCE), |line| match line {
        Line::Out(line) if answer.len() < MAX_ANSWER_BYTES => answer.push_str(&line),
        Line::Out(_) => {}
        Line::Err(line) => {
            first_words.get_or_insert_with(|| line.clone());
            last_words = Some(line);
        }
    });
    children::end_orphans();
    if let Some(why) = first_words.as_deref().and_then(|words| job.refusal(words)) {
        return Err(failed(why.to_owned()));
    }
    match end.map_err(|error| failed(error.to_string()))? {
        End::Interrupted => return Err(interrupt.stop()),
        End::TimedOut => return Err(failed(format!("no answer within {} s", PATIENCE.as_secs()))),
        End::Exited(status) if !status.success() => {
            let words = last_words.map_or_else(String::new, |words| format!(": {words}"));
            return Err(failed(format!("it ended with {status}{words}")));
        }
        End::Exited(_) => {}
    }
    let catalogue: Catalogue = serde_json::from_str(&answer)
        .map_err(|error| failed(format!("its answer is not a catalogue: {error}")))?;
    if catalogue.protocol != PROTOCOL {
        return Err(failed(format!(
            "it speaks version {} of the protocol, this grader version {PROTOCOL}; build both from \
             one toolkit",
            catalogue.protocol
        )));
    }
    Ok(catalogue)
}
