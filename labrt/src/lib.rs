//! The lab runtime: threads, locks, channels, clock and randomness, simulated or real.
pub mod channel;
pub mod rand;
pub mod sync;
pub mod thread;
pub mod time;
pub mod trace;
pub mod world;

pub use world::Clock;
