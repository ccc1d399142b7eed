//! The number that an object has in its simulated world.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::context;
use crate::sim::{ObjectKind, Sim};

/// Registers an object with a world the first time it is used there, so that an object can be made
/// in a constant and before any world exists. Dropping it frees the number.
#[derive(Debug)]
pub(crate) struct ObjectId {
    kind: ObjectKind,
    /// The world's number in the upper half, the object's in the lower; 0 when not registered.
    packed: AtomicU64,
}

impl ObjectId {
    pub(crate) const fn new(kind: ObjectKind) -> Self {
        Self { kind, packed: AtomicU64::new(0) }
    }

    /// The object's number in `sim`, which gives it one where it has none.
    #[inline]
    pub(crate) fn get(&self, sim: &Sim) -> u32 {
        let packed = self.packed.load(Ordering::Relaxed);
        if packed >> 32 == sim.id() { packed as u32 } else { self.register(sim) }
    }

    #[cold]
    fn register(&self, sim: &Sim) -> u32 {
        let number = sim.register(self.kind);
        self.packed.store(sim.id() << 32 | u64::from(number), Ordering::Relaxed);
        number
    }
}

impl Drop for ObjectId {
    fn drop(&mut self) {
        let packed = *self.packed.get_mut();
        // An object that is dropped when its world is over leaves its number behind.
        if let Some(sim) = context::sim_in_task()
            && packed >> 32 == sim.id()
        {
            sim.unregister(self.kind, packed as u32);
        }
    }
}
