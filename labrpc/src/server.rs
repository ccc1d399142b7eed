//! What runs under a server's name: its services.

use std::fmt;
use std::sync::Arc;

use crate::error::RpcError;
use crate::service::{Answer, Handler, Method};
use crate::tap::HandleTap;
use crate::{Name, Service};

/// The services of one server. [`Network::add_server`](crate::Network::add_server) puts it on the
/// network under a name.
#[derive(Clone, Default)]
pub struct Server {
    /// A server has a handful of methods: looking through them beats a map.
    methods: Vec<Method>,
    tap: Option<Arc<dyn HandleTap>>,
}

impl Server {
    /// A server without services.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a service. A method of the same full name as an earlier one replaces it.
    #[must_use]
    pub fn service(mut self, service: Service) -> Self {
        self.methods.retain(|old| service.methods.iter().all(|new| new.name != old.name));
        self.methods.extend(service.methods);
        self
    }

    /// Lets `tap` see every call that is handled from now on.
    #[must_use]
    pub fn tapped(self, tap: Arc<dyn HandleTap>) -> Self {
        Self { tap: Some(tap), ..self }
    }

    /// Runs a handler, and lets the tap listen.
    pub(crate) fn listen(
        &self,
        call: u32,
        method: &str,
        request: &[u8],
        handler: &Handler,
    ) -> Answer {
        match &self.tap {
            Some(tap) => tap.around(call, method, request, &|| handler(request)),
            None => handler(request),
        }
    }

    /// The method of this full name. An unknown one answers with what there is.
    pub(crate) fn method(&self, name: &str, server: &str) -> Method {
        let found = self.methods.iter().find(|method| &*method.name == name);
        found.cloned().unwrap_or_else(|| self.unknown_method(name, server))
    }

    fn unknown_method(&self, name: &str, server: &str) -> Method {
        let known: Vec<&str> = self.methods.iter().map(|method| &*method.name).collect();
        let known = match &known[..] {
            [] => "nothing".to_owned(),
            known => known.join(", "),
        };
        let error =
            RpcError::NoMethod(format!("server {server:?} has no method {name:?}; it has {known}"));
        Method { name: name.into(), handler: Arc::new(move |_: &[u8]| Err(error.clone())) }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.methods.iter().map(|method| &method.name);
        f.debug_list().entries(names).finish()
    }
}

/// One life of a server: from being added until it is removed or replaced.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) name: Name,
    pub(crate) server: Server,
}
