//! A Raft for a cluster in which nobody fails but followers: server 0 is elected once. It sends everything that
//! is not acknowledged each time, and never asks how many of its calls still wait.

use std::cell::Cell;
use std::sync::{Arc, Weak};

use contracts::raft::{
    APPEND_ENTRIES, AppendEntriesArgs, AppendEntriesReply, ApplyMsg, Command, Config, Entry,
    REQUEST_VOTE, Raft, RequestVoteArgs, RequestVoteReply, SERVICE, ServerId, Started, Term,
};
use labrpc::{ClientEnd, RpcError, Service};
use labrt::channel::Sender;
use labrt::sync::Mutex;
use labrt::thread;
use labrt::time::Duration;

const TERM: Term = 1;

/// When entries leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// With the next heartbeat.
    WithHeartbeats,
    /// With heartbeats, and at each start.
    AtEachStart,
}

thread_local! {
    static LEAVE: Cell<Leave> = const { Cell::new(Leave::WithHeartbeats) };
}

/// When entries leave in this world; to be called on its main thread before the test.
pub(super) fn begin(leave: Leave) {
    LEAVE.set(leave);
}

pub(super) struct Naive {
    leave: Leave,
    itself: Weak<Self>,
    peers: Vec<ClientEnd>,
    state: Mutex<State>,
}

struct State {
    term: Term,
    leads: bool,
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
            log: Vec::new(),
            matched: vec![0; peers.len()],
            applied: 0,
            apply: Some(apply),
        };
        let server = Arc::new_cyclic(|itself| Self {
            leave: LEAVE.get(),
            itself: Weak::clone(itself),
            peers,
            state: Mutex::new(state),
        });
        if me == 0 {
            let leader = Arc::clone(&server);
            thread::spawn(move || leader.lead());
        }
        server
    }

    fn start(&self, command: Command) -> Option<Started> {
        let index = {
            let mut state = self.state.lock();
            if !state.leads {
                return None;
            }
            state.log.push(Entry { term: TERM, command });
            state.matched[0] = state.log.len();
            state.log.len() as u64
        };
        if self.leave == Leave::AtEachStart {
            self.send_to_all();
        }
        Some(Started { index, term: TERM })
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
        let (voter, follower) = (Arc::clone(&self), self);
        let vote = move |args: RequestVoteArgs| {
            voter.state.lock().term = args.term;
            RequestVoteReply { term: args.term, vote_granted: true }
        };
        let append = move |args: AppendEntriesArgs| follower.state.lock().append(args);
        vec![Service::new(SERVICE).method("RequestVote", vote).method("AppendEntries", append)]
    }
}

impl Naive {
    /// Is elected, and sends heartbeats from then on.
    fn lead(&self) {
        thread::sleep(Duration::from_millis(300));
        self.state.lock().term = TERM;
        let ballot =
            RequestVoteArgs { term: TERM, candidate_id: 0, last_log_index: 0, last_log_term: 0 };
        for peer in &self.peers[1..] {
            let _: Result<RequestVoteReply, RpcError> = peer.call(REQUEST_VOTE, &ballot);
        }
        self.state.lock().leads = true;
        while self.state().1 {
            self.send_to_all();
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn send_to_all(&self) {
        for peer in 1..self.peers.len() {
            let args = self.state.lock().next_append(peer);
            let server = self.itself.upgrade().expect("it is in use");
            thread::spawn(move || {
                let last = args.prev_log_index as usize + args.entries.len();
                let reply = server.peers[peer].call(APPEND_ENTRIES, &args);
                if let Ok(AppendEntriesReply { success: true, .. }) = reply {
                    server.state.lock().matched(peer, last);
                }
            });
        }
    }
}

impl State {
    fn next_append(&self, peer: ServerId) -> AppendEntriesArgs {
        let prev = self.matched[peer];
        AppendEntriesArgs {
            term: TERM,
            leader_id: 0,
            prev_log_index: prev as u64,
            prev_log_term: if prev > 0 { TERM } else { 0 },
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

    /// The leader's log only grows, and nobody else has one: what is held already is held for good.
    fn append(&mut self, args: AppendEntriesArgs) -> AppendEntriesReply {
        self.term = args.term;
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
