//! Which of its roles the process plays.

use std::ffi::OsStr;
use std::process::ExitCode;

use crate::{Harness, cli, role, serve, trials};

/// Plays it. The markers come before the arguments, so that what a submission's process starts again
/// from this binary is a run, and one without a request.
pub(crate) fn main(harness: Harness) -> ExitCode {
    if std::env::var_os(protocol::RUN_MARKER).is_some() {
        serve::serve(harness);
    }
    if let Some(role) = std::env::var_os(protocol::ROLE_MARKER) {
        return role::play(harness, &role);
    }
    let first = std::env::args_os().nth(1);
    match first.as_deref().and_then(OsStr::to_str) {
        Some("run" | "list" | "bench") => cli::main(harness),
        _ => trials::main(harness),
    }
}
