//! What a confined program cannot do, tried by a real one: as root, whose jobs have user ids of their
//! own, and as an ordinary user.
//!
//! This binary is three things. The *test* starts a *supervisor*, which becomes the user in question,
//! finds out what the machine can enforce, and starts the *attempt* under rules. Each attempt is also
//! made without any protection, where it must succeed: else it would show nothing.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "it lives outside every world: it starts processes"
)]

mod attempt;
mod orphans;
mod supervisor;
mod table;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    confine::launch_if_asked();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["supervise", user, mode, attempt, folder] => {
            supervisor::supervise(user, mode, attempt, folder.as_ref())
        }
        ["attempt", name, target] => attempt::make(name, target),
        ["orphans", scene] => orphans::play(scene),
        _ => {
            let trials: Vec<Trial> = table::trials().into_iter().chain(orphans::trials()).collect();
            libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
        }
    }
}
