//! What a server offers: named methods over encoded messages.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Message, RpcError};
use crate::{Name, codec};

/// An encoded reply, or why there is none.
pub(crate) type Answer = Result<Vec<u8>, RpcError>;

/// What a method does with encoded arguments.
pub(crate) type Handler = Arc<dyn Fn(&[u8]) -> Answer + Send + Sync>;

/// A method: its full name, `Service.Method`, and its handler.
#[derive(Clone)]
pub(crate) struct Method {
    pub(crate) name: Name,
    pub(crate) handler: Handler,
}

/// A named group of methods, called as `Service.Method`.
#[derive(Clone)]
pub struct Service {
    name: Name,
    pub(crate) methods: Vec<Method>,
}

impl Service {
    /// A service without methods.
    pub fn new(name: impl Into<Name>) -> Self {
        Self { name: name.into(), methods: Vec::new() }
    }

    /// Adds the method `name`; one of the same name is replaced.
    ///
    /// Each call runs `handle` on a lab thread of its own, which carries the server's name, so a
    /// handler may block. Calls of one method can run at the same time.
    #[must_use]
    pub fn method<A, R>(
        mut self,
        name: &str,
        handle: impl Fn(A) -> R + Send + Sync + 'static,
    ) -> Self
    where
        A: DeserializeOwned,
        R: Serialize,
    {
        let name: Name = format!("{}.{name}", self.name).into();
        let full_name = name.clone();
        let handler = Arc::new(move |request: &[u8]| {
            let args = codec::decode(request).map_err(|why| {
                RpcError::not_decodable::<A>(&full_name, Message::Arguments, &why)
            })?;
            codec::encode(&handle(args))
                .map_err(|why| RpcError::not_encodable::<R>(&full_name, Message::Reply, &why))
        });
        self.methods.retain(|method| method.name != name);
        self.methods.push(Method { name, handler });
        self
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.methods.iter().map(|method| &method.name)).finish()
    }
}
