//! Who runs and who can reach whom, as the test arranges it.

use std::collections::BTreeSet;

use super::model::{Driven, Server};

/// The state of a cluster at some moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cluster {
    runs: BTreeSet<Server>,
    connected: BTreeSet<Server>,
    /// Links that are cut: from, to.
    cut: BTreeSet<(Server, Server)>,
}

impl Cluster {
    /// The test does something.
    pub(crate) fn drive(&mut self, driven: &Driven) {
        match driven {
            Driven::Start(server) => {
                self.runs.insert(*server);
                self.connected.remove(server);
            }
            Driven::Crash(server) => {
                self.runs.remove(server);
                self.connected.remove(server);
            }
            Driven::Connect(server) => {
                self.connected.insert(*server);
            }
            Driven::Disconnect(server) => {
                self.connected.remove(server);
            }
            Driven::Cut { from, to } => {
                self.cut.insert((*from, *to));
            }
            Driven::Mend => self.cut.clear(),
            Driven::Network { .. } => {}
        }
    }

    /// Whether `server` runs.
    pub(crate) fn runs(&self, server: Server) -> bool {
        self.runs.contains(&server)
    }

    /// Whether `server` runs and is connected.
    pub(crate) fn is_connected(&self, server: Server) -> bool {
        self.connected.contains(&server)
    }

    /// Whether a request can get from one server to the other.
    pub(crate) fn reaches(&self, from: Server, to: Server) -> bool {
        self.is_connected(from) && self.is_connected(to) && !self.cut.contains(&(from, to))
    }

    /// Whether any link is cut.
    pub(crate) fn has_cuts(&self) -> bool {
        !self.cut.is_empty()
    }

    /// The groups into which cut links part the first `servers` servers; `None` when the links do
    /// not part them cleanly.
    pub(crate) fn groups(&self, servers: usize) -> Option<Vec<Vec<Server>>> {
        let linked = |a, b| !self.cut.contains(&(a, b));
        let mut groups: Vec<Vec<Server>> = Vec::new();
        for server in 0..servers {
            match groups.iter_mut().find(|group| linked(group[0], server)) {
                Some(group) => group.push(server),
                None => groups.push(vec![server]),
            }
        }
        let group_of = |server| groups.iter().position(|group| group.contains(&server));
        let is_clean = (0..servers)
            .all(|a| (0..servers).all(|b| a == b || linked(a, b) == (group_of(a) == group_of(b))));
        is_clean.then_some(groups)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(driven: &[Driven]) -> Cluster {
        let mut cluster = Cluster::default();
        for driven in driven {
            cluster.drive(driven);
        }
        cluster
    }

    #[test]
    fn a_request_needs_both_servers_and_the_link() {
        use Driven::{Connect, Crash, Cut, Mend, Start};
        let mut steps = vec![Start(0), Start(1), Connect(0), Connect(1)];
        assert!(after(&steps).reaches(0, 1));
        steps.push(Cut { from: 0, to: 1 });
        assert!(!after(&steps).reaches(0, 1));
        assert!(after(&steps).reaches(1, 0));
        steps.push(Mend);
        assert!(after(&steps).reaches(0, 1));
        steps.extend([Crash(1), Start(1)]);
        assert!(!after(&steps).reaches(0, 1), "a started server is not connected yet");
    }

    #[test]
    fn cut_links_may_part_the_servers_into_groups() {
        let cuts = |pairs: &[(usize, usize)]| {
            after(&pairs.iter().map(|&(from, to)| Driven::Cut { from, to }).collect::<Vec<_>>())
        };
        let parted = cuts(&[(0, 1), (1, 0), (2, 1), (1, 2)]);
        assert_eq!(parted.groups(3), Some(vec![vec![0, 2], vec![1]]));
        assert_eq!(cuts(&[(0, 1)]).groups(3), None, "one way only");
        assert_eq!(cuts(&[(0, 1), (1, 0)]).groups(3), None, "both still reach 2");
    }
}
