//! Seeded randomness.
pub use rand_chacha::ChaCha8Rng;
use rand::SeedableRng;
/// A generator of this thread's own, seeded from the world (implements `rand::Rng`).
pub fn rng() -> ChaCha8Rng {
    static N: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    ChaCha8Rng::seed_from_u64(N.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
}
