//! The channel of a simulated world.
//!
//! A thread that waits leaves an entry in the channel: a sender an *offer* with its message, a
//! receiver a request. Whoever comes from the other side ends that wait and completes it on the
//! spot: takes the message out of the offer, or hands one to the receiver. Ending a wait succeeds
//! once at most, so a thread that waits at several channels is served by one of them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{TryRecvError, TrySendError};
use crate::context::{self, Current};
use crate::foreign;
use crate::sim::Sim;
use crate::sim::task::Waiter;

pub(super) struct Queue<T> {
    /// Number of the world that it belongs to.
    world: u64,
    /// Its number in that world.
    pub(super) id: u32,
    /// The most messages it holds; `None` for any number.
    pub(super) capacity: Option<usize>,
    state: Mutex<State<T>>,
}

struct State<T> {
    messages: VecDeque<T>,
    offers: VecDeque<Offer<T>>,
    requests: VecDeque<Entry>,
    /// Messages for receivers whose wait was ended, until they run.
    handed: Vec<(Entry, T)>,
    senders: usize,
    receivers: usize,
}

/// A wait at the channel, and what to tell the thread when it is ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) waiter: Waiter,
    pub(super) token: u32,
}

struct Offer<T> {
    entry: Entry,
    message: T,
}

/// What became of an offer when its thread runs again.
pub(super) enum Offered<T> {
    /// Somebody took the message.
    Taken,
    /// Nobody did; here it is.
    Back(T),
}

impl<T> State<T> {
    /// Takes the message of the first offer whose wait can be ended. Offers whose thread was woken
    /// by something else stay: that thread takes them back when it runs.
    fn take_offer(&mut self, sim: &Sim) -> Option<T> {
        let index =
            self.offers.iter().position(|offer| sim.wake(offer.entry.waiter, offer.entry.token))?;
        self.offers.remove(index).map(|offer| offer.message)
    }
}

impl<T> Queue<T> {
    /// A channel with one sender and one receiver.
    pub(super) fn new(sim: &Sim, capacity: Option<usize>) -> Self {
        let state = State {
            messages: VecDeque::new(),
            offers: VecDeque::new(),
            requests: VecDeque::new(),
            handed: Vec::new(),
            senders: 1,
            receivers: 1,
        };
        Self { world: sim.id(), id: sim.new_object(), capacity, state: Mutex::new(state) }
    }

    /// The world that the channel belongs to, which must be the current one.
    pub(super) fn sim(&self) -> &'static Sim {
        match context::current() {
            Current::Sim(sim) if sim.id() == self.world => sim,
            _ => foreign::misused("a channel"),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn try_send(&self, sim: &Sim, message: T) -> Result<(), TrySendError<T>> {
        let mut state = self.state();
        if state.receivers == 0 {
            return Err(TrySendError::Disconnected(message));
        }
        while let Some(request) = state.requests.pop_front() {
            if sim.wake(request.waiter, request.token) {
                state.handed.push((request, message));
                return Ok(());
            }
        }
        if self.capacity.is_some_and(|capacity| state.messages.len() >= capacity) {
            return Err(TrySendError::Full(message));
        }
        state.messages.push_back(message);
        Ok(())
    }

    pub(super) fn try_receive(&self, sim: &Sim) -> Result<T, TryRecvError> {
        let mut state = self.state();
        if let Some(message) = state.messages.pop_front() {
            if let Some(next) = state.take_offer(sim) {
                state.messages.push_back(next);
            }
            return Ok(message);
        }
        match state.take_offer(sim) {
            Some(message) => Ok(message),
            None if state.senders == 0 => Err(TryRecvError::Disconnected),
            None => Err(TryRecvError::Empty),
        }
    }

    /// Leaves `message` for a receiver to take while the thread waits.
    pub(super) fn offer(&self, entry: Entry, message: T) {
        self.state().offers.push_back(Offer { entry, message });
    }

    /// What became of the offer of a thread that runs again.
    pub(super) fn take_back(&self, entry: Entry) -> Offered<T> {
        let mut state = self.state();
        let index = state.offers.iter().position(|offer| offer.entry == entry);
        match index.and_then(|index| state.offers.remove(index)) {
            Some(offer) => Offered::Back(offer.message),
            None => Offered::Taken,
        }
    }

    /// Asks for a message while the thread waits.
    pub(super) fn request(&self, entry: Entry) {
        self.state().requests.push_back(entry);
    }

    /// What a thread that runs again was handed, if anything; its request is withdrawn.
    pub(super) fn take_handed(&self, entry: Entry) -> Option<T> {
        let mut state = self.state();
        if let Some(index) = state.handed.iter().position(|(to, _)| *to == entry) {
            return Some(state.handed.swap_remove(index).1);
        }
        state.requests.retain(|request| *request != entry);
        None
    }

    pub(super) fn len(&self) -> usize {
        self.state().messages.len()
    }

    pub(super) fn add_sender(&self) {
        self.state().senders += 1;
    }

    pub(super) fn add_receiver(&self) {
        self.state().receivers += 1;
    }

    /// The last sender's end wakes all receivers, who find the channel disconnected.
    pub(super) fn remove_sender(&self) {
        let mut state = self.state();
        state.senders -= 1;
        if state.senders > 0 {
            return;
        }
        let requests = std::mem::take(&mut state.requests);
        drop(state);
        self.wake_all(requests);
    }

    /// The last receiver's end wakes all senders, and what was not received is dropped.
    pub(super) fn remove_receiver(&self) {
        let mut state = self.state();
        state.receivers -= 1;
        if state.receivers > 0 {
            return;
        }
        let unreceived = std::mem::take(&mut state.messages);
        let offers: Vec<Entry> = state.offers.iter().map(|offer| offer.entry).collect();
        drop(state);
        self.wake_all(offers);
        drop(unreceived);
    }

    fn wake_all(&self, entries: impl IntoIterator<Item = Entry>) {
        // Ends that are dropped when their world is over wake nobody.
        let Some(sim) = context::sim_in_task().filter(|sim| sim.id() == self.world) else { return };
        for entry in entries {
            sim.wake(entry.waiter, entry.token);
        }
    }
}
