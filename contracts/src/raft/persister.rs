//! The stable storage of one server (Figure 2, "Persistent state on all servers").

use std::sync::Arc;

use labrt::sync::Mutex;

/// Holds the bytes that a server must not lose in a crash, and nothing else of it.
///
/// The handle is shared: what one clone saves, the other loads. A crash takes a
/// [`copy`](Persister::copy), so that a late write of the old instance never reaches the new one.
#[derive(Clone, Debug, Default)]
pub struct Persister {
    state: Arc<Mutex<Arc<[u8]>>>,
}

impl Persister {
    /// An empty storage, as on a server's first start.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces what is stored, as one atomic write that is durable when the call returns.
    pub fn save(&self, state: impl Into<Arc<[u8]>>) {
        *self.state.lock() = state.into();
    }

    /// What was last saved; empty when nothing was.
    pub fn load(&self) -> Arc<[u8]> {
        self.state.lock().clone()
    }

    /// The size of what is stored, in bytes.
    pub fn size(&self) -> usize {
        self.state.lock().len()
    }

    /// A storage of its own with the same content. Later saves to either do not show in the other.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self { state: Arc::new(Mutex::new(self.load())) }
    }
}
