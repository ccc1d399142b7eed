//! Atomics that are points of choice.
//!
//! An atomic of the standard library works in a lab thread as well, but the scheduler does not see
//! it: a loop that spins on one never lets another thread run in a simulated world. These do.
//! On the real clock they are the standard library's.

use std::panic::Location;
use std::sync::atomic;

pub use std::sync::atomic::Ordering;

use crate::context::{self, Current};
use crate::trace;

#[track_caller]
#[inline]
fn point() {
    if let Current::Sim(sim) = context::current() {
        sim.point(trace::ATOMIC, 0, 0, Location::caller());
    }
}

macro_rules! atomics {
    ($($name:ident $value:ty;)*) => {$(
        #[doc = concat!("[`std::sync::atomic::", stringify!($name), "`] as a point of choice.")]
        #[derive(Debug, Default)]
        pub struct $name(atomic::$name);

        impl $name {
            /// An atomic that holds `value`.
            pub const fn new(value: $value) -> Self {
                Self(atomic::$name::new(value))
            }

            /// The value.
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $value {
                point();
                self.0.load(order)
            }

            /// Sets the value.
            #[track_caller]
            pub fn store(&self, value: $value, order: Ordering) {
                point();
                self.0.store(value, order);
            }

            /// Sets the value and returns the one before.
            #[track_caller]
            pub fn swap(&self, value: $value, order: Ordering) -> $value {
                point();
                self.0.swap(value, order)
            }

            /// Sets the value to `new` if it is `current`.
            ///
            /// # Errors
            /// The value, when it is another.
            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                point();
                self.0.compare_exchange(current, new, success, failure)
            }

            /// The value, without the atomic.
            pub fn into_inner(self) -> $value {
                self.0.into_inner()
            }
        }
    )*};
}

macro_rules! numbers {
    ($($name:ident $value:ty;)*) => {
        atomics! { $($name $value;)* }
        $(impl $name {
            /// Adds to the value, wrapping around, and returns the one before.
            #[track_caller]
            pub fn fetch_add(&self, value: $value, order: Ordering) -> $value {
                point();
                self.0.fetch_add(value, order)
            }

            /// Subtracts from the value, wrapping around, and returns the one before.
            #[track_caller]
            pub fn fetch_sub(&self, value: $value, order: Ordering) -> $value {
                point();
                self.0.fetch_sub(value, order)
            }

            /// Sets the value to the greater of itself and `value`, and returns the one before.
            #[track_caller]
            pub fn fetch_max(&self, value: $value, order: Ordering) -> $value {
                point();
                self.0.fetch_max(value, order)
            }
        })*
    };
}

atomics! {
    AtomicBool bool;
}

numbers! {
    AtomicI32 i32;
    AtomicI64 i64;
    AtomicIsize isize;
    AtomicU32 u32;
    AtomicU64 u64;
    AtomicUsize usize;
}
