//! A Raft that cheats, and faults for it to have.
//!
//! The servers of a cluster share memory: the one list of committed commands, and the counter that
//! gives out terms. RPCs serve only to find out who is connected: each server pings every other, and a
//! ping carries the sender's term and the time at which it was sent. So this Raft agrees, elects and
//! forgets as a real one does, in a page, with nothing of the algorithm in it. It is what shows that the
//! driver passes what is right; each [`Fault`] shows that it sees what is wrong.

use std::cell::RefCell;
use std::sync::Arc;

use contracts::raft::{ApplyMsg, Command, Config, LogIndex, Raft, ServerId, Started, Term};
use labrpc::{ClientEnd, RpcError, Service};
use labrt::channel::Sender;
use labrt::sync::Mutex;
use labrt::thread;
use labrt::time::{Duration, Instant};
use serde::{Deserialize, Serialize};

/// How often a server looks around.
const TICK: Duration = Duration::from_millis(50);
/// It pings each this many ticks: 40 RPCs a second among three servers.
const TICKS_PER_PING: u32 = 3;
/// A peer not heard of for this long is out of contact.
const CONTACT: Duration = Duration::from_millis(250);
/// A leader not heard of for this long is lost. Longer, so that who was cut off from all others does
/// not miss the leader while it still counts them.
const LEADER_LOST: Duration = Duration::from_millis(600);
/// By now a first leader was seen, and that all servers are in its term.
const SETTLED: Duration = Duration::from_millis(1700);

/// What is wrong with a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// Server 1 leaves out index 2.
    SkipsAnIndex,
    /// Server 1 applies every index twice.
    AppliesTwice,
    /// Server 1 applies 999 at index 2.
    AppliesAnotherCommand,
    /// A restarted server goes on after index 1 instead of beginning anew.
    GapAfterRestart,
    /// A restarted server applies 999 at index 1.
    ForgetsOverRestart,
    /// Every server claims leadership of the latest term.
    TwoLeaders,
    /// No server ever leads.
    NoLeader,
    /// A server leads without a majority.
    LeadsAlone,
    /// The leader moves on to the next term although nothing failed.
    RestlessTerm,
    /// When the first leader is back in contact, someone takes over from the second.
    Usurper,
    /// Nothing is ever committed.
    NeverCommits,
    /// The leader commits at once, without a majority.
    CommitsAlone,
    /// A leader begins with an entry of its own.
    NoOp,
    /// A leader refuses all commands.
    RefusesCommands,
    /// A leader answers index 0.
    IndexZero,
    /// Every tick it pings, ten times.
    Chatty,
    /// `kill` takes two seconds.
    SlowKill,
}

thread_local! {
    /// The cluster of this world. Servers are made on the world's main thread only.
    static CLUSTER: RefCell<Option<Arc<Cluster>>> = const { RefCell::new(None) };
}

/// Gives this world a cluster with `fault`; to be called on its main thread before the test.
pub(crate) fn begin(fault: Fault) {
    let cluster = Cluster { fault, begin: Instant::now(), shared: Mutex::default() };
    CLUSTER.set(Some(Arc::new(cluster)));
}

struct Cluster {
    fault: Fault,
    begin: Instant,
    shared: Mutex<Shared>,
}

/// What real servers would have to agree on by messages.
#[derive(Default)]
struct Shared {
    term: Term,
    elected: Option<Instant>,
    log: Vec<Committed>,
    instances: Vec<u32>,
}

struct Committed {
    command: Command,
    at: Instant,
}

/// "I am there."
#[derive(Clone, Serialize, Deserialize)]
struct Ping {
    from: ServerId,
    term: Term,
    leads: bool,
    /// Nanoseconds since the cluster's beginning.
    sent: u64,
}

pub(crate) struct Ideal {
    me: ServerId,
    cluster: Arc<Cluster>,
    peers: Vec<ClientEnd>,
    /// Counts the lives of this server from 1.
    instance: u32,
    view: Mutex<View>,
}

