//! The network as a test driver sees it: ends, servers, faults, counters.

// In a simulated world a labrt lock is a point of choice, and three of them an RPC would cost more
// than the RPC. The locks of this file are never held across a call into labrt or into user code.
#![allow(
    clippy::disallowed_types,
    reason = "a lock under which nothing can wait needs no scheduler"
)]

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::counters::Counters;
use crate::fault::{Conditions, Fate};
use crate::server::Instance;
use crate::switchboard::{CutOff, EndId, Replaced, Switchboard};
use crate::{ClientEnd, Knobs, Name, Server, event};

/// A network. Clones are handles on the same one.
///
/// It starts reliable, without long reordering, and with long delays as its knobs have them. Modes
/// and connections are read once for each call, when its request is sent; a change while a request
/// is on its way does not stop it.
///
/// Ends and servers have names. What the names mean is the driver's business, so a name that this
/// network does not know is a bug in the driver, and panics where the method says so.
#[derive(Clone)]
pub struct Network(Arc<Shared>);

/// What all handles on a network share.
pub(crate) struct Shared {
    knobs: Knobs,
    reliable: AtomicBool,
    long_delays: AtomicBool,
    long_reordering: AtomicBool,
    pub(crate) counters: Counters,
    board: Mutex<Switchboard>,
    /// The network's own stream of draws; seeded from the world when the first fault is drawn.
    draws: Mutex<Option<Xoshiro256PlusPlus>>,
}

impl Network {
    /// A network with the knobs of COMP385.
    pub fn new() -> Self {
        Self::with_knobs(Knobs::comp385())
    }

    /// A network with these knobs.
    pub fn with_knobs(knobs: Knobs) -> Self {
        Self(Arc::new(Shared {
            knobs,
            reliable: AtomicBool::new(true),
            long_delays: AtomicBool::new(knobs.long_delays),
            long_reordering: AtomicBool::new(false),
            counters: Counters::default(),
            board: Mutex::default(),
            draws: Mutex::default(),
        }))
    }

    /// Makes a client end. It is disabled and leads nowhere until [`connect`](Self::connect) and
    /// [`enable`](Self::enable).
    ///
    /// # Panics
    ///
    /// When there is an end of this name already. Ends are never removed.
    pub fn make_end(&self, name: impl Into<Name>) -> ClientEnd {
        let name = name.into();
        let id = self.0.board().make_end(name.clone());
        let Some(id) = id else {
            panic!("the network has an end named {name:?} already");
        };
        event::record(event::MAKE_END, id.0, 0, format_args!("{name}"));
        ClientEnd { network: self.0.clone(), id, name, tap: None }
    }

    /// Leads `end` to `server`, which need not be there yet. It does not enable the end.
    ///
    /// # Panics
    ///
    /// When there is no end of this name.
    pub fn connect(&self, end: &str, server: impl Into<Name>) {
        let server = server.into();
        let id = self.0.end(end);
        let to = self.0.board().connect(id, &server);
        let text = format_args!("{end} to {server}");
        event::record(event::CONNECT, id.0, to.0.into(), text);
    }

    /// Enables or disables `end`. Disabling fails at once those of its calls whose handlers run, and
    /// discards their replies. Replies that are on their way still arrive.
    ///
    /// # Panics
    ///
    /// When there is no end of this name.
    pub fn enable(&self, end: &str, enabled: bool) {
        let id = self.0.end(end);
        if enabled {
            self.0.board().enable(id);
            event::record(event::ENABLE, id.0, 0, format_args!("{end}"));
        } else {
            let cut_off = self.0.board().disable(id);
            event::record(
                event::DISABLE,
                id.0,
                cut_off.len(),
                format_args!("{end}, cutting off {} calls", cut_off.len()),
            );
            cut_off.wake();
        }
    }

    /// Adds a server, or replaces the one of this name as if it had been deleted first. Its count of
    /// incoming calls goes on.
    pub fn add_server(&self, name: impl Into<Name>, server: Server) {
        let name = name.into();
        let instance = Arc::new(Instance { name: name.clone(), server });
        let replaced = self.0.board().add_server(instance);
        replaced.settle(event::ADD_SERVER, &name);
    }

