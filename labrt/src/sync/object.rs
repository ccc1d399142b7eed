//! The number that an object has in its simulated world.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::sim::Sim;

/// Registers an object with a world the first time it is used there, so that an object can be made
/// in a constant and before any world exists.
#[derive(Debug, Default)]
pub(crate) struct ObjectId {
    /// The world's number in the upper half, the object's in the lower; 0 when not registered.
    packed: AtomicU64,
}

impl ObjectId {
    pub(crate) const fn new() -> Self {
        Self { packed: AtomicU64::new(0) }
    }

    /// The object's number in `sim`; `register` makes one where it has none.
    #[inline]
    pub(crate) fn get(&self, sim: &Sim, register: impl FnOnce(&Sim) -> u32) -> u32 {
        let packed = self.packed.load(Ordering::Relaxed);
        if packed >> 32 == sim.id() {
            return packed as u32;
        }
        let number = register(sim);
        self.packed.store(sim.id() << 32 | u64::from(number), Ordering::Relaxed);
        number
    }
}
