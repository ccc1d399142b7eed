//! What this machine can enforce; jobs and their commands.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustix::fs::{Gid, Uid, chown};
use thiserror::Error;

use crate::children;
use crate::ids::{IDS, UserId};
use crate::order::{Found, LAUNCH, Order, PROBE};
use crate::place::{self, Placed};
use crate::protection::{Kind, Protection};
use crate::{Limits, Mode, Rules, launcher};

/// A launcher is this very binary, also when its file was replaced meanwhile.
const OWN_BINARY: &str = "/proc/self/exe";

/// The oldest version of landlock's interface that lets a file be moved to another folder.
const MOVES: u32 = 2;

/// The oldest version that lets nobody connect over TCP.
const TCP: u32 = 4;

/// All protections were required, and this machine lacks some.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("this machine cannot confine a submission as required: {}", .0.join("; "))]
pub struct Unavailable(Vec<String>);

/// What this machine can enforce, found out once by trying it.
#[derive(Clone, Debug)]
pub struct Sandbox(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    mode: Mode,
    found: Found,
    /// For programs and jobs; open to all where jobs have user ids of their own.
    temp: PathBuf,
}

impl Sandbox {
    /// Finds out what this machine can enforce. It takes a few milliseconds.
    ///
    /// # Errors
    /// With [`Mode::Require`], when a protection is missing: one line that names each, and why.
    pub fn new(mode: Mode) -> Result<Self, Unavailable> {
        let temp = std::env::temp_dir();
        let mut inner = match mode {
            Mode::Off => Inner { mode, found: Found::nothing("switched off"), temp },
            Mode::Auto | Mode::Require => Inner { mode, found: probe(), temp },
        };
        if let Some(id @ Ok(())) = &mut inner.found.id {
            match place::open_temp() {
                Some(open) => inner.temp = open,
                None => {
                    *id = Err("no folder for temporary files is open to other users".to_owned());
                }
            }
        }
        let sandbox = Self(Arc::new(inner));
        let missing: Vec<_> =
            sandbox.protections().into_iter().filter_map(Protection::missing).collect();
        match mode {
            Mode::Require if !missing.is_empty() => Err(Unavailable(missing)),
            _ => Ok(sandbox),
        }
    }

    /// No protection at all.
    pub fn off() -> Self {
        let found = Found::nothing("switched off");
        Self(Arc::new(Inner { mode: Mode::Off, found, temp: std::env::temp_dir() }))
    }

    /// What was asked for.
    pub fn mode(&self) -> Mode {
        self.0.mode
    }

    /// Each protection, and whether it is in force. That of user ids is left out where we are no root:
    /// a job then has our own.
    pub fn protections(&self) -> Vec<Protection> {
        let Inner { mode, found, .. } = &*self.0;
        let launched = match mode {
            Mode::Off => Err("switched off".to_owned()),
            _ if !launcher::is_ready() => Err(NO_LAUNCHER.to_owned()),
            _ => Ok("the launcher".to_owned()),
        };
        let files = found.landlock.as_ref().map(|abi| files(*abi)).map_err(Clone::clone);
        let calls = found.seccomp.clone().map(|()| "seccomp".to_owned());
        let network = match (&found.landlock, &found.seccomp) {
            (Ok(abi), Ok(())) if *abi >= TCP => Ok("seccomp and landlock".to_owned()),
            (_, Ok(())) => Ok("seccomp".to_owned()),
            (Ok(abi), Err(why)) if *abi >= TCP => Err(format!("{why}; landlock refuses TCP only")),
            (_, Err(why)) => Err(why.clone()),
        };
        let id = found.id.clone();
        let id = id.map(|id| id.map(|()| format!("from {} to {}", IDS.start(), IDS.end())));
        let limits = launched.clone().and_then(|_| match id {
            Some(Err(_)) => Err("the kernel does not count root's processes".to_owned()),
            _ => Ok("rlimits".to_owned()),
        });
        let all = [
            (Kind::Files, Some(files)),
            (Kind::Network, Some(network)),
            (Kind::SystemCalls, Some(calls)),
            (Kind::UserId, id),
            (Kind::Limits, Some(limits)),
            (Kind::CleanStart, Some(launched)),
        ];
        let listed = all
            .into_iter()
            .filter_map(|(kind, standing)| standing.map(|standing| Protection { kind, standing }));
        listed.collect()
    }

    /// The folder for files of jobs and for programs that jobs start.
    pub fn temp(&self) -> &Path {
        &self.0.temp
    }

    /// `program` where jobs reach it: a link or a copy, where their user ids do not reach it itself. It
    /// goes when what is returned is dropped.
    ///
    /// # Errors
    /// Those of making the link or the copy.
    pub fn place(&self, program: &Path) -> io::Result<Placed> {
        if self.has_ids() { Placed::open(program, &self.0.temp) } else { Ok(Placed::here(program)) }
    }

    /// A job: what is to run under one user id.
    ///
    /// # Errors
    /// When there is no user id left for it, or no token can be drawn.
    pub fn job(&self) -> io::Result<Job> {
        let id = if self.has_ids() { Some(UserId::take()?) } else { None };
        Ok(Job { sandbox: self.clone(), id, token: token()? })
    }

    /// A job under our own user id: for a program that only that one reaches, as a compiler in root's home.
    ///
    /// # Errors
    /// When no token can be drawn.
    pub fn own_job(&self) -> io::Result<Job> {
        Ok(Job { sandbox: self.clone(), id: None, token: token()? })
    }

    /// Whether every user reaches the file or the folder at `path`.
    pub fn is_open(&self, path: &Path) -> bool {
        place::is_open(path)
    }

    fn has_ids(&self) -> bool {
        matches!(self.0.found.id, Some(Ok(())))
    }

