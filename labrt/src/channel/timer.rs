//! Channels that deliver a message at a certain time.
//!
//! In a simulated world no timer runs for them: whoever waits for such a channel waits until its
//! moment. A channel that nobody waits for keeps no world alive.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::receiver::{Receiver, Source};
use super::{RecvError, RecvTimeoutError, TryRecvError};
use crate::context::{self, Current};
use crate::real;
use crate::sim::Sim;
use crate::time::{Duration, Instant, nanos};

/// A channel on which the moment of delivery arrives once, after `duration`.
pub fn after(duration: Duration) -> Receiver<Instant> {
    match context::current() {
        Current::Sim(sim) => simulated(sim.now().saturating_add(nanos(duration)), None),
        Current::Real => real_timer(crossbeam_channel::after(duration)),
    }
}

/// A channel on which the moment of delivery arrives each `period`, beginning one period from now.
/// When nobody receives for longer, the moments missed are left out.
///
/// # Panics
/// When the period is zero.
pub fn tick(period: Duration) -> Receiver<Instant> {
    assert!(!period.is_zero(), "a tick needs a period");
    match context::current() {
        Current::Sim(sim) => {
            simulated(sim.now().saturating_add(nanos(period)), Some(nanos(period)))
        }
        Current::Real => real_timer(crossbeam_channel::tick(period)),
    }
}

/// A channel on which nothing ever arrives.
pub fn never<T>() -> Receiver<T> {
    match context::current() {
        Current::Sim(_) => Receiver::new(Source::Never),
        Current::Real => Receiver::of_real(crossbeam_channel::never()),
    }
}

fn simulated(due: u64, period: Option<u64>) -> Receiver<Instant> {
    let timer = Timer { due: Mutex::new(Some(due)), period, message: |moment| moment };
    Receiver::new(Source::Timer(Arc::new(timer)))
}

fn real_timer(receiver: crossbeam_channel::Receiver<std::time::Instant>) -> Receiver<Instant> {
    Receiver::new(Source::RealTimer(RealTimer { receiver, message: |moment| moment }))
}

/// A timer channel of a simulated world.
pub(super) struct Timer<T> {
    /// When the next message is there, in virtual nanoseconds.
    due: Mutex<Option<u64>>,
    period: Option<u64>,
    /// Makes the message; it lets a `Receiver<T>` hold a timer although only moments arrive.
    message: fn(Instant) -> T,
}

impl<T> Timer<T> {
    pub(super) fn due(&self) -> Option<u64> {
        *self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_due(&self) -> bool {
        context::sim().is_some_and(|sim| self.due().is_some_and(|due| due <= sim.now()))
    }

    /// Takes the message when its time has come.
    pub(super) fn poll(&self, sim: &Sim) -> Option<T> {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let now = sim.now();
        let moment = due.filter(|moment| *moment <= now)?;
        *due = self.period.map(|period| {
            let missed = (now - moment) / period;
            moment + (missed + 1) * period
        });
        Some((self.message)(Instant::from_nanos(moment)))
    }
}

/// A timer channel of the real world.
pub(super) struct RealTimer<T> {
    pub(super) receiver: crossbeam_channel::Receiver<std::time::Instant>,
    message: fn(Instant) -> T,
}

impl<T> RealTimer<T> {
    pub(super) fn convert(&self, moment: std::time::Instant) -> T {
        let ago = moment.elapsed();
        let since_start = real::process_time().saturating_sub(ago);
        (self.message)(Instant::from_nanos(nanos(since_start)))
    }

    pub(super) fn recv(&self) -> Result<T, RecvError> {
        self.receiver.recv().map(|moment| self.convert(moment))
    }

    pub(super) fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {
        self.receiver.recv_timeout(timeout).map(|moment| self.convert(moment))
    }

    pub(super) fn try_recv(&self) -> Result<T, TryRecvError> {
        self.receiver.try_recv().map(|moment| self.convert(moment))
    }

    pub(super) fn len(&self) -> usize {
        self.receiver.len()
    }
}

impl<T> Clone for RealTimer<T> {
    fn clone(&self) -> Self {
        Self { receiver: self.receiver.clone(), message: self.message }
    }
}

impl<T> fmt::Debug for Timer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timer").field("due", &self.due()).finish_non_exhaustive()
    }
}
