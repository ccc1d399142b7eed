//! Calls and bytes in total. Incoming calls are counted per server by the switchboard.

use std::sync::atomic::{AtomicU64, Ordering};

/// What the network has carried. Readable at any time from any thread.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    calls: AtomicU64,
    bytes: AtomicU64,
}

impl Counters {
    /// Counts a call with a request of `bytes` bytes; returns the call's number, from 0.
    pub(crate) fn sent(&self, bytes: usize) -> u32 {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        self.calls.fetch_add(1, Ordering::Relaxed) as u32
    }

    /// Counts the body of a reply that reached its caller.
    pub(crate) fn replied(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Calls sent.
    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Bytes of requests sent and of replies delivered.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}
