//! What lasts: roles, crashes, disconnections, partitions and modes of the network.

use std::collections::{BTreeMap, BTreeSet};

use super::{Absence, NetworkSpan, RoleName, RoleSpan, Why, micros};
use crate::account::words;
use crate::history::History;
use crate::history::cluster::Cluster;
use crate::history::model::{Driven, Role, What};
use crate::history::words::list;

/// All of them.
#[derive(Default)]
pub(super) struct Spans {
    pub(super) roles: Vec<RoleSpan>,
    pub(super) absences: Vec<Absence>,
    pub(super) network: Vec<NetworkSpan>,
}

/// A state that lasts until further notice.
struct Lasting<T> {
    since_us: u64,
    state: T,
}

/// States by what they are about.
struct States<K, T> {
    open: BTreeMap<K, Lasting<T>>,
    closed: Vec<Span<K, T>>,
}

impl<K: Ord + Clone, T: PartialEq> States<K, T> {
    fn new() -> Self {
        Self { open: BTreeMap::new(), closed: Vec::new() }
    }

    /// The state of `key` is now this one, or none.
    fn set(&mut self, key: K, at_us: u64, state: Option<T>) {
        let is_same = self.open.get(&key).map(|lasting| &lasting.state) == state.as_ref();
        if is_same {
            return;
        }
        if let Some(Lasting { since_us, state }) = self.open.remove(&key) {
            self.closed.push((key.clone(), since_us, at_us, state));
        }
        if let Some(state) = state {
            self.open.insert(key, Lasting { since_us: at_us, state });
        }
    }

    /// What lasted for some time between `start_us` and `end_us`, sorted by key and time.
    fn end(mut self, start_us: u64, end_us: u64) -> Vec<Span<K, T>> {
        for (key, Lasting { since_us, state }) in std::mem::take(&mut self.open) {
            self.closed.push((key, since_us, end_us, state));
        }
        self.closed.retain_mut(|(_, from_us, to_us, _)| {
            *from_us = (*from_us).max(start_us);
            from_us < to_us
        });
        self.closed.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        self.closed
    }
}

impl Spans {
    /// Those of a run between two moments.
    pub(super) fn of(history: &History, start_us: u64, end_us: u64) -> Self {
        let mut cluster = Cluster::default();
        let mut roles = States::new();
        let mut absences = States::new();
        let mut network = States::new();
        let mut modes = BTreeSet::new();
        for event in &history.events {
            let at_us = micros(event.at_ns);
            match (&event.what, event.server) {
                (What::Role(role), Some(server)) => roles.set(server, at_us, Some(named(*role))),
                (What::Driven(driven), _) => {
                    cluster.drive(driven);
                    match driven {
                        Driven::Start(server) => {
                            roles.set(*server, at_us, Some((RoleName::Follower, 0)));
                        }
                        Driven::Crash(server) => roles.set(*server, at_us, None),
                        Driven::Network { mode, on } => switch(&mut modes, mode, *on),
                        _ => {}
                    }
                    if let Driven::Start(server)
                    | Driven::Crash(server)
                    | Driven::Connect(server)
                    | Driven::Disconnect(server) = driven
                    {
                        absences.set(*server, at_us, absence(&cluster, *server));
                    }
                    network.set((), at_us, state(&cluster, history.servers, &modes));
                }
                _ => {}
            }
        }
        Self {
            roles: roles.end(start_us, end_us).into_iter().map(role_span).collect(),
            absences: absences.end(start_us, end_us).into_iter().map(absence_span).collect(),
            network: network.end(start_us, end_us).into_iter().map(network_span).collect(),
        }
    }
}

/// A state with what it is about, from when to when.
type Span<K, T> = (K, u64, u64, T);

fn named(role: Role) -> (RoleName, u64) {
    match role {
        Role::Follower { term, .. } => (RoleName::Follower, term),
        Role::Candidate { term } => (RoleName::Candidate, term),
        Role::Leader { term } => (RoleName::Leader, term),
    }
}

fn role_span((server, from_us, to_us, (role, term)): Span<usize, (RoleName, u64)>) -> RoleSpan {
    RoleSpan { server, from_us, to_us, role, term }
}

fn absence(cluster: &Cluster, server: usize) -> Option<Why> {
    if !cluster.runs(server) {
        Some(Why::Crashed)
    } else if !cluster.is_connected(server) {
        Some(Why::Disconnected)
    } else {
        None
    }
}

fn absence_span((server, from_us, to_us, why): Span<usize, Why>) -> Absence {
    Absence { server, from_us, to_us, why }
}

/// What is not as usual about the network: in words, and the groups into which cut links part the servers.
type Network = (String, Option<Vec<Vec<usize>>>);

/// The mode in which a network is that loses nothing.
const RELIABLE: &str = "reliable";

/// Keeps account of the modes that are not as usual.
fn switch(modes: &mut BTreeSet<String>, mode: &str, on: bool) {
    let (mode, is_unusual) = if mode == RELIABLE { ("unreliable", !on) } else { (mode, on) };
    if is_unusual {
        modes.insert(words(mode));
    } else {
        modes.remove(mode);
    }
}

fn state(cluster: &Cluster, servers: usize, modes: &BTreeSet<String>) -> Option<Network> {
    let mut parts = Vec::new();
    let groups = cluster.groups(servers).filter(|_| cluster.has_cuts());
    match &groups {
        Some(groups) => {
            let groups: Vec<String> = groups.iter().map(|group| list(group)).collect();
            parts.push(format!("parted: {}", groups.join(" | ")));
        }
        None if cluster.has_cuts() => parts.push("some links are cut".to_owned()),
        None => {}
    }
    parts.extend(modes.iter().cloned());
    (!parts.is_empty()).then(|| (parts.join("; "), groups))
}

fn network_span(((), from_us, to_us, (text, groups)): Span<(), Network>) -> NetworkSpan {
    NetworkSpan { from_us, to_us, text, groups }
}
