//! Where a job is done: its folder, its processes, and how one waits for them.

use std::fs;
use std::path::{Path, PathBuf};

use labrt::thread::sleep;
use labrt::time::{Duration, Instant};
use rand::Rng;
use tempfile::TempDir;

use super::output::Output;
use super::probe::{Act, Entry, Journal, Plan, open_calls};
use super::process::Process;
use super::role::{App, Duty, Part, Place, Role};
use crate::{Context, Failure, Kind};

/// The course's number of reduce tasks.
pub(super) const REDUCES: u32 = 10;
/// The course's time after which a task is handed out again.
pub(super) const REISSUE: Duration = Duration::from_secs(10);
/// Longer than any call is held up: no task is handed out again.
pub(super) const LATE_REISSUE: Duration = Duration::from_mins(1);
/// How long a job may take in which nothing crashes.
pub(super) const JOB: Duration = Duration::from_mins(1);
/// How long a coordinator may take until workers can be started, and how long what should happen at once
/// may take on a busy machine.
pub(super) const SOON: Duration = Duration::from_secs(10);

/// How many calls that have not ended a failure shows.
const SHOWN_CALLS: usize = 5;
/// How often the output is looked at while the job goes on.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);
/// How often processes are looked at.
const TICK: Duration = Duration::from_millis(5);
/// The longest path that a Unix-domain socket can have on any system, less what stands behind the folder.
const MOST_PATH_BYTES: usize = 90;

/// The folder and the processes of one test. All of it is gone when this is dropped.
pub(super) struct Site<'a> {
    // In this order: nobody is left to write when the folder goes.
    pub(super) coordinator: Option<Process>,
    pub(super) workers: Vec<Process>,
    pub(super) ctx: &'a Context,
    pub(super) reissue_after: Duration,
    inputs: Vec<(String, String)>,
    /// Workers so far.
    started: u32,
    folder: TempDir,
    /// Since when the coordinator is alone with a job.
    deserted: Option<Instant>,
}

impl<'a> Site<'a> {
    pub(super) fn new(ctx: &'a Context) -> Result<Self, Failure> {
        let folder = short_folder().map_err(|error| ctx.failure(format!("no folder: {error}")))?;
        let site = Self {
            coordinator: None,
            workers: Vec::new(),
            ctx,
            reissue_after: REISSUE,
            inputs: Vec::new(),
            started: 0,
            folder,
            deserted: None,
        };
        for part in ["in", "out"] {
            site.own(fs::create_dir(site.path(part)))?;
        }
        Ok(site)
    }

    /// A place in the test's own folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder of the job.
    pub(super) fn out(&self) -> PathBuf {
        self.path("out")
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.path("socket")
    }

    /// What became of something that the test itself needs.
    pub(super) fn own<T>(&self, result: std::io::Result<T>) -> Result<T, Failure> {
        result.map_err(|error| self.ctx.failure(format!("the test itself cannot go on: {error}")))
    }

    /// Adds an input file.
    pub(super) fn input(&mut self, name: &str, text: &str) -> Result<(), Failure> {
        let path = self.path("in").join(name);
        self.own(fs::write(&path, text))?;
        self.inputs.push((path.to_string_lossy().into_owned(), text.to_owned()));
        Ok(())
    }

