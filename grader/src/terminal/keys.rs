//! The terminal's keyboard while a session runs: what is typed is not shown and comes key by key. Ctrl-C works as ever.

use std::io;
use std::sync::{Mutex, PoisonError};

use rustix::process::getpgrp;
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetpgrp, tcsetattr,
};

/// How the terminal was, while it is not so; for whoever ends the process without another chance.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// While it lives, keys are ours.
#[derive(Debug)]
pub(crate) struct Keys(());

impl Keys {
    /// Takes them, where there is a terminal and it is ours: a process in the background that changed it would be stopped.
    pub(crate) fn take() -> Option<Self> {
        let before = tcgetattr(io::stdin()).ok()?;
        if tcgetpgrp(io::stdin()).ok()? != getpgrp() {
            return None;
        }
        let mut ours = before.clone();
        ours.local_modes.remove(LocalModes::ECHO | LocalModes::ECHOCTL | LocalModes::ICANON);
        // Ctrl-C throws away what was typed and not yet read. Whoever was told of it must not wait for it.
        ours.special_codes[SpecialCodeIndex::VMIN] = 0;
        ours.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(io::stdin(), OptionalActions::Now, &ours).ok()?;
        *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
        Some(Self(()))
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        give_back();
    }
}

/// Makes the terminal as it was, if it is not.
pub(crate) fn give_back() {
    if let Some(before) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
        // A terminal that is gone needs nothing. What was typed meanwhile was not meant for the shell.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &before);
    }
}
