//! A Raft for a cluster in which little fails: a server whose followers are away, or a leader that crashes when all
//! have the same log. A leader sends everything that is not acknowledged each time, and nobody asks how many of
//! its calls still wait.

use std::cell::Cell;
use std::sync::{Arc, Weak};

use contracts::raft::{
    APPEND_ENTRIES, AppendEntriesArgs, AppendEntriesReply, ApplyMsg, Command, Config, Entry,
    REQUEST_VOTE, Raft, RequestVoteArgs, RequestVoteReply, SERVICE, ServerId, Started, Term,
};
use labrpc::{ClientEnd, Service};
use labrt::channel::Sender;
use labrt::sync::Mutex;
use labrt::thread;
use labrt::time::{Duration, Instant};

/// How it wastes what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    /// Entries leave with heartbeats only; a candidate asks once.
    Slow,
    /// Entries leave at each start, too; a candidate asks again and again.
    Hasty,
}

thread_local! {
    static HABIT: Cell<Habit> = const { Cell::new(Habit::Slow) };
}

/// What it is like in this world; to be called on its main thread before the test.
pub(super) fn begin(habit: Habit) {
    HABIT.set(habit);
}

pub(super) struct Naive {
    habit: Habit,
    itself: Weak<Self>,
    me: ServerId,
    peers: Vec<ClientEnd>,
    state: Mutex<State>,
}

struct State {
    term: Term,
    leads: bool,
    /// Votes of the current term.
    votes: Vec<ServerId>,
    /// When an election is next held, if no leader is heard of.
    election: Instant,
    log: Vec<Entry>,
    /// How much of its log each server is known to hold.
    matched: Vec<usize>,
    applied: usize,
    /// None once the server was killed.
    apply: Option<Sender<ApplyMsg>>,
}

impl Raft for Naive {
    fn make(config: Config) -> Arc<Self> {
        let Config { peers, me, apply, .. } = config;
        let state = State {
            term: 0,
            leads: false,
            votes: Vec::new(),
            election: Instant::now() + timeout(me),
            log: Vec::new(),
            matched: vec![0; peers.len()],
            applied: 0,
            apply: Some(apply),
        };
        let server = Arc::new_cyclic(|itself| Self {
            habit: HABIT.get(),
            itself: Weak::clone(itself),
            me,
            peers,
            state: Mutex::new(state),
        });
        let running = Arc::clone(&server);
        thread::spawn(move || running.run());
        server
    }

    fn start(&self, command: Command) -> Option<Started> {
        let started = {
            let mut state = self.state.lock();
            if !state.leads {
                return None;
            }
            let term = state.term;
            state.log.push(Entry { term, command });
            state.matched[self.me] = state.log.len();
            Started { index: state.log.len() as u64, term }
        };
        if self.habit == Habit::Hasty {
            self.send_to_all();
        }
        Some(started)
    }

    fn state(&self) -> (Term, bool) {
        let state = self.state.lock();
        (state.term, state.leads)
    }

    fn kill(&self) {
        let mut state = self.state.lock();
        state.leads = false;
        state.apply = None;
    }

    fn services(self: Arc<Self>) -> Vec<Service> {
        let (voter, follower, me) = (Arc::clone(&self), Arc::clone(&self), self.me);
        let vote = move |args: RequestVoteArgs| voter.state.lock().vote(me, &args);
        let append = move |args: AppendEntriesArgs| follower.state.lock().append(me, args);
        vec![Service::new(SERVICE).method("RequestVote", vote).method("AppendEntries", append)]
    }
}

/// Each server's own, so that nobody stands together with another.
fn timeout(me: ServerId) -> Duration {
    Duration::from_millis(300 + 250 * me as u64)
}