    /// The input files.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        self.inputs.iter().map(|(path, _)| path.into()).collect()
    }

    /// What the calls of the job have done so far.
    pub(super) fn journal(&self) -> Result<Vec<Entry>, Failure> {
        self.own(Journal::new(self.path("journal")).read())
    }

    /// A probe that does nothing but to write the journal.
    pub(super) fn plan(&self) -> Plan {
        Plan {
            journal: Journal::new(self.path("journal")),
            in_map: Vec::new(),
            in_reduce: Vec::new(),
            value_bytes: 0,
            seed: 0,
        }
    }

    /// An act that waits until the gate of this name is [open](Self::open), in calls for the same name;
    /// only in the first of them if `first`.
    pub(super) fn gate(&self, name: &str, first: bool) -> Act {
        Act::Gate { gate: self.path(name), name: name.into(), first }
    }

    /// Opens the gate of this name.
    pub(super) fn open(&self, gate: &str) -> Result<(), Failure> {
        self.own(fs::write(self.path(gate), ""))
    }

    /// What a coordinator of this job is told.
    pub(super) fn duty(&self) -> Duty {
        Duty {
            files: self.files(),
            reduces: REDUCES,
            folder: self.out(),
            socket: self.socket(),
            reissue_after: self.reissue_after,
            ready: self.path("ready"),
        }
    }

    /// Starts a process.
    pub(super) fn start(&self, name: impl Into<String>, role: Role) -> Result<Process, Failure> {
        let part = Part { verbosity: self.ctx.verbosity(), role };
        self.own(Process::start(name.into(), &part))
    }

    /// Starts the coordinator and waits until workers can be started.
    pub(super) fn start_coordinator(&mut self) -> Result<(), Failure> {
        let ready = self.path("ready");
        // Another coordinator may have been here.
        let _ = fs::remove_file(&ready);
        let process = self.start("coordinator", Role::Coordinator(self.duty()))?;
        self.coordinator = Some(process);
        self.wait_for("`make` to return", SOON, |_| Ok(ready.exists().then_some(())))
    }

    /// What a worker of this job is told.
    pub(super) fn place(&self, app: &App) -> Place {
        let mut app = app.clone();
        if let App::Probe(plan) = &mut app {
            plan.seed = labrt::rand::rng().next_u64();
        }
        Place { app, folder: self.out(), socket: self.socket(), disk_bytes: None }
    }

    /// Starts a worker.
    pub(super) fn start_worker(&mut self, app: &App) -> Result<(), Failure> {
        let place = self.place(app);
        self.start_worker_at(place)
    }

    /// Starts a worker that is told this.
    pub(super) fn start_worker_at(&mut self, place: Place) -> Result<(), Failure> {
        self.started += 1;
        let process = self.start(format!("worker {}", self.started), Role::Worker(place))?;
        self.workers.push(process);
        self.ctx.set_servers(self.workers.len() as u32 + 1);
        Ok(())
    }

    /// Starts a worker in the place of one that crashed or went, if there is one.
    pub(super) fn replace_worker(&mut self, app: &App) -> Result<bool, Failure> {
        let gone = |worker: &mut Process| {
            worker.end().is_some_and(|end| end.status.success() || end.is_planned_crash())
        };
        let Some(place) = self.workers.iter_mut().position(gone) else { return Ok(false) };
        self.workers.remove(place);
        self.start_worker(app)?;
        Ok(true)
    }

    /// All processes, the coordinator first.
    pub(super) fn processes(&mut self) -> impl Iterator<Item = &mut Process> {
        self.coordinator.iter_mut().chain(&mut self.workers)
    }

    /// Starts coordinator and workers.
    pub(super) fn start_job(&mut self, workers: usize, app: &App) -> Result<(), Failure> {
        self.start_coordinator()?;
        for _ in 0..workers {
            self.start_worker(app)?;
        }
        Ok(())
    }

    /// Waits until `look` has something to say. `what` is what is waited for.
    ///
    /// No process may meanwhile end otherwise than with success or as planned, and the coordinator may
    /// not be left alone.
    pub(super) fn wait_for<T>(
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
    pub(super) fn poll<T>(
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
    pub(super) fn watch_for(
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
    pub(super) fn finish(&mut self, app: &App) -> Result<(), Failure> {
        self.wait_for_job(app)?;
        self.expect_output(app)?;
        self.wait_for_workers(SOON)
    }

    /// Waits until the coordinator ends. Once the whole output is there, that must be soon.
    pub(super) fn wait_for_job(&mut self, app: &App) -> Result<(), Failure> {
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
    pub(super) fn is_job_over(&mut self) -> Result<bool, Failure> {
        match self.coordinator.as_mut().and_then(Process::end) {
            None => Ok(false),
            Some(end) if end.status.success() => Ok(true),
            Some(_) => self.expect_no_accident().map(|()| false),
        }
    }

    /// Waits until all workers have ended.
    pub(super) fn wait_for_workers(&mut self, within: Duration) -> Result<(), Failure> {
        self.wait_for("every worker to end when the job is done", within, |site| {
            Ok(site.workers.iter_mut().all(|worker| worker.end().is_some()).then_some(()))
        })
    }

    /// Compares the output with what it must be.
    pub(super) fn expect_output(&mut self, app: &App) -> Result<(), Failure> {
        let expected = self.expected(app)?;
        match self.output()?.difference(&expected) {
            None => Ok(()),
            Some(how) => {
                Err(self.failure(format!("the output is not that of a sequential run: {how}")))
            }
        }
    }

    /// What the output must be.
    pub(super) fn expected(&self, app: &App) -> Result<Output, Failure> {
        let expected = Output::expected(&*app.pure(), &self.inputs, REDUCES);
        expected.map_err(|error| self.ctx.failure(error.to_string()))
    }

    /// The output that is there.
    pub(super) fn output(&self) -> Result<Output, Failure> {
        self.own(Output::read(&self.out(), REDUCES))
    }

    /// A failure with the state of all processes and of the job. Paths in it are those within the folder.
    pub(super) fn failure(&mut self, message: impl Into<String>) -> Failure {
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
    pub(super) fn expect_not_deserted(&mut self, at_work: bool) -> Result<(), Failure> {
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

/// A new folder in which a socket can be.
fn short_folder() -> std::io::Result<TempDir> {
    let usual = std::env::temp_dir();
    let folder = if usual.as_os_str().len() > MOST_PATH_BYTES { Path::new("/tmp") } else { &usual };
    tempfile::Builder::new().prefix("mr-").tempdir_in(folder)
}