/// The state that a server has of its own.
#[derive(Default)]
struct View {
    term: Term,
    leads: bool,
    killed: bool,
    /// Commands that a leader has accepted and not committed, with the time.
    pending: Vec<(Command, Instant)>,
    /// When the last ping that arrived from each server was sent.
    heard: Vec<Option<Instant>>,
    /// The same for the leader.
    leader_heard: Option<Instant>,
}

impl Raft for Ideal {
    fn make(config: Config) -> Arc<Self> {
        let cluster = CLUSTER.with_borrow(|c| c.clone().expect("begin was called"));
        let servers = config.peers.len();
        let instance = {
            let mut shared = cluster.shared.lock();
            shared.instances.resize(servers, 0);
            shared.instances[config.me] += 1;
            shared.instances[config.me]
        };
        let server = Arc::new(Self {
            me: config.me,
            instance,
            cluster,
            peers: config.peers,
            view: Mutex::new(View { heard: vec![None; servers], ..View::default() }),
        });
        let ticker = Arc::clone(&server);
        thread::Builder::new().name("ticker").spawn(move || ticker.tick(&config.apply));
        server
    }

    fn start(&self, command: Command) -> Option<Started> {
        let mut view = self.view.lock();
        if !view.leads || view.killed || self.has(Fault::RefusesCommands) {
            return None;
        }
        view.pending.push((command, Instant::now()));
        let committed = self.cluster.shared.lock().log.len();
        let index = match self.cluster.fault {
            Fault::IndexZero => 0,
            _ => (committed + view.pending.len()) as LogIndex,
        };
        Some(Started { index, term: view.term })
    }

    fn state(&self) -> (Term, bool) {
        let view = self.view.lock();
        match self.cluster.fault {
            Fault::TwoLeaders => (self.cluster.shared.lock().term, true),
            _ => (view.term, view.leads),
        }
    }

    fn kill(&self) {
        self.view.lock().killed = true;
        if self.has(Fault::SlowKill) {
            thread::sleep(Duration::from_secs(2));
        }
    }

    fn services(self: Arc<Self>) -> Vec<Service> {
        vec![Service::new("Ideal").method("Ping", move |ping: Ping| self.hear(&ping))]
    }
}

impl Ideal {
    fn has(&self, fault: Fault) -> bool {
        self.cluster.fault == fault
    }

    fn hear(&self, ping: &Ping) {
        let sent = self.cluster.begin + Duration::from_nanos(ping.sent);
        let mut view = self.view.lock();
        view.heard[ping.from] = view.heard[ping.from].max(Some(sent));
        // Whoever tells of a later term vouches for its leader.
        let later = ping.term > view.term;
        if later {
            view.follow(ping.term);
        }
        if later || ping.leads && ping.term == view.term {
            view.leader_heard = view.leader_heard.max(Some(sent));
        }
    }

    fn tick(self: Arc<Self>, apply: &Sender<ApplyMsg>) {
        let mut applied = match self.cluster.fault {
            Fault::GapAfterRestart if self.instance > 1 => 1,
            _ => 0,
        };
        for tick in 1.. {
            thread::sleep(TICK);
            if self.view.lock().killed {
                return;
            }
            if self.has(Fault::Chatty) {
                (0..10).for_each(|_| self.ping_all());
            } else if tick % TICKS_PER_PING == 0 {
                self.ping_all();
            }
            self.lead_or_follow();
            self.commit();
            for message in self.newly_applied(&mut applied) {
                if apply.send(message).is_err() {
                    return;
                }
            }
        }
    }

    fn ping_all(self: &Arc<Self>) {
        let ping = {
            let view = self.view.lock();
            Ping {
                from: self.me,
                term: view.term,
                leads: view.leads,
                sent: self.cluster.begin.elapsed().as_nanos() as u64,
            }
        };
        for peer in (0..self.peers.len()).filter(|peer| *peer != self.me) {
            let (server, ping) = (Arc::clone(self), ping.clone());
            thread::spawn(move || {
                let _: Result<(), RpcError> = server.peers[peer].call("Ideal.Ping", &ping);
            });
        }
    }

