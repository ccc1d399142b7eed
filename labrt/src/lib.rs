//! The lab runtime: threads, locks, channels, clock and randomness, simulated or real.
//!
//! Code that is written against this crate, blocking and goroutine-style, runs unchanged in two
//! worlds:
//!
//! - In a *simulated* world all threads are coroutines on one OS thread, and time is virtual: it
//!   stands still while code runs, and jumps to the next timer when every thread waits. The same
//!   binary, program and seed give the same run, to the byte.
//! - In the *real* world threads are OS threads, and time is the wall clock's.
//!
//! The API has the shape of the standard library and, for channels, of `crossbeam-channel`. What
//! differs: locks are not poisoned, because a panic that leaves a lab thread ends the world.
//!
//! ```
//! use labrt::time::{Duration, Instant};
//! use labrt::world::{self, Config};
//!
//! let outcome = world::run(Config::sim(7), || {
//!     let start = Instant::now();
//!     let sleeper = labrt::thread::spawn(|| labrt::thread::sleep(Duration::from_secs(3600)));
//!     sleeper.join().unwrap();
//!     start.elapsed()
//! });
//! assert!(outcome.returned().unwrap() >= Duration::from_secs(3600));
//! ```
//!
//! | module | what |
//! | --- | --- |
//! | [`world`] | running a program in a world, and how it ended |
//! | [`thread`] | lab threads |
//! | [`group`] | a group of threads, watched from outside |
//! | [`time`] | the world's clock |
//! | [`sync`] | mutex, read-write lock, condition variable, barrier, wait group, slot, atomics |
//! | [`channel`] | channels, `select!`, `after`, `tick` |
//! | [`rand`] | seeded randomness |
//! | [`trace`] | the events of a run and their hash |
//! | [`verdict`] | what the runtime itself finds wrong |
//!
//! Inside: `sim` is the simulated world, `real` the real one, `os` everything that is special about
//! the operating system, `context` knows to which world the current thread belongs.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this crate is what the banned items are replaced with, and is built from them"
)]

pub mod channel;
mod context;
mod foreign;
pub mod group;
mod os;
mod panics;
pub mod rand;
mod real;
mod sim;
pub mod sync;
pub mod thread;
pub mod time;
pub mod trace;
pub mod verdict;
pub mod world;

pub use os::{EXIT_STACK_OVERFLOW, exit_now};
pub use world::Clock;
