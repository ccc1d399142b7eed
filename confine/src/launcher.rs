//! The process that confines itself and becomes the program.

use std::convert::Infallible;
use std::env::ArgsOs;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command, exit};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::order::{LAUNCH, Order, PROBE};

/// Exit status of a launcher that could not do what it was told. The token in its message is what tells
/// it from a program's own.
const REFUSED: i32 = 125;

/// Whether this binary can be a launcher.
static READY: AtomicBool = AtomicBool::new(false);

/// Becomes a confined program if that is what this process was started for. Call it first in `main`:
/// a binary that does not cannot confine anything ([`Sandbox::new`](crate::Sandbox::new) says so).
pub fn launch_if_asked() {
    READY.store(true, Ordering::Relaxed);
    let mut words = std::env::args_os();
    match words.nth(1) {
        Some(word) if word == LAUNCH => launch(words),
        Some(word) if word == PROBE => probe(words),
        _ => {}
    }
}

/// Whether [`launch_if_asked`] was called.
pub(crate) fn is_ready() -> bool {
    READY.load(Ordering::Relaxed)
}

fn launch(mut words: ArgsOs) -> ! {
    let order = words.next().unwrap_or_default();
    let order: Order = match serde_json::from_slice(order.as_encoded_bytes()) {
        Ok(order) => order,
        Err(error) => {
            eprintln!("no order to launch a program: {error}");
            exit(REFUSED);
        }
    };
    let program = words.next().unwrap_or_default();
    let Err(why) = become_confined(&order, program, words);
    eprintln!("{} {why}", order.token);
    exit(REFUSED)
}

/// Only returns with why it is impossible.
fn become_confined(order: &Order, program: OsString, words: ArgsOs) -> Result<Infallible, String> {
    crate::inherited::close();
    confine(order)?;
    let error = Command::new(&program).args(words).exec();
    Err(format!("cannot start {}: {error}", program.display()))
}

#[cfg(target_os = "linux")]
fn confine(order: &Order) -> Result<(), String> {
    crate::linux::confine(order)
}

#[cfg(not(target_os = "linux"))]
fn confine(_order: &Order) -> Result<(), String> {
    Ok(())
}

fn probe(mut words: ArgsOs) -> ! {
    let id = words.next().and_then(|word| word.to_str()?.parse().ok());
    let found = serde_json::to_string(&try_all(id)).expect("always JSON");
    println!("{found}");
    exit(0)
}

#[cfg(target_os = "linux")]
fn try_all(id: Option<u32>) -> crate::order::Found {
    crate::linux::probe(id)
}

#[cfg(not(target_os = "linux"))]
fn try_all(_id: Option<u32>) -> crate::order::Found {
    crate::order::Found::nothing("this system has no means that we know")
}
