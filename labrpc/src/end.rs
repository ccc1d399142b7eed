//! A client's end of a connection.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Message, RpcError};
use crate::network::Shared;
use crate::switchboard::EndId;
use crate::tap::SendTap;
use crate::{Name, codec};

/// Where calls start: one end of a connection to one server. Clones are the same end, and many
/// threads may call through it at once.
#[derive(Clone)]
pub struct ClientEnd {
    pub(crate) network: Arc<Shared>,
    pub(crate) id: EndId,
    pub(crate) name: Name,
    pub(crate) tap: Option<Arc<dyn SendTap>>,
}

impl ClientEnd {
    /// Calls `method`, as `"Service.Method"`, with `args`, and waits for its reply.
    ///
    /// There is no time limit: the call lasts as long as the handler runs, unless the network loses
    /// it or cuts it off. A call that reaches nobody fails, too, after up to 7 s.
    ///
    /// Messages do not say of which types they are, so `A` and `R` must be what the handler takes
    /// and returns: a `u32` that is sent as an `i32` arrives as another number. (A literal `2` is an
    /// `i32` unless told otherwise.)
    ///
    /// # Errors
    ///
    /// [`RpcError::Failed`] when no reply came: the handler may have run or not.
    /// [`RpcError::NoMethod`] when the server has no such method. [`RpcError::Codec`] when arguments
    /// or reply do not encode, or do not decode as the type that the other side wants.
    pub fn call<A, R>(&self, method: &str, args: &A) -> Result<R, RpcError>
    where
        A: Serialize,
        R: DeserializeOwned,
    {
        let request = codec::encode(args)
            .map_err(|why| RpcError::not_encodable::<A>(method, Message::Arguments, &why))?;
        let reply = self.exchange(method, request)?;
        codec::decode(&reply)
            .map_err(|why| RpcError::not_decodable::<R>(method, Message::Reply, &why))
    }

    /// The same end with a tap: it sees what is called through this handle and its clones.
    #[must_use]
    pub fn tapped(self, tap: Arc<dyn SendTap>) -> Self {
        Self { tap: Some(tap), ..self }
    }

    /// The end's name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Debug for ClientEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClientEnd").field(&self.name).finish()
    }
}
