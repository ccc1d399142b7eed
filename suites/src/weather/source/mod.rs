//! A look at the source of a function, for locks that go around the runtime.
//!
//! Where the function stands is known from the debugging information of this very program. From its
//! file on, every module of the package is read that it mentions, and those that they mention, but not
//! what is compiled for tests only.
//!
//! | module | what |
//! | --- | --- |
//! | `modules` | the modules of a package |
//! | `mentions` | what a module imports and mentions |
//! | `reach` | which modules are reached from a file, and what they mention of other packages |

mod mentions;
mod modules;
mod reach;

use std::path::{Path, PathBuf};

use contracts::weather::Aggregator;

use crate::sources;
use modules::Package;

/// Locks, and packages of locks, that the runtime does not see.
const LOCKS: &[&str] = &[
    "std::sync::Mutex",
    "std::sync::RwLock",
    "std::sync::Condvar",
    "std::sync::ReentrantLock",
    "std::sync::nonpoison",
    "std::sync::poison",
    "async_lock",
    "async_std::sync",
    "crossbeam::sync",
    "crossbeam_utils::sync",
    "futures::lock",
    "futures_util::lock",
    "lock_api",
    "parking_lot",
    "spin",
    "tokio::sync",
];

/// What a look at the source brought.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Looked {
    /// Nothing that goes around the runtime.
    Clean,
    /// Locks that do: `src/lib.rs:3: std::sync::Mutex`.
    Found(Vec<String>),
    /// The source could not be read, for this reason.
    Unknown(String),
}

/// Bytes of stack for a look: a parser goes deep, and a lab thread has little.
const STACK_BYTES: usize = 16 << 20;

/// Looks at the source of `aggregator`.
pub(super) fn look(aggregator: Aggregator) -> Looked {
    stacker::grow(STACK_BYTES, || match file_of(aggregator) {
        Some(file) => look_from(&file),
        None => Looked::Unknown("this program does not say where the aggregator stands".into()),
    })
}

/// Looks at the source in `file` and at what it uses of its package.
fn look_from(file: &Path) -> Looked {
    let is_package = |dir: &&Path| sources::is_file(&dir.join("Cargo.toml"));
    let Some(folder) = file.ancestors().skip(1).find(is_package) else {
        return Looked::Unknown(format!("{} is in no package on this machine", file.display()));
    };
    let package = match Package::read(folder) {
        Ok(package) => package,
        Err(why) => return Looked::Unknown(why),
    };
    let mentioned = match reach::mentioned_from(&package, file) {
        Ok(Some(mentioned)) => mentioned,
        Ok(None) => {
            return Looked::Unknown(format!("{} is no module of its package", file.display()));
        }
        Err(why) => return Looked::Unknown(why),
    };
    let mut found: Vec<String> = Vec::new();
    for mention in mentioned {
        let path = mention.path.join("::");
        if let Some(lock) = LOCKS.iter().find(|lock| is_within(&path, lock)) {
            let file = mention.file.strip_prefix(folder).unwrap_or(&mention.file).display();
            let place = format!("{file}:{}: {lock}", mention.line);
            if !found.contains(&place) {
                found.push(place);
            }
        }
    }
    if found.is_empty() { Looked::Clean } else { Looked::Found(found) }
}

/// Whether `path` is `outer` or something in it.
fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The file in which the function was written, as an absolute path.
fn file_of(function: Aggregator) -> Option<PathBuf> {
    let mut file = None;
    // An address is taken for that of a return, which lies behind the call. Of calls that were inlined
    // there, the function's own frame is the last.
    let within = (function as usize + 1) as *mut std::ffi::c_void;
    backtrace::resolve(within, |symbol| {
        file = symbol.filename().map(Path::to_owned);
    });
    file.filter(|file| file.is_absolute())
}

#[cfg(test)]
mod tests;
