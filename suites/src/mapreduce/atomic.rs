//! Nobody ever sees a part of an output file.

use std::collections::BTreeMap;
use std::fs;

use contracts::mapreduce::{bucket, output_file};
use labrt::thread::sleep;
use labrt::time::Duration;

use super::probe::{Phase, begun};
use super::role::App;
use super::site::{JOB, REDUCES, Site};
use super::texts::texts;
use crate::suite::test;
use crate::{Failure, Test};

/// How long a reduce is held up.
const HELD_UP: Duration = Duration::from_secs(1);
/// How much each reduce gives, so that it takes a while to be written.
const VALUE_BYTES: usize = 1 << 20;
/// How often the folder is looked at, so that writing a file takes longer than that.
const LOOK: Duration = Duration::from_micros(200);

pub(super) const ATOMIC: Test = test(
    "atomic-output",
    "TestAtomicOutputMapReduce",
    "An output file appears as a whole, never with a part of its lines",
    &[
        "1. Start a coordinator and two workers; one reduce is held up",
        "2. Expect its output file not to be there, for 1 s",
        "3. Let it go on, and look at the folder all the time: expect no file to change",
        "4. Compare the output with that of a sequential run, and wait for the workers to end",
    ],
    |ctx| {
        ctx.step("1. Start a coordinator and two workers; one reduce is held up");
        let mut site = Site::new(ctx)?;
        texts(&mut site, 2)?;
        let mut plan = site.plan();
        plan.value_bytes = VALUE_BYTES;
        plan.in_reduce.push(site.gate(HELD_KEY, false));
        let app = App::Probe(plan);
        let mut sizes = Sizes::default();
        site.start_job(2, &app)?;
        let held = output_file(bucket(HELD_KEY, REDUCES));
        site.wait_for("the reduce to begin", JOB, |site| {
            let entries = site.journal()?;
            sizes.look(site)?;
            Ok(begun(&entries, Phase::Reduce).any(|entry| entry.name == HELD_KEY).then_some(()))
        })?;

        ctx.step("2. Expect its output file not to be there, for 1 s");
        site.watch_for(HELD_UP, |site| {
            sizes.look(site)?;
            if site.out().join(&held).exists() {
                return Err(site.failure(format!(
                    "{held} was there although a reduce of its task had not ended: write \
                     another file, and rename it"
                )));
            }
            Ok(())
        })?;

        ctx.step("3. Let it go on, and look at the folder all the time: expect no file to change");
        site.open(HELD_KEY)?;
        site.wait_for("the job to end", JOB, |site| {
            for _ in 0..20 {
                sizes.look(site)?;
                sleep(LOOK);
            }
            Ok(site.is_job_over()?.then_some(()))
        })?;

        ctx.step(
            "4. Compare the output with that of a sequential run, and wait for the workers to end",
        );
        sizes.look(&mut site)?;
        site.finish(&app)
    },
);

/// A key that shares its task with `alpha`, which comes before it, and with `uniform`, which comes behind.
const HELD_KEY: &str = "sierra";

/// How long each output file was when it was first seen, in bytes.
#[derive(Default)]
struct Sizes(BTreeMap<String, u64>);

impl Sizes {
    /// Looks at the files: none may be longer or shorter than before.
    fn look(&mut self, site: &mut Site<'_>) -> Result<(), Failure> {
        for reduce in 0..REDUCES {
            let file = output_file(reduce);
            let Ok(metadata) = fs::metadata(site.out().join(&file)) else { continue };
            let now = metadata.len();
            let first = *self.0.entry(file.clone()).or_insert(now);
            if first != now {
                return Err(site.failure(format!(
                    "{file} was seen with {first} bytes and then with {now}: write another \
                     file, and rename it"
                )));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_held_key_is_in_the_middle_of_its_task() {
        let task = |key| bucket(key, REDUCES);
        assert_eq!([task("alpha"), task("uniform")], [task(HELD_KEY); 2]);
    }
}