    /// Removes a server; without one of this name nothing happens. Calls whose handlers run fail at
    /// once, and the handlers' replies are discarded. Replies that are on their way still arrive.
    pub fn delete_server(&self, name: &str) {
        let replaced = {
            let mut board = self.0.board();
            board.server(name).map(|server| board.delete_server(server))
        };
        if let Some(replaced) = replaced {
            replaced.settle(event::DELETE_SERVER, name);
        }
    }

    /// Switches losses and short delays of requests, and losses of replies, off or on.
    pub fn reliable(&self, on: bool) {
        switch(&self.0.reliable, on, event::RELIABLE);
    }

    /// Switches between long and short waits for calls that reach nobody.
    pub fn long_delays(&self, on: bool) {
        switch(&self.0.long_delays, on, event::LONG_DELAYS);
    }

    /// Makes most replies late, or none.
    pub fn long_reordering(&self, on: bool) {
        switch(&self.0.long_reordering, on, event::LONG_REORDERING);
    }

    /// Calls that arrived at `server`, over all its restarts; 0 for a name never seen.
    pub fn rpc_count(&self, server: &str) -> u64 {
        let board = self.0.board();
        board.server(server).map_or(0, |id| board.incoming(id))
    }

    /// Calls sent, also those that were lost or reached nobody.
    pub fn total_count(&self) -> u64 {
        self.0.counters.calls()
    }

    /// Bytes of encoded arguments sent and of encoded replies delivered.
    pub fn total_bytes(&self) -> u64 {
        self.0.counters.bytes()
    }
}

impl Default for Network {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network")
            .field("calls", &self.total_count())
            .field("bytes", &self.total_bytes())
            .finish_non_exhaustive()
    }
}

fn switch(mode: &AtomicBool, on: bool, kind: labrt::trace::Kind) {
    mode.store(on, Ordering::Relaxed);
    let text = if on { "on" } else { "off" };
    event::record(kind, 0, on.into(), format_args!("{text}"));
}

impl Shared {
    /// The switchboard, for as long as one look or one change takes.
    pub(crate) fn board(&self) -> MutexGuard<'_, Switchboard> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, name: &str) -> EndId {
        let id = self.board().end(name);
        id.unwrap_or_else(|| panic!("the network has no end named {name:?}"))
    }

    /// Decides what happens to a call that is sent now.
    pub(crate) fn decide(&self, reachable: bool) -> Fate {
        let conditions = Conditions {
            reachable,
            reliable: self.reliable.load(Ordering::Relaxed),
            long_delays: self.long_delays.load(Ordering::Relaxed),
            long_reordering: self.long_reordering.load(Ordering::Relaxed),
        };
        if conditions.are_perfect(&self.knobs) {
            return Fate::PROMPT;
        }
        self.seed_draws();
        let mut draws = self.draws();
        let draws = draws.as_mut().expect("seeded just now");
        Fate::decide(&self.knobs, conditions, draws)
    }

    /// Seeds the draws from the world, unless that was done; the world is asked without the lock.
    fn seed_draws(&self) {
        let seeded = self.draws().is_some();
        if !seeded {
            let seed = labrt::rand::rng().random();
            self.draws().get_or_insert_with(|| Xoshiro256PlusPlus::seed_from_u64(seed));
        }
    }

    fn draws(&self) -> MutexGuard<'_, Option<Xoshiro256PlusPlus>> {
        self.draws.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CutOff {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// Fails the calls.
    fn wake(self) {
        for caller in self.0 {
            caller.set(None);
        }
    }
}

impl Replaced {
    /// Records the change, fails the calls that it cut off, and lets go of the old instance.
    fn settle(self, kind: labrt::trace::Kind, name: &str) {
        let calls = self.cut_off.len();
        let text = format_args!("{name}, cutting off {calls} calls");
        event::record(kind, self.server.0, calls, text);
        self.cut_off.wake();
        drop(self.old);
    }
}
