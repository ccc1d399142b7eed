//! Asks a harness for its suites and tests.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use protocol::{Catalogue, PROTOCOL};

use crate::exit::{LISTING_FAILED, Outcome, Stop};
use crate::process::{self, End, Line};
use crate::signals::Interrupt;

/// Wall time for an answer. The submission's `submission()` runs on the way, and it may hang.
const PATIENCE: Duration = Duration::from_secs(30);

/// The catalogue of the harness at `program`.
pub(crate) fn ask(program: &Path, interrupt: &Interrupt) -> Outcome<Catalogue> {
    let failed = |why: String| {
        let program = program.display();
        Stop::new(LISTING_FAILED, format!("the harness {program} did not list its tests: {why}"))
    };
    let (mut answer, mut last_words) = (String::new(), None);
    let end = process::run(
        Command::new(program).args(["list", "--json"]),
        interrupt,
        Some(PATIENCE),
        |line| match line {
            Line::Out(line) => answer.push_str(&line),
            Line::Err(line) => last_words = Some(line),
        },
    );
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
