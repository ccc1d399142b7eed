//! The worker processes of `run`.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};

use contracts::mapreduce::Workplace;
use mapreduce::Progress;

use super::cli::AppArgs;
use super::exit::{Outcome, Stop};

/// Workers that may die one after the other while no task gets done, for each that there is to be. Then
/// it is no accident.
const DEATHS: usize = 5;

/// Worker processes. They are gone when it is dropped.
pub(crate) struct Crew<'a> {
    app: AppArgs,
    workplace: &'a Workplace,
    workers: Vec<Worker>,
    /// How far the job was when the last worker died, and how many have died there.
    stuck: (Progress, usize),
}

struct Worker {
    process: Child,
    /// What it prints to standard error.
    words: File,
}

impl<'a> Crew<'a> {
    /// Starts `number` workers.
    pub(crate) fn start(number: u16, app: AppArgs, workplace: &'a Workplace) -> Outcome<Self> {
        let mut crew = Self { app, workplace, workers: Vec::new(), stuck: Default::default() };
        for _ in 0..number {
            let worker = crew.new_worker()?;
            crew.workers.push(worker);
        }
        Ok(crew)
    }

    fn new_worker(&self) -> Outcome<Worker> {
        self.spawn().map_err(|error| Stop::failed(format!("cannot start a worker: {error}")))
    }

    fn spawn(&self) -> io::Result<Worker> {
        let words = tempfile::tempfile()?;
        let process = Command::new(std::env::current_exe()?)
            .args(["worker", "--app", &self.app.app.name()])
            .args(["--memory", &self.app.memory.to_string(), "--output"])
            .arg(&self.workplace.folder)
            .arg("--socket")
            .arg(&self.workplace.socket)
            // Ctrl-C is for the one who leads.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(words.try_clone()?)
            .spawn()?;
        Ok(Worker { process, words })
    }

    /// Replaces workers that have died, unless they keep dying while the job is where it is.
    pub(crate) fn tend(&mut self, progress: Progress) -> Outcome {
        for at in 0..self.workers.len() {
            let ended = self.workers[at].process.try_wait();
            let Some(status) = ended.map_err(|error| Stop::failed(error.to_string()))? else {
                continue;
            };
            if self.stuck.0 != progress {
                self.stuck = (progress, 0);
            }
            self.stuck.1 += 1;
            if self.stuck.1 > DEATHS * self.workers.len() {
                return Err(self.workers[at].obituary(status));
            }
            self.workers[at] = self.new_worker()?;
        }
        Ok(())
    }
}

impl Worker {
    /// Why there is no point in going on.
    fn obituary(&mut self, status: ExitStatus) -> Stop {
        let mut text = Vec::new();
        let read =
            self.words.rewind().and_then(|()| (&self.words).take(1 << 20).read_to_end(&mut text));
        let text = String::from_utf8_lossy(if read.is_ok() { &text } else { b"" }).into_owned();
        let last = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
        let last = last.map(|line| format!("; its last words: {line}")).unwrap_or_default();
        Stop::failed(format!("the workers keep dying: {status}{last}"))
    }
}

impl Drop for Crew<'_> {
    fn drop(&mut self) {
        // All at once, and then wait: whatever they still do has no place to go any more.
        for worker in &mut self.workers {
            let _ = worker.process.kill();
        }
        for worker in &mut self.workers {
            let _ = worker.process.wait();
        }
    }
}
