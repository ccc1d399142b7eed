//! Stub.
use labrt::sync::Mutex;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;
use std::sync::Arc;
/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RpcError {
    /// No reply: lost, unreachable, or the server is gone.
    #[error("the call failed: no reply")]
    Failed,
    /// The server has no such service or method.
    #[error("no method {0}")]
    NoMethod(String),
    /// Arguments or reply could not be encoded or decoded as the type asked for.
    #[error("{0}")]
    Codec(String),
}
type Handler = Arc<dyn Fn(&[u8]) -> Result<Vec<u8>, RpcError> + Send + Sync>;
/// A service.
#[derive(Clone)]
pub struct Service {
    name: String,
    methods: BTreeMap<String, Handler>,
}
impl Service {
    /// New.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), methods: BTreeMap::new() }
    }
    /// Adds a method; it is called as `Service.method`.
    #[must_use]
    pub fn method<A: DeserializeOwned, R: Serialize>(
        mut self,
        name: &str,
        f: impl Fn(A) -> R + Send + Sync + 'static,
    ) -> Self {
        let h: Handler = Arc::new(move |b| {
            let a = postcard::from_bytes(b).map_err(|e| RpcError::Codec(e.to_string()))?;
            postcard::to_stdvec(&f(a)).map_err(|e| RpcError::Codec(e.to_string()))
        });
        self.methods.insert(format!("{}.{name}", self.name), h);
        self
    }
}
/// A server: services.
#[derive(Clone, Default)]
pub struct Server {
    methods: BTreeMap<String, Handler>,
}
impl Server {
    /// New.
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds.
    #[must_use]
    pub fn service(mut self, s: Service) -> Self {
        self.methods.extend(s.methods);
        self
    }
}
#[derive(Default)]
struct Net {
    ends: BTreeMap<Arc<str>, (Option<Arc<str>>, bool)>,
    servers: BTreeMap<Arc<str>, (Server, u64)>,
    total: u64,
    bytes: u64,
}
/// The network; clones share it.
#[derive(Clone, Default)]
pub struct Network(Arc<Mutex<Net>>);
impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Network")
    }
}
impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Service")
    }
}
/// A client end.
#[derive(Clone, Debug)]
pub struct ClientEnd {
    net: Network,
    name: Arc<str>,
}
/// A name of an end or a server.
pub type Name = Arc<str>;
impl Network {
    /// COMP385's knobs.
    pub fn new() -> Self {
        Self::default()
    }
    /// A client end; disabled and unconnected.
    pub fn make_end(&self, name: impl Into<Name>) -> ClientEnd {
        let name = name.into();
        self.0.lock().ends.insert(name.clone(), (None, false));
        ClientEnd { net: self.clone(), name }
    }
    /// Leads `end` to `server`.
    pub fn connect(&self, end: &str, server: impl Into<Name>) {
        self.0.lock().ends.get_mut(end).unwrap().0 = Some(server.into());
    }
    /// Enables or disables.
    pub fn enable(&self, end: &str, on: bool) {
        self.0.lock().ends.get_mut(end).unwrap().1 = on;
    }
    /// Adds or replaces a server.
    pub fn add_server(&self, name: impl Into<Name>, server: Server) {
        self.0.lock().servers.insert(name.into(), (server, 0));
    }
    /// Deletes it.
    pub fn delete_server(&self, name: &str) {
        self.0.lock().servers.remove(name);
    }
    /// Default on.
    pub fn reliable(&self, _on: bool) {}
    /// Long delays for calls to nobody.
    pub fn long_delays(&self, _on: bool) {}
    /// Long reordering of replies.
    pub fn long_reordering(&self, _on: bool) {}
    /// Incoming RPCs of a server.
    pub fn rpc_count(&self, server: &str) -> u64 {
        self.0.lock().servers.get(server).map_or(0, |s| s.1)
    }
    /// RPCs sent.
    pub fn total_count(&self) -> u64 {
        self.0.lock().total
    }
    /// Bytes.
    pub fn total_bytes(&self) -> u64 {
        self.0.lock().bytes
    }
}
impl ClientEnd {
    /// Calls `Service.method` and waits for the reply.
    pub fn call<A: Serialize, R: DeserializeOwned>(
        &self,
        method: &str,
        args: &A,
    ) -> Result<R, RpcError> {
        let b = postcard::to_stdvec(args).map_err(|e| RpcError::Codec(e.to_string()))?;
        let h = {
            let mut n = self.net.0.lock();
            n.total += 1;
            n.bytes += b.len() as u64;
            let s = match n.ends.get(&self.name) {
                Some((Some(s), true)) => s.clone(),
                _ => {
                    drop(n);
                    labrt::thread::sleep(labrt::time::Duration::from_millis(100));
                    return Err(RpcError::Failed);
                }
            };
            let s = n.servers.get_mut(&s).ok_or(RpcError::Failed)?;
            s.1 += 1;
            s.0.methods.get(method).cloned().ok_or_else(|| RpcError::NoMethod(method.into()))?
        };
        let r = h(&b)?;
        postcard::from_bytes(&r).map_err(|e| RpcError::Codec(e.to_string()))
    }
}
