//! What one program may do.

use std::ffi::OsString;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What one program may do. What is not named is refused, as far as the machine can refuse it.
///
/// A folder stands for all that is below it. A path that does not exist is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// May be read.
    #[serde(with = "lossless")]
    pub read: Vec<PathBuf>,
    /// May be read and executed. The program itself need not be named.
    #[serde(with = "lossless")]
    pub execute: Vec<PathBuf>,
    /// May be read and changed: written, created, moved, removed. Also, the sockets in there may be
    /// connected to.
    #[serde(with = "lossless")]
    pub write: Vec<PathBuf>,
    /// Whether it may start further processes, and signal them. They are confined like itself.
    pub processes: bool,
    /// Whether it may talk over local sockets, those with a path. Those of a pair, which lead nowhere
    /// else, need no permission. All other sockets are refused in any case.
    pub sockets: bool,
    /// Whether it may change modes and owners of files by path, as linkers do. Landlock does not watch
    /// over that, so such a program can do it wherever its user can.
    pub modes: bool,
    /// What the kernel grants it.
    pub limits: Limits,
    /// Its environment, all of it.
    #[serde(skip)]
    pub environment: Vec<(OsString, OsString)>,
    /// The folder it starts in; ours when absent.
    #[serde(skip)]
    pub folder: Option<PathBuf>,
}

/// What the kernel grants one process. `None` is what is granted to us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of addresses that it may reserve, used or not.
    pub address_bytes: Option<u64>,
    /// Processes and threads, in sum, that its user may have besides those that ran before.
    pub processes: Option<u64>,
    /// Bytes of a file that it writes; writing on ends it by SIGXFSZ.
    pub file_bytes: Option<u64>,
    /// Descriptors that it may have open.
    pub open_files: Option<u64>,
    /// Seconds of processor time; then it ends by SIGXCPU.
    pub cpu_s: Option<u64>,
}

/// Programs and libraries of the system. Where they are links, what they lead to is meant.
const SYSTEM: [&str; 7] = ["/usr", "/bin", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store"];

/// What the C library and Rust's read: where libraries are, devices that hold nothing, and how many
/// processors there are to use.
const READ: [&str; 7] = [
    "/etc/ld.so.cache",
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
    "/sys/devices/system/cpu",
    "/sys/fs/cgroup",
];

impl Rules {
    /// What nearly every program needs: the system's libraries and programs, devices that hold nothing,
    /// and its own entry in `/proc`, which is always granted; to root, without the way to its memory.
    pub fn of_system() -> Self {
        Self {
            read: READ.map(PathBuf::from).into(),
            execute: SYSTEM.map(PathBuf::from).into(),
            write: vec!["/dev/null".into()],
            ..Self::default()
        }
    }
}

/// A path as JSON, whatever its bytes are.
mod lossless {
    use std::ffi::OsString;
    use std::path::PathBuf;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(paths: &[PathBuf], to: S) -> Result<S::Ok, S::Error> {
        let texts: Vec<OsString> = paths.iter().map(|path| path.clone().into()).collect();
        texts.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<PathBuf>, D::Error> {
        let texts = Vec::<OsString>::deserialize(from)?;
        Ok(texts.into_iter().map(PathBuf::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    #[test]
    fn a_path_survives_as_it_is() {
        let odd = PathBuf::from(OsString::from_vec(b"/caf\xe9/ \"\n".to_vec()));
        let rules = Rules { write: vec![odd], processes: true, ..Rules::of_system() };
        let text = serde_json::to_string(&rules).unwrap();
        assert_eq!(serde_json::from_str::<Rules>(&text).unwrap(), rules);
    }
}
