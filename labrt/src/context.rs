//! Which world the current OS thread belongs to.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::foreign;
use crate::real::RealWorld;
use crate::sim::Sim;

/// What an OS thread belongs to. Worlds are never freed: threads that a world left behind may
/// still look at it.
#[derive(Clone, Copy)]
enum Membership {
    Outside,
    Sim(&'static Sim),
    Real(&'static RealWorld),
}

thread_local! {
    static MEMBERSHIP: Cell<Membership> = const { Cell::new(Membership::Outside) };
}

/// Whether this process belongs to one simulated world, so that a call from outside is an error.
static EXCLUSIVE: AtomicBool = AtomicBool::new(false);

/// Where a call into labrt goes.
#[derive(Clone, Copy)]
pub(crate) enum Current {
    /// To the scheduler of this world, from one of its lab threads.
    Sim(&'static Sim),
    /// To the operating system; outside any world as well.
    Real,
}

/// Where a call of the current thread goes. In a process that belongs to a simulated world, a call
/// from a thread that the world does not know ends the world.
#[inline]
pub(crate) fn current() -> Current {
    match MEMBERSHIP.get() {
        Membership::Sim(sim) if sim.in_task() => Current::Sim(sim),
        Membership::Outside if EXCLUSIVE.load(Ordering::Relaxed) => foreign::stop(),
        // In a simulated world it is labrt's own code between two steps, which uses no primitive of
        // its own.
        Membership::Outside | Membership::Real(_) | Membership::Sim(_) => Current::Real,
    }
}

/// The simulated world of this OS thread, whether or not one of its lab threads is running.
#[inline]
pub(crate) fn sim() -> Option<&'static Sim> {
    match MEMBERSHIP.get() {
        Membership::Sim(sim) => Some(sim),
        _ => None,
    }
}

/// The simulated world whose lab thread is running here.
#[inline]
pub(crate) fn sim_in_task() -> Option<&'static Sim> {
    sim().filter(|sim| sim.in_task())
}

/// The real world of this OS thread.
pub(crate) fn real() -> Option<&'static RealWorld> {
    match MEMBERSHIP.get() {
        Membership::Real(world) => Some(world),
        _ => None,
    }
}

/// Whether the current thread is a lab thread of any world.
pub(crate) fn is_in_world() -> bool {
    sim_in_task().is_some() || real().is_some()
}

/// Makes the current OS thread the one of this simulated world.
pub(crate) fn enter_sim(sim: &'static Sim, exclusive: bool) {
    MEMBERSHIP.set(Membership::Sim(sim));
    if exclusive {
        EXCLUSIVE.store(true, Ordering::Relaxed);
    }
}

/// Makes the current OS thread one of this real world, or of none.
pub(crate) fn enter_real(world: Option<&'static RealWorld>) {
    MEMBERSHIP.set(world.map_or(Membership::Outside, Membership::Real));
}

/// Makes the current OS thread one of no world.
pub(crate) fn leave() {
    MEMBERSHIP.set(Membership::Outside);
}
