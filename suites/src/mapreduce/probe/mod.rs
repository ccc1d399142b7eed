//! Applications that show what a MapReduce does with them: each call is written to a journal, and does
//! in its middle what the test wants of it.
//!
//! What they compute stays a pure function of the input, whatever they do besides.
//!
//! | module | what |
//! | --- | --- |
//! | [`act`] | what a probe does in the middle of a call |
//! | [`journal`] | what the calls of a job have done, and when compared to each other |

mod act;
mod journal;

use std::path::Path;

use contracts::mapreduce::apps::WordCount;
use contracts::mapreduce::{Application, Error, Values};
use labrt::sync::Mutex;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use act::Call;

pub(super) use act::{Act, CRASHED};
pub(super) use journal::{
    Entry, Journal, Phase, What, begun, has_ended, in_company, open_calls, workers,
};

/// What a probe is to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Plan {
    pub(super) journal: Journal,
    /// In the middle of each map.
    pub(super) in_map: Vec<Act>,
    /// In each reduce, before its value is known.
    pub(super) in_reduce: Vec<Act>,
    /// How many bytes each value that it reduces to is filled up to; 0 for as many as it has.
    pub(super) value_bytes: usize,
    /// Of its random choices.
    pub(super) seed: u64,
}

/// A word count with something in the middle of its calls.
pub(super) struct Probe {
    plan: Plan,
    rng: Mutex<ChaCha8Rng>,
}

impl Probe {
    pub(super) fn new(plan: Plan) -> Self {
        let rng = Mutex::new(ChaCha8Rng::seed_from_u64(plan.seed));
        Self { plan, rng }
    }

    /// What this probe computes, without anything besides.
    pub(super) fn pure(plan: &Plan) -> impl Application + use<> {
        Filled(plan.value_bytes)
    }

    /// Does what is to be done in the middle of a call.
    fn act(&self, phase: Phase, name: &str) -> Result<(), Error> {
        let acts = match phase {
            Phase::Map => &self.plan.in_map,
            Phase::Reduce => &self.plan.in_reduce,
        };
        let call = Call { phase, name, journal: &self.plan.journal };
        // A generator of its own for each call: another call may come while this one sleeps.
        let mut rng = ChaCha8Rng::from_rng(&mut *self.rng.lock());
        acts.iter().try_for_each(|act| act.perform(&call, &mut rng))
    }

    fn note(&self, phase: Phase, what: What, name: &str) -> Result<(), Error> {
        self.plan
            .journal
            .note(phase, what, name)
            .map_err(|error| format!("the test's journal: {error}").into())
    }
}

impl Application for Probe {
    fn map(
        &self,
        file: &str,
        contents: &str,
        emit: &mut dyn FnMut(&str, &str),
    ) -> Result<(), Error> {
        let name = Path::new(file).file_name().unwrap_or_default().to_string_lossy();
        self.note(Phase::Map, What::Begin, &name)?;
        let mut keys = Vec::new();
        Probe::pure(&self.plan).map(file, contents, &mut |key, _| keys.push(key.to_owned()))?;
        let middle = keys.len() / 2;
        for (place, key) in keys.iter().enumerate() {
            if place == middle {
                self.act(Phase::Map, &name)?;
            }
            emit(key, "1");
        }
        self.note(Phase::Map, What::End, &name)
    }

    fn reduce(&self, key: &str, values: &mut dyn Values) -> Result<String, Error> {
        self.note(Phase::Reduce, What::Begin, key)?;
        self.act(Phase::Reduce, key)?;
        let value = Probe::pure(&self.plan).reduce(key, values)?;
        self.note(Phase::Reduce, What::End, key)?;
        Ok(value)
    }
}

/// A word count whose counts are filled up with zeros to this many bytes.
struct Filled(usize);

impl Application for Filled {
    fn map(
        &self,
        file: &str,
        contents: &str,
        emit: &mut dyn FnMut(&str, &str),
    ) -> Result<(), Error> {
        WordCount.map(file, contents, emit)
    }

    fn reduce(&self, key: &str, values: &mut dyn Values) -> Result<String, Error> {
        let count = WordCount.reduce(key, values)?;
        Ok("0".repeat(self.0.saturating_sub(count.len())) + &count)
    }
}
