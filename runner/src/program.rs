//! Which process to start.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A harness binary, or a launcher that becomes one, and how to start it.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The file to execute.
    pub path: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Variables that are added to its environment.
    pub env: Vec<(OsString, OsString)>,
    /// Whether it starts from an empty environment instead of ours.
    pub env_clear: bool,
    /// The folder it starts in; ours when absent.
    pub dir: Option<PathBuf>,
}

impl Program {
    /// The harness binary at `path`, with our environment.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), args: vec!["run".into()], ..Self::default() }
    }

    /// The command: in a process group of its own, all three standard streams piped.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        if self.env_clear {
            command.env_clear();
        }
        if let Some(dir) = &self.dir {
            command.current_dir(dir);
        }
        command
            .args(&self.args)
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .env(protocol::RUN_MARKER, "1")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}
