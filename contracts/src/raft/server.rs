//! The black-box trait: what every integration suite asks of a Raft server.

use std::sync::Arc;

use labrpc::{ClientEnd, Service};
use labrt::channel::Sender;

use super::{ApplyMsg, Command, LogIndex, Persister, ServerId, Term};

/// What a server is made from.
#[derive(Debug)]
pub struct Config {
    /// One client end to each server of the cluster, by its number. The end at `me` leads back to
    /// the server itself and need not be used. The cluster's size is the length of this list.
    pub peers: Vec<ClientEnd>,
    /// This server's own number, an index into `peers`.
    pub me: ServerId,
    /// This server's stable storage: empty on the first start, else what the instance before it
    /// had saved when it crashed.
    pub persister: Persister,
    /// Where committed entries go, each once and in log order. A send may block.
    pub apply: Sender<ApplyMsg>,
}

/// What a leader answers to [`Raft::start`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Started {
    /// The index at which the command will stand if it is ever committed; the first is 1.
    pub index: LogIndex,
    /// The leader's current term.
    pub term: Term,
}

/// A Raft server.
///
/// The same instance is called from many threads at once. Servers share nothing but RPCs.
pub trait Raft: Send + Sync + 'static {
    /// Creates a server, restores what its persister holds, and starts its threads. It returns at
    /// once; long work belongs to the threads.
    fn make(config: Config) -> Arc<Self>
    where
        Self: Sized;

    /// Asks for agreement on `command`. A leader appends it to its log, starts to replicate it and
    /// returns at once, without waiting for an RPC; there is no promise that the command is ever
    /// committed (§5.3, §8). Any other server, and a killed one, returns `None`.
    fn start(&self, command: Command) -> Option<Started>;

    /// The current term, and whether this server believes to be its leader (§5.1).
    fn state(&self) -> (Term, bool);

    /// Tells the server that it is no longer needed. It returns at once; the server's threads end
    /// soon after, its apply channel is closed by the last of them, and it answers no more.
    fn kill(&self);

    /// The RPC services of this server: at least [`SERVICE`](super::SERVICE) with its two methods.
    fn services(self: Arc<Self>) -> Vec<Service>;
}