impl Naive {
    fn run(&self) {
        while !self.is_killed() {
            if self.state().1 {
                self.send_to_all();
                thread::sleep(Duration::from_millis(100));
                continue;
            }
            let due = self.state.lock().election <= Instant::now();
            if due {
                self.stand();
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn is_killed(&self) -> bool {
        self.state.lock().apply.is_none()
    }

    fn others(&self) -> impl Iterator<Item = ServerId> {
        let me = self.me;
        (0..self.peers.len()).filter(move |peer| *peer != me)
    }

    fn stand(&self) {
        let ballot = self.state.lock().stand(self.me);
        for peer in self.others() {
            let (server, ballot) = (self.itself.upgrade().expect("it is in use"), ballot.clone());
            thread::spawn(move || {
                while !server.asked_enough(peer, &ballot) {
                    thread::sleep(Duration::from_millis(5));
                }
            });
        }
    }

    /// Asks once; whether that is enough.
    fn asked_enough(&self, peer: ServerId, ballot: &RequestVoteArgs) -> bool {
        let reply = self.peers[peer].call::<_, RequestVoteReply>(REQUEST_VOTE, ballot);
        let mut state = self.state.lock();
        if let Ok(reply) = &reply {
            state.observe(reply.term);
        }
        let over = state.term != ballot.term || state.leads || state.apply.is_none();
        if !over && reply.is_ok_and(|reply| reply.vote_granted) {
            state.count(peer);
            return true;
        }
        over || self.habit == Habit::Slow
    }

    fn send_to_all(&self) {
        for peer in self.others() {
            let args = self.state.lock().next_append(self.me, peer);
            let server = self.itself.upgrade().expect("it is in use");
            thread::spawn(move || {
                let last = args.prev_log_index as usize + args.entries.len();
                let reply: Result<AppendEntriesReply, _> =
                    server.peers[peer].call(APPEND_ENTRIES, &args);
                let Ok(reply) = reply else { return };
                let mut state = server.state.lock();
                state.observe(reply.term);
                if reply.success && state.term == args.term {
                    state.matched(peer, last);
                }
            });
        }
    }
}

impl State {
    fn stand(&mut self, me: ServerId) -> RequestVoteArgs {
        self.term += 1;
        self.votes = vec![me];
        self.election = Instant::now() + timeout(me);
        RequestVoteArgs {
            term: self.term,
            candidate_id: me,
            last_log_index: self.log.len() as u64,
            last_log_term: self.term_at(self.log.len()),
        }
    }

    fn vote(&mut self, me: ServerId, args: &RequestVoteArgs) -> RequestVoteReply {
        self.observe(args.term);
        let free = self.votes.is_empty() || self.votes == [args.candidate_id];
        let vote_granted =
            args.term == self.term && free && args.last_log_index >= self.log.len() as u64;
        if vote_granted {
            self.votes = vec![args.candidate_id];
            self.election = Instant::now() + timeout(me);
        }
        RequestVoteReply { term: self.term, vote_granted }
    }

    fn observe(&mut self, term: Term) {
        if term > self.term {
            self.term = term;
            self.leads = false;
            self.votes.clear();
        }
    }

    fn count(&mut self, voter: ServerId) {
        if !self.votes.contains(&voter) {
            self.votes.push(voter);
        }
        if 2 * self.votes.len() > self.matched.len() {
            self.leads = true;
            self.matched.fill(0);
        }
    }

    fn term_at(&self, index: usize) -> Term {
        index.checked_sub(1).map_or(0, |before| self.log[before].term)
    }

    fn next_append(&self, me: ServerId, peer: ServerId) -> AppendEntriesArgs {
        let prev = self.matched[peer];
        AppendEntriesArgs {
            term: self.term,
            leader_id: me,
            prev_log_index: prev as u64,
            prev_log_term: self.term_at(prev),
            entries: self.log[prev..].to_vec(),
            leader_commit: self.applied as u64,
        }
    }

    fn matched(&mut self, peer: ServerId, last: usize) {
        self.matched[peer] = self.matched[peer].max(last);
        let mut matched = self.matched.clone();
        matched.sort_unstable();
        self.apply_up_to(matched[(matched.len() - 1) / 2]);
    }

    /// Logs only grow, and are never in conflict here: what is held already is held for good.
    fn append(&mut self, me: ServerId, args: AppendEntriesArgs) -> AppendEntriesReply {
        self.observe(args.term);
        if args.term < self.term {
            return AppendEntriesReply { term: self.term, success: false, next_index: 0 };
        }
        self.election = Instant::now() + timeout(me);
        let prev = args.prev_log_index as usize;
        let success = prev <= self.log.len();
        if success {
            let known = self.log.len() - prev;
            self.log.extend(args.entries.into_iter().skip(known));
            self.apply_up_to((args.leader_commit as usize).min(self.log.len()));
        }
        AppendEntriesReply { term: args.term, success, next_index: self.log.len() as u64 + 1 }
    }

    fn apply_up_to(&mut self, index: usize) {
        while self.applied < index {
            let Some(apply) = &self.apply else { return };
            let command = self.log[self.applied].command.clone();
            self.applied += 1;
            let message = ApplyMsg { index: self.applied as u64, command };
            if apply.send(message).is_err() {
                return;
            }
        }
    }
}
