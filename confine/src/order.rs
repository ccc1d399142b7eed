//! What a launcher is told.

use serde::{Deserialize, Serialize};

use crate::Rules;

/// First argument of a launcher; its second is an [`Order`], its third the program, and the rest are
/// the program's arguments.
pub(crate) const LAUNCH: &str = "--confine-launch";

/// First argument of a launcher that only tries what this machine can do; its second is the user id to
/// try, if any. It prints a [`Found`].
pub(crate) const PROBE: &str = "--confine-probe";

/// What a launcher is told. It follows it to the letter, or refuses.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// Begins the line in which the launcher refuses. The program never learns it, so it cannot refuse
    /// in the launcher's name.
    pub(crate) token: String,
    /// The process that gave the order, with which launcher and program end.
    pub(crate) parent: u32,
    /// The user id, and group id, to become.
    pub(crate) id: Option<u32>,
    /// Whether landlock is to be used.
    pub(crate) landlock: bool,
    /// Whether seccomp is to be used.
    pub(crate) seccomp: bool,
    /// What the program may do.
    pub(crate) rules: Rules,
}

/// What the machine can do; otherwise why not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Found {
    /// The version of landlock's interface.
    pub(crate) landlock: Result<u32, String>,
    /// Filters of system calls.
    pub(crate) seccomp: Result<(), String>,
    /// To become another user; none where we have no privilege to begin with.
    pub(crate) id: Option<Result<(), String>>,
    /// Processes and threads of our user.
    pub(crate) processes: u64,
}

impl Found {
    /// Nothing, for one reason.
    pub(crate) fn nothing(why: &str) -> Self {
        Self { landlock: Err(why.into()), seccomp: Err(why.into()), id: None, processes: 0 }
    }
}
