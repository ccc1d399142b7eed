//! Who can reach whom.

use std::sync::Arc;

use contracts::raft::ServerId;
use labrpc::ClientEnd;
use labrt::trace;
use rand::RngExt;

use super::Cluster;
use super::cluster;
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
        cluster::trace(events::CONNECT, server, "connect");
        self.set_connected(server, true);
    }

    /// Cuts `server` off from every server.
    pub fn disconnect(&self, server: ServerId) {
        cluster::trace(events::DISCONNECT, server, "disconnect");
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

    /// Keeps calls of `from` from reaching `to`, now and after restarts. Calls of `to` still arrive
    /// at `from` and are answered.
    pub fn cut(&self, from: ServerId, to: ServerId) {
        trace::emit(
            events::CUT,
            from as u32,
            to as u64,
            format_args!("cut the link from server {from} to server {to}"),
        );
        let mut places = self.0.places.lock();
        places[from].cut.insert(to);
        if let Some(end) = places[from].ends.get(to) {
            self.ctx().network().enable(end, false);
        }
    }

    /// Lets servers reach only those of their own group; those in no group are one more. Ends what
    /// was cut before.
    pub fn partition(&self, groups: &[Vec<ServerId>]) {
        self.mend();
        let group = |server: ServerId| groups.iter().position(|group| group.contains(&server));
        for from in self.servers() {
            for to in self.servers().filter(|to| group(from) != group(*to)) {
                self.cut(from, to);
            }
        }
    }

    /// Ends everything that was cut, and all partitions.
    pub fn mend(&self) {
        trace::emit(events::MEND, 0, 0, format_args!("mend all links"));
        let network = self.ctx().network();
        let mut places = self.0.places.lock();
        for from in self.servers() {
            for to in std::mem::take(&mut places[from].cut) {
                if places[from].connected
                    && places[to].connected
                    && let Some(end) = places[from].ends.get(to)
                {
                    network.enable(end, true);
                }
            }
        }
    }

    fn set_connected(&self, server: ServerId, connected: bool) {
        let network = self.ctx().network();
        let mut places = self.0.places.lock();
        places[server].connected = connected;
        for (peer, place) in places.iter().enumerate() {
            if connected && !place.connected {
                continue;
            }
            let here = &places[server];
            if let Some(outgoing) = here.ends.get(peer).filter(|_| !here.cut.contains(&peer)) {
                network.enable(outgoing, connected);
            }
            if let Some(incoming) = place.ends.get(server).filter(|_| !place.cut.contains(&server))
            {
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
                end = end.tapped(Arc::new(Outgoing::new(observers, from, to)));
            }
            (end, name)
        };
        self.servers().map(connected_end).unzip()
    }
}
