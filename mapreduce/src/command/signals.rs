//! Ctrl-C, SIGTERM and SIGHUP: the first one ends the work cleanly, the second one at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

use super::exit::{self, Outcome, Stop};

/// Whether, and by which signal, this process was asked to end.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt {
    /// The signal's number; 0 before it.
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// Starts to listen for signals.
    pub(crate) fn listen() -> Outcome<Self> {
        let interrupt = Self { signal: Arc::default() };
        let failed = |error| Stop::failed(format!("cannot listen for signals: {error}"));
        interrupt.register().map_err(failed)?;
        Ok(interrupt)
    }

    fn register(&self) -> io::Result<()> {
        let came = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // In this order: the first signal finds the flag down, and puts it up.
            let code = i32::from(exit::interrupted(signal));
            flag::register_conditional_shutdown(signal, code, Arc::clone(&came))?;
            flag::register(signal, Arc::clone(&came))?;
            flag::register_usize(signal, Arc::clone(&self.signal), signal as usize)?;
        }
        Ok(())
    }

    /// The end of a command that was asked to end, if it was.
    pub(crate) fn stop(&self) -> Option<Stop> {
        let signal = self.signal.load(Ordering::Acquire);
        let code = exit::interrupted(i32::try_from(signal).unwrap_or(SIGINT));
        (signal != 0).then(|| Stop { code, message: "interrupted".to_owned() })
    }
}