    /// Whether programs are started by a launcher.
    fn launches(&self) -> bool {
        self.0.mode != Mode::Off && launcher::is_ready()
    }
}

impl Protection {
    fn missing(self) -> Option<String> {
        let Self { kind, standing } = self;
        standing.err().map(|why| format!("{kind}: {why}"))
    }
}

/// By what files are protected.
fn files(abi: u32) -> String {
    match abi {
        ..MOVES => format!("landlock, ABI {abi}, but not where files are written: it is too old"),
        _ => format!("landlock, ABI {abi}"),
    }
}

/// Something to run, under a user id of its own where that is possible. The id is free again when this
/// is dropped, so it must outlive what it runs.
#[derive(Debug)]
pub struct Job {
    sandbox: Sandbox,
    id: Option<UserId>,
    token: String,
}

impl Job {
    /// The command that starts `program` under `rules`. Arguments, streams and process group are for the
    /// caller to add; and variables that do not stand in the rules. It must be spawned by this process,
    /// from a thread that lives as long as the program is to.
    pub fn command(&self, program: &Path, rules: &Rules) -> Command {
        let Inner { found, .. } = &*self.sandbox.0;
        let mut command = if self.sandbox.launches() {
            let mut rules = rules.clone();
            rules.execute.push(program.to_owned());
            let foreign = if self.id.is_some() { 0 } else { found.processes };
            rules.limits = rules.limits.beside(foreign);
            let order = Order {
                token: self.token.clone(),
                parent: std::process::id(),
                id: self.id.as_ref().map(UserId::id),
                landlock: uses_landlock(found, &rules),
                seccomp: found.seccomp.is_ok(),
                rules,
            };
            let order = serde_json::to_string(&order).expect("always JSON");
            let mut launcher = Command::new(OWN_BINARY);
            launcher.arg(LAUNCH).arg(order).arg(program);
            launcher
        } else {
            Command::new(program)
        };
        command.env_clear().envs(rules.environment.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &rules.folder {
            command.current_dir(folder);
        }
        command
    }

    /// Gives a file or a folder, not what is in it, to the job's user.
    ///
    /// # Errors
    /// Those of `chown`.
    pub fn give(&self, path: &Path) -> io::Result<()> {
        let Some(id) = self.id.as_ref().map(UserId::id) else { return Ok(()) };
        Ok(chown(path, Some(Uid::from_raw(id)), Some(Gid::from_raw(id)))?)
    }

    /// Why the launcher could not start the program, if that is how it ended: `printed` is all that came
    /// on standard error. Nobody else can say so.
    pub fn refusal<'a>(&self, printed: &'a str) -> Option<&'a str> {
        printed.strip_prefix(&self.token)?.lines().next().map(str::trim)
    }
}

impl Limits {
    /// These, when `foreign` processes that are not meant count as well.
    fn beside(self, foreign: u64) -> Self {
        Self { processes: self.processes.map(|own| own.saturating_add(foreign)), ..self }
    }
}

/// Whether landlock does a program under `rules` no harm.
fn uses_landlock(found: &Found, rules: &Rules) -> bool {
    let writes = rules.write.iter().any(|path| path.is_dir());
    found.landlock.as_ref().is_ok_and(|abi| *abi >= MOVES || !writes)
}

const NO_LAUNCHER: &str = "this binary is no launcher: its `main` does not begin with \
                           `confine::launch_if_asked()`";

/// Lets a launcher try.
fn probe() -> Found {
    if !launcher::is_ready() {
        return Found::nothing(NO_LAUNCHER);
    }
    let mut command = Command::new(OWN_BINARY);
    command.arg(PROBE).env_clear().stdin(Stdio::null()).stderr(Stdio::null());
    if rustix::process::geteuid().is_root() {
        command.arg(IDS.start().to_string());
    }
    let answer = children::output(&mut command);
    let found = answer.and_then(|answer| Ok(serde_json::from_slice(&answer)?));
    found.unwrap_or_else(|error| Found::nothing(&format!("the launcher could not try it: {error}")))
}

/// What nobody can guess: 32 hexadecimal digits.
fn token() -> io::Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn landlock(abi: u32) -> Found {
        Found { landlock: Ok(abi), ..Found::nothing("nothing") }
    }

    #[test]
    fn a_landlock_that_refuses_moves_is_used_where_nothing_is_written() {
        let reads = Rules::of_system();
        let writes = Rules { write: vec![std::env::temp_dir()], ..Rules::of_system() };
        assert!(uses_landlock(&landlock(1), &reads));
        assert!(!uses_landlock(&landlock(1), &writes));
        assert!(uses_landlock(&landlock(2), &writes));
        assert!(!uses_landlock(&Found::nothing("nothing"), &reads));
    }

    #[test]
    fn a_binary_that_is_no_launcher_confines_nothing_and_says_so() {
        // The tests of this library are one.
        let why = Sandbox::new(Mode::Require).unwrap_err().to_string();
        assert!(why.contains("no launcher"), "{why}");
        let sandbox = Sandbox::new(Mode::Auto).unwrap();
        assert!(sandbox.protections().iter().all(|protection| !protection.in_force()));
        let job = sandbox.job().unwrap();
        let ended = job.command("/bin/true".as_ref(), &Rules::default()).status().unwrap();
        assert!(ended.success());
    }

    #[test]
    fn only_the_launcher_can_refuse() {
        let job = Sandbox::off().job().unwrap();
        let line = format!("{} cannot start it\nmore", job.token);
        assert_eq!(job.refusal(&line), Some("cannot start it"));
        assert_eq!(job.refusal("cannot start it"), None);
        assert_eq!(job.refusal(&format!("a line\n{line}")), None);
    }
}
