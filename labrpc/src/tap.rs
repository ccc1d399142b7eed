//! Listening in: what a test driver may see of the calls of an end and of a server.
//!
//! A tap sees encoded messages, as they really travel. It runs on the thread of the call, must not wait
//! for anything that the scheduler knows, and may end the world.

use serde::Deserialize;

use crate::{RpcError, codec};

/// Listens at a client end.
pub trait SendTap: Send + Sync {
    /// `request` leaves for `method`; whether it arrives is not decided yet. `call` is the number
    /// under which the trace knows the call.
    fn sent(&self, call: u32, method: &str, request: &[u8]);

    /// The call is over, with this answer; its caller has not seen it yet. Nothing by default.
    ///
    /// A call that fails brings [`RpcError::Failed`], whatever became of it.
    fn returned(&self, call: u32, answer: Result<&[u8], &RpcError>) {
        let _ = (call, answer);
    }
}

/// Listens at a server.
pub trait HandleTap: Send + Sync {
    /// `request` has come for `method`. Runs its handler by calling `handle`, once, and returns what
    /// that answers. Nobody sees the answer before this returns, and it may still get lost afterwards.
    ///
    /// # Errors
    /// Those of the handler.
    fn around(
        &self,
        call: u32,
        method: &str,
        request: &[u8],
        handle: &dyn Fn() -> Result<Vec<u8>, RpcError>,
    ) -> Result<Vec<u8>, RpcError>;
}

/// The `T` that an encoded message holds; `None` when it is something else. `T` may borrow from it.
pub fn decode<'a, T: Deserialize<'a>>(message: &'a [u8]) -> Option<T> {
    codec::decode(message).ok()
}
