//! What a probe does in the middle of a call.

use std::io;
use std::path::PathBuf;

use contracts::mapreduce::Error;
use labrt::thread::sleep;
use labrt::time::{Duration, Instant};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::journal::{self, Journal, Phase, What};

/// Exit status of a worker that crashed as planned.
pub(in crate::mapreduce) const CRASHED: i32 = 33;

/// How often a probe looks for what it waits for.
const TICK: Duration = Duration::from_millis(5);
/// How long a call waits for another process: much longer than that takes to start and to ask for a task.
const MEET: Duration = Duration::from_secs(10);
/// How long a gate may stay shut: longer than any test wants it to.
const SHUT: Duration = Duration::from_mins(3);
/// How many calls of one name may crash or stall, so that every job has an end.
const MOST_FAULTS: usize = 3;

/// One thing to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::mapreduce) enum Act {
    /// Takes a random time from this range.
    Pause { least_ms: u64, most_ms: u64 },
    /// Waits until another process has begun a call of the phase, unless one has waited in vain before.
    Meet,
    /// Waits until there is a file `gate`.
    Gate {
        gate: PathBuf,
        /// Only for this name; for all where it is empty.
        name: String,
        /// Only in the first call for a name.
        first: bool,
    },
    /// Ends the process, or takes long, at random: as the course's `crash`.
    Crash {
        /// The first call for this name certainly ends the process.
        certainly: String,
        /// How many of 100 calls end the process.
        crash_percent: u32,
        /// How many of 100 take long.
        stall_percent: u32,
        /// At most how long these take.
        stall_ms: u64,
    },
    /// Refuses the input of this name.
    Refuse { name: String },
}

/// A call, as an act sees it.
pub(super) struct Call<'a> {
    pub(super) phase: Phase,
    pub(super) name: &'a str,
    pub(super) journal: &'a Journal,
}

impl Act {
    /// Does it.
    pub(super) fn perform(&self, call: &Call<'_>, rng: &mut ChaCha8Rng) -> Result<(), Error> {
        match self {
            Self::Pause { least_ms, most_ms } => pause(*least_ms, *most_ms, rng),
            Self::Meet => call.meet()?,
            Self::Gate { gate, name, first } => {
                let mine = name.is_empty() || name == call.name;
                if mine && (!first || call.number()? == 1) {
                    wait_until(SHUT, || Ok(gate.exists()))?;
                }
            }
            Self::Crash { certainly, crash_percent, stall_percent, stall_ms } => {
                let number = call.number()?;
                let lot = rng.random_range(0..100);
                if number == 1 && certainly == call.name {
                    std::process::exit(CRASHED);
                } else if number > MOST_FAULTS {
                    return Ok(());
                } else if lot < *crash_percent {
                    std::process::exit(CRASHED);
                } else if lot < crash_percent + stall_percent {
                    pause(0, *stall_ms, rng);
                }
            }
            Self::Refuse { name } if name == call.name => {
                return Err(format!("{name}: this is not what was asked for").into());
            }
            Self::Refuse { .. } => {}
        }
        Ok(())
    }
}

impl Call<'_> {
    /// Which call for its name this is, counted from 1.
    fn number(&self) -> io::Result<usize> {
        let entries = self.journal.read()?;
        Ok(journal::begun(&entries, self.phase).filter(|entry| entry.name == self.name).count())
    }

    fn meet(&self) -> io::Result<()> {
        let met = wait_until(MEET, || {
            let entries = self.journal.read()?;
            let alone = |e: &journal::Entry| e.phase == self.phase && e.what == What::Alone;
            let company = journal::workers(&entries, self.phase).len() > 1;
            Ok(company || entries.iter().any(alone))
        })?;
        if met { Ok(()) } else { self.journal.note(self.phase, What::Alone, self.name) }
    }
}

fn pause(least_ms: u64, most_ms: u64, rng: &mut ChaCha8Rng) {
    sleep(Duration::from_millis(rng.random_range(least_ms..=most_ms)));
}

/// Waits until `look` says yes, at most for `within`; whether it did.
fn wait_until(within: Duration, mut look: impl FnMut() -> io::Result<bool>) -> io::Result<bool> {
    let start = Instant::now();
    while !look()? {
        if start.elapsed() > within {
            return Ok(false);
        }
        sleep(TICK);
    }
    Ok(true)
}
