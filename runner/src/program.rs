//! Which process to start.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use confine::{Job, Mode, Rules, Sandbox};

/// A harness binary, and how to start it.
#[derive(Clone, Debug)]
pub struct Program {
    /// The file to execute.
    pub path: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Variables that are added to its environment.
    pub env: Vec<(OsString, OsString)>,
    /// Folders with the submission's source, which its runs may read.
    pub sources: Vec<PathBuf>,
    /// What confines its runs. They then have no environment but what is added; without, they have ours
    /// as well, and may do what we may.
    pub sandbox: Option<Sandbox>,
}

impl Program {
    /// The harness binary at `path`, with our environment and our rights.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            args: vec!["run".into()],
            env: Vec::new(),
            sources: Vec::new(),
            sandbox: None,
        }
    }

    /// The harness binary at `path`, [placed](Sandbox::place) where `sandbox` can start it.
    pub fn confined(path: impl Into<PathBuf>, sandbox: &Sandbox) -> Self {
        Self { sandbox: Some(sandbox.clone()), ..Self::new(path) }
    }

    /// Whether its runs are not to be confined.
    pub fn is_unconfined(&self) -> bool {
        self.sandbox.as_ref().is_none_or(|sandbox| sandbox.mode() == Mode::Off)
    }

    /// A job for one run; none where runs are not confined.
    pub(crate) fn job(&self) -> io::Result<Option<Job>> {
        self.sandbox.as_ref().map(Sandbox::job).transpose()
    }

    /// The command: in a process group of its own, all three standard streams piped.
    pub(crate) fn command(&self, job: Option<&Job>, rules: &Rules) -> Command {
        let mut command = if let Some(job) = job {
            job.command(&self.path, rules)
        } else {
            let mut command = Command::new(&self.path);
            command.envs(rules.environment.iter().map(|(name, value)| (name, value)));
            command
        };
        command
            .args(&self.args)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}
