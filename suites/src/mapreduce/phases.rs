//! What happens while others are not ready: nobody goes on too early, nobody leaves, nobody spins.

use labrt::time::Duration;

use super::probe::{Entry, Phase, begun, has_ended};
use super::process::Process;
use super::role::App;
use super::site::{JOB, LATE_REISSUE, Site};
use super::texts::{add_texts, texts};
use crate::suite::test;
use crate::{Failure, Test};

/// How long a call is held up while everybody else has nothing to do.
const HELD_UP: Duration = Duration::from_secs(3);
/// What all processes together may use of the processor in that time.
const IDLE_CPU: Duration = Duration::from_millis(600);
/// How often it is looked whether everybody does.
const CHANCES: u32 = 5;

pub(super) const PHASES: Test = test(
    "phases",
    "TestPhasesMapReduce",
    "While one map goes on, no reduce starts, and idle workers neither leave nor spin",
    &[
        "1. Start a coordinator and three workers; one map is held up",
        "2. Wait until the other maps have ended",
        "3. Expect no reduce, nobody to end, and nobody to use much of the processor, for 3 s",
        "4. Let the map go on, and wait for the end of the job",
    ],
    |ctx| {
        ctx.step("1. Start a coordinator and three workers; one map is held up");
        let mut site = Site::new(ctx)?;
        site.reissue_after = LATE_REISSUE;
        texts(&mut site, 4)?;
        add_texts(&mut site, &["held.txt"])?;
        let mut plan = site.plan();
        plan.in_map.push(site.gate("held.txt", false));
        let app = App::Probe(plan);
        site.start_job(3, &app)?;

        ctx.step("2. Wait until the other maps have ended");
        site.wait_for("all maps but one to end, and that one to begin", JOB, |site| {
            let entries = site.journal()?;
            let others = (1..=4).map(|number| format!("text-{number}.txt"));
            let held = begun(&entries, Phase::Map).any(|entry| entry.name == "held.txt");
            let ended = others.into_iter().all(|name| has_ended(&entries, Phase::Map, &name));
            Ok((held && ended).then_some(()))
        })?;

        ctx.step(
            "3. Expect no reduce, nobody to end, and nobody to use much of the processor, for 3 s",
        );
        site.expect_idle(|site| {
            site.expect_no_reduce("held.txt")?;
            site.expect_all_there("while a map goes on")
        })?;

        ctx.step("4. Let the map go on, and wait for the end of the job");
        site.open("held.txt")?;
        site.finish(&app)
    },
);

pub(super) const EARLY_EXIT: Test = test(
    "early-exit",
    "TestEarlyExitMapReduce",
    "No worker and no coordinator ends before the whole output is there",
    &[
        "1. Start a coordinator and three workers; one reduce is held up",
        "2. Wait until the reduce has begun",
        "3. Expect nobody to end for 3 s",
        "4. Let the reduce go on, and wait for the first process to end",
        "5. Expect the output of then to be the whole output",
    ],
    |ctx| {
        ctx.step("1. Start a coordinator and three workers; one reduce is held up");
        let mut site = Site::new(ctx)?;
        texts(&mut site, 8)?;
        site.input("sherlock.txt", "sherlock tom sherlock\n")?;
        let mut plan = site.plan();
        plan.in_reduce.push(site.gate("sherlock", false));
        let app = App::Probe(plan);
        site.start_job(3, &app)?;

        ctx.step("2. Wait until the reduce has begun");
        site.wait_for("the reduce of `sherlock` to begin", JOB, |site| {
            let entries = site.journal()?;
            let slow = |entry: &Entry| entry.name == "sherlock";
            Ok(begun(&entries, Phase::Reduce).any(slow).then_some(()))
        })?;

        ctx.step("3. Expect nobody to end for 3 s");
        site.watch_for(HELD_UP, |site| site.expect_all_there("while a reduce goes on"))?;

        ctx.step("4. Let the reduce go on, and wait for the first process to end");
        site.open("sherlock")?;
        let then = site.wait_for("a process to end", JOB, |site| {
            if site.processes().all(|process| process.end().is_none()) {
                return Ok(None);
            }
            site.output().map(Some)
        })?;

        ctx.step("5. Expect the output of then to be the whole output");
        site.finish(&app)?;
        match then.difference(&site.output()?) {
            None => Ok(()),
            Some(how) => {
                let what = format!("when the first process ended, the output was not whole: {how}");
                Err(site.failure(what))
            }
        }
    },
);

impl Site<'_> {
    /// Nobody has ended.
    fn expect_all_there(&mut self, when: &str) -> Result<(), Failure> {
        let gone = self.processes().find_map(|p| p.end().map(|_| p.name.clone()));
        match gone {
            Some(name) => Err(self.failure(format!("{name} ended {when}"))),
            None => Ok(()),
        }
    }

    /// Nobody uses much of the processor, while [`watch_for`](Self::watch_for) finds that `holds`. Who is
    /// still busy with its own start gets another chance.
    fn expect_idle(
        &mut self,
        mut holds: impl FnMut(&mut Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        for chance in 1.. {
            let before: Vec<_> = self.processes().map(|process| process.cpu()).collect();
            self.watch_for(HELD_UP, &mut holds)?;
            let used = |(process, before): (&mut Process, Option<Duration>)| {
                Some((process.cpu()?.saturating_sub(before?), process.name.clone()))
            };
            let used: Vec<_> = self.processes().zip(before).filter_map(used).collect();
            let together: Duration = used.iter().map(|(cpu, _)| *cpu).sum();
            match used.into_iter().max() {
                None => {
                    let what = "whether processes wait without spinning was not observed: this \
                                system does not tell";
                    self.ctx.warn(what);
                    return Ok(());
                }
                Some(_) if together <= IDLE_CPU => return Ok(()),
                Some((_, most)) if chance == CHANCES => {
                    return Err(self.failure(format!(
                        "with nothing to do for {} s, the processes used {:.1} s of the processor, \
                         {most} most of it: they wait by spinning",
                        HELD_UP.as_secs(),
                        together.as_secs_f64()
                    )));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// No reduce has begun, since the map of the file `held` goes on.
    pub(super) fn expect_no_reduce(&mut self, held: &str) -> Result<(), Failure> {
        let entries = self.journal()?;
        match begun(&entries, Phase::Reduce).next() {
            Some(entry) => {
                let key = &entry.name;
                let what =
                    format!("the reduce of `{key}` began before the map of {held} had ended");
                Err(self.failure(what))
            }
            None => Ok(()),
        }
    }
}
