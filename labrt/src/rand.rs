//! Randomness from the world's seed.

use std::cell::RefCell;
use std::convert::Infallible;
use std::hash::{BuildHasher, Hasher, RandomState};

use rand::{Rng, SeedableRng, TryRng};
use rand_chacha::ChaCha8Rng;

use crate::context::{self, Current};
use crate::real::RealWorld;

/// The generator of the current world; implements the traits of the crate `rand`.
///
/// In a simulated world there is one generator for all threads, so what a thread draws depends on
/// the schedule, which in turn depends on nothing but the seed. In the real world each OS thread has
/// its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct WorldRng(());

/// The generator of the current world.
///
/// ```
/// use rand::RngExt;
///
/// let millis = labrt::rand::rng().random_range(350..700);
/// assert!((350..700).contains(&millis));
/// ```
pub fn rng() -> WorldRng {
    WorldRng(())
}

thread_local! {
    /// The real world's generator of this OS thread, and the world whose seed it comes from.
    static OWN: RefCell<Option<(*const RealWorld, ChaCha8Rng)>> = const { RefCell::new(None) };
}

impl TryRng for WorldRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(next() as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(next())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

fn next() -> u64 {
    match context::current() {
        Current::Sim(sim) => sim.random(),
        Current::Real => next_real(context::real()),
    }
}

/// A seed for a thread outside any world: another each time.
fn fresh_seed() -> u64 {
    RandomState::new().build_hasher().finish()
}

fn next_real(world: Option<&'static RealWorld>) -> u64 {
    let identity = world.map_or(std::ptr::null(), std::ptr::from_ref);
    OWN.with_borrow_mut(|own| {
        let seeded = own.take().filter(|(of, _)| *of == identity).map(|(_, rng)| rng);
        let mut rng = seeded.unwrap_or_else(|| {
            ChaCha8Rng::seed_from_u64(world.map_or_else(fresh_seed, RealWorld::next_seed))
        });
        let drawn = rng.next_u64();
        *own = Some((identity, rng));
        drawn
    })
}
