//! Where a job is done: its folder and its processes.
//!
//! | module | what |
//! | --- | --- |
//! | `wait` | how one waits for a job, and what must not happen meanwhile |

mod wait;

use std::fs;
use std::path::{Path, PathBuf};

use labrt::time::{Duration, Instant};
use rand::Rng;
use tempfile::TempDir;

use super::probe::{Act, Entry, Journal, Plan};
use super::process::Process;
use super::role::{App, Duty, Part, Place, Role};
use crate::{Context, Failure};

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
        self.started += 1;
        let role = Role::Worker(self.place(app));
        let process = self.start(format!("worker {}", self.started), role)?;
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
}

/// A new folder in which a socket can be.
fn short_folder() -> std::io::Result<TempDir> {
    let usual = std::env::temp_dir();
    let folder = if usual.as_os_str().len() > MOST_PATH_BYTES { Path::new("/tmp") } else { &usual };
    tempfile::Builder::new().prefix("mr-").tempdir_in(folder)
}
