//! Where a call came from, by walking the stack.

use std::path::Path;
use std::ptr;

/// The addresses of the calls on a stack, the innermost first.
///
/// Taking them is quick, needs little stack and allocates nothing, so a lab thread or a signal
/// handler can do it. Looking them up reads debug information and belongs elsewhere.
#[derive(Clone, Copy)]
pub(crate) struct Frames {
    addresses: [usize; Self::MOST],
    count: usize,
}

impl Frames {
    const MOST: usize = 40;

    /// The calls that led here.
    pub(crate) fn capture() -> Self {
        Self::capture_interrupted(None)
    }

    /// The same in a signal handler that has interrupted the instruction at this address.
    ///
    /// The addresses on a stack are those to return to, so a look-up goes one byte back, into the
    /// call. Where a signal came there was no call: one byte back may be another line.
    pub(crate) fn capture_interrupted(interrupted: Option<usize>) -> Self {
        let mut frames = Self { addresses: [0; Self::MOST], count: 0 };
        backtrace::trace(|frame| {
            let address = frame.ip().addr();
            let was_no_call = interrupted == Some(address);
            frames.addresses[frames.count] = address + usize::from(was_no_call);
            frames.count += 1;
            frames.count < Self::MOST
        });
        frames
    }

    /// The innermost place outside the runtime and the standard library, as `file:line:column`.
    pub(crate) fn user_place(&self) -> Option<String> {
        self.addresses[..self.count].iter().find_map(|address| {
            let mut found = None;
            backtrace::resolve(ptr::with_exposed_provenance_mut(*address), |symbol| {
                if found.is_none()
                    && let (Some(file), Some(line)) = (symbol.filename(), symbol.lineno())
                    && is_users(file)
                {
                    let column = symbol.colno().unwrap_or(1);
                    found = Some(format!("{}:{line}:{column}", file.display()));
                }
            });
            found
        })
    }
}

/// Whether a source file belongs neither to the toolchain, nor to a library from a registry, nor to
/// this crate.
fn is_users(file: &Path) -> bool {
    let of_labrt = file.starts_with(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
        || file.starts_with("labrt/src");
    let of_toolchain = file.starts_with("/rustc") || file.starts_with("library");
    let text = file.to_string_lossy();
    let of_registry = text.contains("/registry/src/") || text.contains("/rustlib/src/");
    let of_c = file.extension().is_none_or(|extension| extension != "rs");
    !(of_labrt || of_toolchain || of_registry || of_c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runtime_and_the_toolchain_are_nobodys_place() {
        let own = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sim/mod.rs");
        for file in [own, "/rustc/0123/library/core/src/option.rs", "library/std/src/lib.rs"] {
            assert!(!is_users(Path::new(file)), "{file}");
        }
        assert!(!is_users(Path::new("/home/me/.cargo/registry/src/index/rand/src/lib.rs")));
        assert!(!is_users(Path::new("/build/glibc/nptl/pthread_create.c")));
        assert!(is_users(Path::new("/home/me/lab/src/raft.rs")));
        assert!(is_users(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/verdicts.rs"))));
    }
}
