//! Ctrl-C, SIGTERM and SIGHUP: the first one ends the work cleanly, the second one at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use runner::CancelToken;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::exit::{self, Outcome, SETUP, Stop};
use crate::terminal;

/// Whether, and by which signal, this process was asked to end.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt {
    /// The first signal's number; 0 before it.
    signal: Arc<AtomicI32>,
    /// Cancelled by the first signal, or by whoever has seen enough.
    cancel: CancelToken,
    /// Cancelled by the first signal alone.
    aftermath: CancelToken,
    /// Disconnected by the first signal.
    rung: Receiver<()>,
}

impl Interrupt {
    /// Starts to listen for signals, on a thread of its own.
    pub(crate) fn listen() -> Outcome<Self> {
        let failed = |error| Stop::new(SETUP, format!("cannot listen for signals: {error}"));
        let signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(failed)?;
        let (ring, rung) = bounded(0);
        let cancel = CancelToken::new().map_err(failed)?;
        let aftermath = CancelToken::new().map_err(failed)?;
        let interrupt = Self { signal: Arc::default(), cancel, aftermath, rung };
        let heard = interrupt.clone();
        std::thread::spawn(move || heard.wait(signals, ring));
        Ok(interrupt)
    }

    fn wait(self, mut signals: Signals, ring: Sender<()>) {
        let mut ring = Some(ring);
        for signal in signals.forever() {
            if ring.take().is_none() {
                terminal::keys::give_back();
                std::process::exit(i32::from(exit::interrupted(signal)));
            }
            self.signal.store(signal, Ordering::Release);
            self.cancel.cancel();
            self.aftermath.cancel();
        }
    }

    /// Stops every run that was given it; the first signal cancels it.
    pub(crate) fn cancel(&self) -> &CancelToken {
        &self.cancel
    }

    /// The same for what is done when the runs are over, even where a failure has ended them.
    pub(crate) fn cancel_aftermath(&self) -> &CancelToken {
        &self.aftermath
    }

    /// Becomes ready (disconnected) with the first signal; never carries anything.
    pub(crate) fn rung(&self) -> &Receiver<()> {
        &self.rung
    }

    /// The first signal's number, if one came.
    pub(crate) fn signal(&self) -> Option<i32> {
        Some(self.signal.load(Ordering::Acquire)).filter(|&number| number != 0)
    }

    /// The end of a command that had nothing to report yet when the signal came.
    pub(crate) fn stop(&self) -> Stop {
        Stop::new(exit::interrupted(self.signal().unwrap_or(SIGINT)), "interrupted")
    }
}