    /// Leads a new term if most servers are in contact and no leader is.
    fn lead_or_follow(&self) {
        let now = Instant::now();
        let within = |limit| move |moment: Option<Instant>| moment.is_some_and(|m| now - m < limit);
        let (in_contact, recent) = (within(CONTACT), within(LEADER_LOST));
        let mut view = self.view.lock();
        let mut shared = self.cluster.shared.lock();
        if view.leads {
            let settled = !recent(shared.elected) && now - self.cluster.begin > SETTLED;
            if self.has(Fault::RestlessTerm) && settled && shared.term == 1 {
                shared.term = 2;
                view.term = 2;
            }
            return;
        }
        let others = view.heard.iter().filter(|heard| in_contact(**heard)).count();
        let majority = others >= self.peers.len() / 2;
        let all_back = others == self.peers.len() - 1;
        let may = match self.cluster.fault {
            Fault::NoLeader => false,
            Fault::LeadsAlone => true,
            Fault::Usurper if all_back && shared.term == 2 => !recent(shared.elected),
            _ => majority && !recent(shared.elected),
        };
        if may && (!recent(view.leader_heard) || self.has(Fault::Usurper)) {
            shared.term += 1;
            shared.elected = Some(now);
            let term = shared.term;
            view.follow(term);
            view.leads = true;
            if self.has(Fault::NoOp) {
                view.pending.push((Command::Int(0), now));
            }
        }
    }

    /// Commits what was pending when the last pings of a majority were sent, as the latest leader.
    fn commit(&self) {
        let now = Instant::now();
        let mut view = self.view.lock();
        let mut shared = self.cluster.shared.lock();
        if !view.leads || view.term != shared.term || self.has(Fault::NeverCommits) {
            return;
        }
        let needed = self.peers.len() / 2;
        while let Some((_, since)) = view.pending.first() {
            let confirmed = view.heard.iter().filter(|heard| **heard > Some(*since));
            if confirmed.count() < needed && !self.has(Fault::CommitsAlone) {
                return;
            }
            let (command, _) = view.pending.remove(0);
            shared.log.push(Committed { command, at: now });
        }
    }

    /// What has been committed and can be known here; counts it as applied.
    fn newly_applied(&self, applied: &mut usize) -> Vec<ApplyMsg> {
        let view = self.view.lock();
        let shared = self.cluster.shared.lock();
        let known = |entry: &Committed| view.leads || view.leader_heard > Some(entry.at);
        let mut messages = Vec::new();
        for entry in shared.log.iter().skip(*applied).take_while(|e| known(e)) {
            *applied += 1;
            let message = ApplyMsg { index: *applied as LogIndex, command: entry.command.clone() };
            self.distort(message, &mut messages);
        }
        messages
    }

    /// Adds the message as it is, or as the cluster's fault has it.
    fn distort(&self, message: ApplyMsg, messages: &mut Vec<ApplyMsg>) {
        let other = ApplyMsg { command: Command::Int(999), ..message.clone() };
        let one = self.me == 1;
        let restarted = self.instance > 1;
        match (self.cluster.fault, message.index) {
            (Fault::SkipsAnIndex, 2) if one => {}
            (Fault::AppliesTwice, _) if one => messages.extend([message.clone(), message]),
            (Fault::AppliesAnotherCommand, 2) if one => messages.push(other),
            (Fault::ForgetsOverRestart, 1) if restarted => messages.push(other),
            _ => messages.push(message),
        }
    }
}

impl View {
    /// Takes over a later term; what was pending is lost.
    fn follow(&mut self, term: Term) {
        self.term = term;
        self.leads = false;
        self.leader_heard = None;
        self.pending.clear();
    }
}
