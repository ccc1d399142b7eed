//! Events, carried out.

use std::collections::VecDeque;

use contracts::raft::{Command, ServerId, Started};
use labrt::thread;
use labrt::time::{Duration, Instant};
use scenario::{Action, Back, Event, Millis, Scenario, Whom};

use crate::raft::{Cluster, Outcome, name_servers};

/// Carries out the events of one scenario.
pub(super) struct Player<'a> {
    cluster: &'a Cluster,
    began: Instant,
    /// Crashed servers, those that have been away the longest first.
    crashed: VecDeque<ServerId>,
    /// Servers that run and are disconnected, likewise.
    disconnected: VecDeque<ServerId>,
    /// The last command that was given to a server. Each is fresh: none is ever equal to another.
    last_command: i64,
}

impl<'a> Player<'a> {
    /// A player of a cluster that has just been started.
    pub(super) fn new(cluster: &'a Cluster) -> Self {
        Self {
            cluster,
            began: Instant::now(),
            crashed: VecDeque::new(),
            disconnected: VecDeque::new(),
            last_command: 0,
        }
    }

    /// A command that was not there before.
    fn command(&mut self) -> Command {
        self.last_command += 1;
        Command::Int(self.last_command)
    }

    /// A fresh command that all servers must commit after everything has healed.
    pub(super) fn last_command(&mut self) -> Command {
        let command = self.command();
        self.tell(&format!("all servers are to agree on command {command}"));
        command
    }

    /// The safety phase.
    pub(super) fn play(&mut self, scenario: &Scenario) -> Outcome {
        for Event { at, action } in &scenario.events {
            self.sleep_until(*at);
            let done = self.carry_out(action)?;
            self.tell(&format!("{action}{done}"));
        }
        self.sleep_until(scenario.until);
        Ok(())
    }

    /// Repairs everything: a reliable network, and every server runs and is connected.
    pub(super) fn heal_all(&mut self) -> Outcome {
        let committed = self.cluster.applied().commands().len();
        self.tell(&format!("everything heals; committed so far: {committed}"));
        self.cluster.reliable(true);
        self.cluster.long_reordering(false);
        self.cluster.ctx().network().long_delays(false);
        self.cluster.mend();
        self.start(Back::All)?;
        self.connect(Back::All);
        Ok(())
    }

    fn sleep_until(&self, at: Millis) {
        let at = Duration::from_millis(at.0.into());
        let left = at.saturating_sub(self.began.elapsed());
        if !left.is_zero() {
            thread::sleep(left);
        }
    }

    fn tell(&self, what: &str) {
        let at = self.began.elapsed().as_secs_f64();
        self.cluster.ctx().did(format!("{at:8.3} s  {what}"));
    }

    /// Does it, and says to whom it was done where the action does not.
    fn carry_out(&mut self, action: &Action) -> Outcome<String> {
        Ok(match action {
            Action::Submit { to, count } => self.submit(*to, *count),
            Action::Crash(whom) => {
                let servers = self.find(*whom);
                for server in &servers {
                    self.crash(*server);
                }
                named(*whom, &servers)
            }
            Action::Restart(whom) => {
                let servers = self.find(*whom);
                for server in &servers {
                    self.crash(*server);
                }
                for server in &servers {
                    self.come_back(*server)?;
                }
                named(*whom, &servers)
            }
            Action::Start(back) => {
                let servers = self.start(*back)?;
                brought_back(*back, &servers)
            }
            Action::Disconnect(whom) => {
                let servers = self.find(*whom);
                for server in &servers {
                    self.disconnect(*server);
                }
                named(*whom, &servers)
            }
            Action::Connect(back) => {
                let servers = self.connect(*back);
                brought_back(*back, &servers)
            }
            Action::Partition(groups) => self.partition(groups),
            Action::Cut { from, to } => self.cut(*from, *to),
            Action::Heal => {
                self.cluster.mend();
                self.connect(Back::All);
                String::new()
            }
        })
    }

    /// The leader of the highest term, of the servers that run.
    fn leader(&self) -> Option<ServerId> {
        let claims = self.cluster.running().into_iter().filter_map(|server| {
            let (term, leads) = self.cluster.state(server)?;
            leads.then_some((term, server))
        });
        claims.max().map(|(_, leader)| leader)
    }

    /// The servers that run and are meant.
    fn find(&self, whom: Whom) -> Vec<ServerId> {
        match whom {
            Whom::Leader => self.leader().into_iter().collect(),
            Whom::Server(server) => {
                Some(server).filter(|server| self.cluster.is_running(*server)).into_iter().collect()
            }
            Whom::Others => {
                let leader = self.leader();
                let running = self.cluster.running().into_iter();
                running.filter(|server| Some(*server) != leader).collect()
            }
            Whom::All => self.cluster.running(),
        }
    }

