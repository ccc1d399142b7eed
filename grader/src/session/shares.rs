//! The machine, in shares: a run begins when those that it takes are free.

use std::sync::{Condvar, Mutex, PoisonError};

/// The shares, some of them taken.
#[derive(Debug)]
pub(crate) struct Shares {
    /// Who waits holds this, so that a run which takes much is not overtaken for ever by those that take
    /// little.
    turn: Mutex<()>,
    free: Mutex<usize>,
    freed: Condvar,
}

/// Shares that are taken until this is dropped.
#[derive(Debug)]
pub(crate) struct Taken<'a> {
    of: &'a Shares,
    shares: usize,
}

impl Shares {
    /// This many, all of them free.
    pub(crate) fn new(shares: usize) -> Self {
        Self { turn: Mutex::default(), free: Mutex::new(shares), freed: Condvar::new() }
    }

    /// Waits until `shares` are free and takes them, in order of arrival.
    pub(crate) fn take(&self, shares: usize) -> Taken<'_> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = self.freed.wait_while(free, |free| *free < shares);
        *enough.unwrap_or_else(PoisonError::into_inner) -= shares;
        Taken { of: self, shares }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        *self.of.free.lock().unwrap_or_else(PoisonError::into_inner) += self.shares;
        self.of.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn no_more_is_taken_than_there_is_and_who_takes_all_has_its_turn() {
        let (shares, taken, most) = (Shares::new(4), AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for wanted in [1, 4, 2, 1, 4, 3].repeat(20) {
                let (shares, taken, most) = (&shares, &taken, &most);
                scope.spawn(move || {
                    let _held = shares.take(wanted);
                    let now = taken.fetch_add(wanted, Ordering::SeqCst) + wanted;
                    most.fetch_max(now, Ordering::SeqCst);
                    thread::yield_now();
                    taken.fetch_sub(wanted, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(most.into_inner(), 4);
    }
}
