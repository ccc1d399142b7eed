//! Keeps the terminal from writing `^C` into the bars, where it would move the cursor under them.

use std::io;

use rustix::process::getpgrp;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr};

/// While it lives, control characters that are typed stay invisible. Ctrl-C works as ever.
pub(super) struct Hidden(Termios);

impl Hidden {
    /// Hides them, where there is a terminal and it is ours: a process in the background that
    /// changed it would be stopped.
    pub(super) fn begin() -> Option<Self> {
        let before = tcgetattr(io::stdin()).ok()?;
        if tcgetpgrp(io::stdin()).ok()? != getpgrp() {
            return None;
        }
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHOCTL);
        tcsetattr(io::stdin(), OptionalActions::Now, &hidden).ok()?;
        Some(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // A terminal that is gone needs no restoring.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