    fn submit(&mut self, to: Whom, count: u32) -> String {
        let mut answers = Vec::new();
        for server in self.find(to) {
            for _ in 0..count {
                let command = self.command();
                if let Some(started) = self.cluster.submit(server, &command) {
                    answers.push((server, command, started));
                }
            }
        }
        accepted(&answers)
    }

    fn crash(&mut self, server: ServerId) {
        self.cluster.crash(server);
        self.disconnected.retain(|other| *other != server);
        self.crashed.push_back(server);
    }

    /// Starts and connects a crashed server.
    fn come_back(&mut self, server: ServerId) -> Outcome {
        self.crashed.retain(|other| *other != server);
        self.cluster.start(server)?;
        self.cluster.connect(server);
        Ok(())
    }

    fn start(&mut self, back: Back) -> Outcome<Vec<ServerId>> {
        let servers = of(&self.crashed, back);
        servers.iter().try_for_each(|server| self.come_back(*server))?;
        Ok(servers)
    }

    fn disconnect(&mut self, server: ServerId) {
        self.cluster.disconnect(server);
        if !self.disconnected.contains(&server) {
            self.disconnected.push_back(server);
        }
    }

    fn connect(&mut self, back: Back) -> Vec<ServerId> {
        let servers = of(&self.disconnected, back);
        for server in &servers {
            self.disconnected.retain(|other| other != server);
            self.cluster.connect(*server);
        }
        servers
    }

    fn partition(&self, groups: &[Vec<Whom>]) -> String {
        let leader = groups.iter().flatten().any(|whom| *whom == Whom::Leader);
        let leader = leader.then(|| self.leader()).flatten();
        let one = |whom: &Whom| match whom {
            Whom::Server(server) => Some(*server),
            _ => leader,
        };
        let groups: Vec<Vec<ServerId>> =
            groups.iter().map(|group| group.iter().filter_map(one).collect()).collect();
        self.cluster.partition(&groups);
        leader.map_or_else(String::new, |leader| named(Whom::Leader, &[leader]))
    }

    fn cut(&self, from: Whom, to: Whom) -> String {
        let one = |whom| match whom {
            Whom::Server(server) => Some(server),
            _ => self.leader(),
        };
        let (Some(from_server), Some(to_server)) = (one(from), one(to)) else {
            return named(Whom::Leader, &[]);
        };
        self.cluster.cut(from_server, to_server);
        match (from, to) {
            (Whom::Server(_), Whom::Server(_)) => String::new(),
            (Whom::Server(_), _) => named(to, &[to_server]),
            _ => named(from, &[from_server]),
        }
    }
}

/// Those of `away` that are meant.
fn of(away: &VecDeque<ServerId>, back: Back) -> Vec<ServerId> {
    match back {
        Back::Longest => away.front().copied().into_iter().collect(),
        Back::Server(server) => away.iter().copied().filter(|other| *other == server).collect(),
        Back::All => away.iter().copied().collect(),
    }
}

/// ": server 2", or what it means that there is nobody; nothing for a server that has a number already
/// and was found.
fn named(whom: Whom, servers: &[ServerId]) -> String {
    match (whom, servers) {
        (Whom::Leader, []) => ": nobody leads".to_owned(),
        (Whom::Server(_), []) => ": it does not run".to_owned(),
        (_, []) => ": nobody runs".to_owned(),
        (Whom::Server(_), _) => String::new(),
        _ => format!(": {}", name_servers(servers)),
    }
}

/// The same for those that come back.
fn brought_back(back: Back, servers: &[ServerId]) -> String {
    match (back, servers) {
        (_, []) => ": nobody was away".to_owned(),
        (Back::Server(_), _) => String::new(),
        _ => format!(": {}", name_servers(servers)),
    }
}

/// Who has accepted what: ": server 2 accepts 7 at index 3 in term 1".
fn accepted(answers: &[(ServerId, Command, Started)]) -> String {
    let (Some(first), Some(last)) = (answers.first(), answers.last()) else {
        return ": nobody accepts".to_owned();
    };
    let same = answers.iter().all(|(server, ..)| *server == first.0);
    if same && answers.len() > 1 {
        let (server, from, Started { index, term }) = first;
        let (_, to, Started { index: to_index, .. }) = last;
        return format!(
            ": server {server} accepts {from} to {to} at indices {index} to {to_index} in term {term}"
        );
    }
    let one = |(server, command, Started { index, term }): &(ServerId, Command, Started)| {
        format!("server {server} accepts {command} at index {index} in term {term}")
    };
    format!(": {}", answers.iter().map(one).collect::<Vec<_>>().join(", "))
}
