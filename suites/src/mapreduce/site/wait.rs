//! How one waits for a job, and what must not happen meanwhile.

use labrt::thread::sleep;
use labrt::time::{Duration, Instant};

use super::{JOB, REDUCES, SOON, Site};
use crate::mapreduce::output::Output;
use crate::mapreduce::probe::open_calls;
use crate::mapreduce::process::Process;
use crate::mapreduce::role::App;
use crate::{Failure, Kind};

/// How many calls that have not ended a failure shows.
const SHOWN_CALLS: usize = 5;
/// How often the output is looked at while the job goes on.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);
/// How often processes are looked at.
const TICK: Duration = Duration::from_millis(5);

impl Site<'_> {
    /// Waits until `look` has something to say. `what` is what is waited for.
    ///
    /// No process may meanwhile end otherwise than with success or as planned, and the coordinator may
    /// not be left alone.
    pub(crate) fn wait_for<T>(
        &mut self,
        what: &str,
        within: Duration,
        mut look: impl FnMut(&mut Self) -> Result<Option<T>, Failure>,
    ) -> Result<T, Failure> {
        self.poll(what, within, |site| match look(site)? {
            Some(seen) => Ok(Some(seen)),
            None => site.expect_no_accident().map(|()| None),
        })
    }

    /// The same, however processes end.
    pub(crate) fn poll<T>(
        &mut self,
        what: &str,
        within: Duration,
        mut look: impl FnMut(&mut Self) -> Result<Option<T>, Failure>,
    ) -> Result<T, Failure> {
        let start = Instant::now();
        loop {
            if let Some(seen) = look(self)? {
                return Ok(seen);
            }
            if start.elapsed() > within {
                let message = format!("expected {what} within {} s", within.as_secs());
                return Err(Failure { kind: Kind::Liveness, ..self.failure(message) });
            }
            sleep(TICK);
        }
    }

    /// Waits for `within`, and that `holds` all the time.
    pub(crate) fn watch_for(
        &mut self,
        within: Duration,
        mut holds: impl FnMut(&mut Self) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let start = Instant::now();
        while start.elapsed() < within {
            holds(self)?;
            self.expect_no_accident()?;
            sleep(TICK);
        }
        Ok(())
    }

    /// Waits until the job ends, compares its output, and waits until all workers have ended.
    pub(crate) fn finish(&mut self, app: &App) -> Result<(), Failure> {
        self.wait_for_job(app)?;
        self.expect_output(app)?;
        self.wait_for_workers(SOON)
    }

    /// Waits until the coordinator ends. Once the whole output is there, that must be soon.
    pub(crate) fn wait_for_job(&mut self, app: &App) -> Result<(), Failure> {
        let expected = self.expected(app)?;
        let (mut last_look, mut whole_since) = (Instant::now(), None);
        self.wait_for("the job to end", JOB, |site| {
            if last_look.elapsed() > BETWEEN_LOOKS {
                last_look = Instant::now();
                let whole = site.output()?.difference(&expected).is_none();
                whole_since = whole_since.or(whole.then_some(last_look));
            }
            if whole_since.is_some_and(|since| since.elapsed() > SOON) {
                let message = "the whole output is there, and for 10 s the job has not ended";
                return Err(Failure { kind: Kind::Liveness, ..site.failure(message) });
            }
            Ok(site.is_job_over()?.then_some(()))
        })
    }

    /// Whether the coordinator has ended, which must be with success.
    pub(crate) fn is_job_over(&mut self) -> Result<bool, Failure> {
        match self.coordinator.as_mut().and_then(Process::end) {
            None => Ok(false),
            Some(end) if end.status.success() => Ok(true),
            Some(_) => self.expect_no_accident().map(|()| false),
        }
    }

    /// Waits until all workers have ended, which must be with success or as planned.
    pub(crate) fn wait_for_workers(&mut self, within: Duration) -> Result<(), Failure> {
        self.poll("every worker to end when the job is done", within, |site| {
            site.expect_no_accident()?;
            Ok(site.workers.iter_mut().all(|worker| worker.end().is_some()).then_some(()))
        })?;
        self.expect_no_accident()
    }

    /// Compares the output with what it must be.
    pub(crate) fn expect_output(&mut self, app: &App) -> Result<(), Failure> {
        let expected = self.expected(app)?;
        match self.output()?.difference(&expected) {
            None => Ok(()),
            Some(how) => {
                Err(self.failure(format!("the output is not that of a sequential run: {how}")))
            }
        }
    }

    /// What the output must be.
    pub(crate) fn expected(&self, app: &App) -> Result<Output, Failure> {
        let expected = Output::expected(&*app.pure(), &self.inputs, REDUCES);
        expected.map_err(|error| self.ctx.failure(error.to_string()))
    }

    /// The output that is there.
    pub(crate) fn output(&self) -> Result<Output, Failure> {
        self.own(Output::read(&self.out(), REDUCES))
    }

    /// A failure with the state of all processes and of the job. Paths in it are those within the folder.
    pub(crate) fn failure(&mut self, message: impl Into<String>) -> Failure {
        let mut details: Vec<String> = self.processes().map(Process::describe).collect();
        details.extend(open_calls(&self.journal().unwrap_or_default()).take(SHOWN_CALLS));
        let folder = format!("{}/", self.folder.path().display());
        let within = |text: String| text.replace(&folder, "");
        Failure {
            details: details.into_iter().map(within).collect(),
            ..self.ctx.failure(within(message.into()))
        }
    }

    /// No process has ended otherwise than with success or as planned, and the coordinator is not deserted.
    fn expect_no_accident(&mut self) -> Result<(), Failure> {
        let by_accident = |process: &mut Process| {
            let end = process.end()?;
            let as_planned = end.status.success() || end.is_planned_crash();
            (!as_planned).then(|| process.describe())
        };
        let accident = self.processes().find_map(by_accident);
        if let Some(accident) = accident {
            return Err(self.failure(accident));
        }
        let at_work = self.coordinator.as_mut().is_some_and(|process| process.end().is_none());
        self.expect_not_deserted(at_work)
    }

    /// A coordinator that is at work and that all workers have left for a while is a failure.
    pub(crate) fn expect_not_deserted(&mut self, at_work: bool) -> Result<(), Failure> {
        let mut running = self.workers.iter_mut().filter_map(|w| w.end().is_none().then_some(()));
        if !at_work || running.next().is_some() || self.workers.is_empty() {
            self.deserted = None;
            return Ok(());
        }
        let since = *self.deserted.get_or_insert_with(Instant::now);
        if since.elapsed() > SOON {
            return Err(self.failure("all workers have ended, and the job has not"));
        }
        Ok(())
    }
}
