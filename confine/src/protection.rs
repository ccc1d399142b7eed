//! One protection: in force, or why not.

use std::fmt;

/// What a protection is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Nothing is read, executed or changed but what the rules name.
    Files,
    /// No connection to anywhere, and none from anywhere.
    Network,
    /// No further processes, no leaving of the group, no looking into other processes and no signals to
    /// them, no way into a part of the kernel that a program does not need.
    SystemCalls,
    /// A job runs under a user id of its own. Where there is no privilege to begin with, there is no
    /// such protection.
    UserId,
    /// Limits of the kernel: memory that may be reserved, processes, processor time, files.
    Limits,
    /// The environment is empty but for what the rules name, and no descriptor is inherited but the
    /// standard three.
    CleanStart,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Files => "files",
            Self::Network => "network",
            Self::SystemCalls => "system calls",
            Self::UserId => "user id of its own",
            Self::Limits => "limits of the process",
            Self::CleanStart => "clean environment",
        })
    }
}

/// One protection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protection {
    /// What it is about.
    pub kind: Kind,
    /// By what it is enforced, or why it is not: `landlock, ABI 7`.
    pub standing: Result<String, String>,
}

impl Protection {
    /// Whether it is in force.
    pub fn in_force(&self) -> bool {
        self.standing.is_ok()
    }
}
