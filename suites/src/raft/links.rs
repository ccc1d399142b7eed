//! Who can reach whom.

use std::sync::Arc;

use contracts::raft::ServerId;
use labrpc::ClientEnd;
use rand::RngExt;

use super::Cluster;
use super::cluster::trace;
use super::observe::Life;
use super::traffic::Outgoing;
use crate::events;

impl Cluster {
    /// The servers that are connected.
    pub fn connected(&self) -> Vec<ServerId> {
        self.servers_where(|place| place.connected)
    }

    /// Whether `server` is connected.
    pub fn is_connected(&self, server: ServerId) -> bool {
        self.0.places.lock()[server].connected
    }

    /// Lets messages pass between `server` and every connected server.
    pub fn connect(&self, server: ServerId) {
        trace(events::CONNECT, server, "connect");
        self.set_connected(server, true);
    }

    /// Cuts `server` off from every server.
    pub fn disconnect(&self, server: ServerId) {
        trace(events::DISCONNECT, server, "disconnect");
        self.set_connected(server, false);
    }

    /// Connects each of `servers`.
    pub fn connect_all(&self, servers: impl IntoIterator<Item = ServerId>) {
        servers.into_iter().for_each(|server| self.connect(server));
    }

    /// Disconnects each of `servers`.
    pub fn disconnect_all(&self, servers: impl IntoIterator<Item = ServerId>) {
        servers.into_iter().for_each(|server| self.disconnect(server));
    }

    fn set_connected(&self, server: ServerId, connected: bool) {
        let network = self.ctx().network();
        let mut places = self.0.places.lock();
        places[server].connected = connected;
        for (peer, place) in places.iter().enumerate() {
            if connected && !place.connected {
                continue;
            }
            if let Some(outgoing) = places[server].ends.get(peer) {
                network.enable(outgoing, connected);
            }
            if let Some(incoming) = place.ends.get(server) {
                network.enable(incoming, connected);
            }
        }
        drop(places);
        self.0.observers.connects(server, connected);
    }

    /// Makes the network reliable, or lets it lose and delay messages.
    pub fn reliable(&self, on: bool) {
        self.ctx().network().reliable(on);
        self.0.observers.reliable(on);
    }

    /// Makes most replies late, or none.
    pub fn long_reordering(&self, on: bool) {
        self.ctx().network().long_reordering(on);
        self.0.observers.reordering(on);
    }

    /// Client ends of random names from one life to every server, not enabled yet.
    pub(super) fn fresh_ends(&self, from: Life) -> (Vec<ClientEnd>, Vec<Arc<str>>) {
        let network = self.ctx().network();
        let mut rng = labrt::rand::rng();
        let connected_end = |to: ServerId| {
            let name: Arc<str> = format!("{:016x}", rng.random::<u64>()).into();
            let mut end = network.make_end(Arc::clone(&name));
            network.connect(&name, Arc::clone(&self.0.names[to]));
            if self.0.observers.tapped() {
                let observers = Arc::clone(&self.0.observers);
                end = end.tapped(Arc::new(Outgoing { observers, from, to }));
            }
            (end, name)
        };
        self.servers().map(connected_end).unzip()
    }
}
