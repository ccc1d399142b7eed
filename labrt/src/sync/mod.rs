//! Locks and the like, in the shape of the standard library's.
//!
//! Nothing here is poisoned: a panic that leaves a lab thread ends its world, so nobody is left to
//! see the data it had locked. `lock` therefore returns the guard itself.
//!
//! | module | what |
//! | --- | --- |
//! | [`mutex`] | [`Mutex`] |
//! | [`rwlock`] | [`RwLock`] |
//! | [`condvar`] | [`Condvar`] |
//! | [`barrier`] | [`Barrier`] |
//! | [`wait_group`] | [`WaitGroup`] |
//! | [`slot`] | [`Slot`]: a value handed over once, an RPC's reply for instance |
//! | [`atomic`] | atomics that are points of choice |

pub mod atomic;
pub mod barrier;
pub mod condvar;
pub mod mutex;
mod object;
pub mod rwlock;
pub mod slot;
pub mod wait_group;

pub use barrier::Barrier;
pub use condvar::Condvar;
pub use mutex::{Mutex, MutexGuard};
pub use rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard};
pub use slot::Slot;
pub use wait_group::WaitGroup;
