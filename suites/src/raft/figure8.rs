//! Workload: the situation of the paper's Figure 8, very often.
//!
//! A leader that has just accepted a command fails, mostly before the command is committed. When too
//! few servers are left for a majority, one comes back, perhaps with entries that were never committed.
//! A server that counts replicas of an old term's entry as a commit (Figure 8, c and d; §5.4.2) sooner
//! or later applies what another server then overwrites.

use contracts::raft::ServerId;
use labrt::thread;
use labrt::time::Duration;
use rand::RngExt;

use super::agree::random_command;
use super::{Cluster, Outcome};

/// The steps of [`Figure8`].
pub const FIGURE8_STEPS: &[&str] = &[
    "1. Start a command on every server; the one that accepts leads",
    "2. Sleep shortly in 90 % of the rounds, longer in the others",
    "3. Let the leader fail",
    "4. Bring one server back if fewer than a majority are up",
    "5. Bring all servers back and agree once more, on five",
];

/// How a leader fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It crashes, and comes back by a restart.
    Crash,
    /// It is disconnected, and comes back by being connected.
    Disconnect,
}

/// Which server comes back when fewer than a majority are up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revival {
    /// One of those that are down (COMP385).
    OneThatIsDown,
    /// Any server is drawn; nothing happens if that one is up (CS350).
    IfDrawn,
}

/// The workload. Where two courses differ, they differ in these values.
#[derive(Clone, Copy, Debug)]
pub struct Figure8 {
    /// How often a command is started and the leader may fail.
    pub iterations: u32,
    /// Longest sleep of most iterations, in milliseconds; each is uniform from 0.
    pub short_ms: u64,
    /// Longest sleep of the others, in milliseconds.
    pub long_ms: u64,
    /// Percentage of iterations with a long sleep.
    pub long_percent: u32,
    /// How a leader fails.
    pub fault: Fault,
    /// Percentage of iterations with a leader in which it fails.
    pub fault_percent: u32,
    /// Who comes back.
    pub revival: Revival,
    /// The iteration, counted from 0, from which replies are reordered; none for never.
    pub reorder_from: Option<u32>,
}

impl Figure8 {
    /// COMP385's values on a reliable network.
    pub const COMP385: Self = Self {
        iterations: 1000,
        short_ms: 14,
        long_ms: 499,
        long_percent: 10,
        fault: Fault::Crash,
        fault_percent: 100,
        revival: Revival::OneThatIsDown,
        reorder_from: None,
    };

    /// COMP385's values on an unreliable network.
    pub const COMP385_UNRELIABLE: Self =
        Self { fault_percent: 50, reorder_from: Some(200), ..Self::COMP385 };

    /// CS350's values on a reliable network.
    pub const CS350: Self = Self { short_ms: 12, revival: Revival::IfDrawn, ..Self::COMP385 };

    /// CS350's values on an unreliable network.
    pub const CS350_UNRELIABLE: Self = Self {
        fault: Fault::Disconnect,
        fault_percent: 50,
        reorder_from: Some(200),
        ..Self::CS350
    };

    /// Runs the workload on a cluster of five servers.
    pub fn run(&self, cluster: &Cluster) -> Outcome {
        cluster.agree_on_any(1)?;
        for iteration in 0..self.iterations {
            if self.reorder_from == Some(iteration) {
                cluster.long_reordering(true);
            }
            cluster.ctx().round(iteration + 1, self.iterations);
            self.iterate(cluster)?;
        }
        cluster.ctx().rounds_over();

        cluster.step("5. Bring all servers back and agree once more, on five");
        for server in cluster.servers() {
            if !self.is_up(cluster, server) {
                self.bring_back(cluster, server)?;
            }
        }
        cluster.agree_on_any(cluster.size())?;
        Ok(())
    }

    fn iterate(&self, cluster: &Cluster) -> Outcome {
        cluster.step("1. Start a command on every server; the one that accepts leads");
        let leader = start_everywhere(cluster);

        cluster.step("2. Sleep shortly in 90 % of the rounds, longer in the others");
        let mut rng = labrt::rand::rng();
        let longest_ms =
            if rng.random_range(0..100) < self.long_percent { self.long_ms } else { self.short_ms };
        // Whole milliseconds, so that a leader often fails at the very moment of accepting.
        thread::sleep(Duration::from_millis(rng.random_range(0..=longest_ms)));

        cluster.step("3. Let the leader fail");
        if let Some(leader) = leader
            && rng.random_range(0..100) < self.fault_percent
        {
            match self.fault {
                Fault::Crash => cluster.crash(leader),
                Fault::Disconnect => cluster.disconnect(leader),
            }
        }

        cluster.step("4. Bring one server back if fewer than a majority are up");
        let down: Vec<ServerId> =
            cluster.servers().filter(|server| !self.is_up(cluster, *server)).collect();
        let majority = cluster.size() / 2 + 1;
        if cluster.size() - down.len() >= majority {
            return Ok(());
        }
        let drawn = match self.revival {
            Revival::OneThatIsDown => down[rng.random_range(0..down.len())],
            Revival::IfDrawn => cluster.random_server(),
        };
        if down.contains(&drawn) {
            self.bring_back(cluster, drawn)?;
        }
        Ok(())
    }

    fn is_up(&self, cluster: &Cluster, server: ServerId) -> bool {
        match self.fault {
            Fault::Crash => cluster.is_running(server),
            Fault::Disconnect => cluster.is_connected(server),
        }
    }

    fn bring_back(&self, cluster: &Cluster, server: ServerId) -> Outcome {
        if self.fault == Fault::Crash {
            cluster.start(server)?;
        }
        cluster.connect(server);
        Ok(())
    }
}

/// Starts a random command on every server that runs; the last connected one that accepts its own.
fn start_everywhere(cluster: &Cluster) -> Option<ServerId> {
    let mut leader = None;
    for server in cluster.running() {
        let accepted = cluster.submit(server, &random_command()).is_some();
        if accepted && cluster.is_connected(server) {
            leader = Some(server);
        }
    }
    leader
}
