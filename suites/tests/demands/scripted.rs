//! A Raft that follows a script: server 0 is elected and sends heartbeats for ever.
//!
//! Nothing is replicated and nothing comes back after a failure, but the messages are those of the
//! contract, which is what the demands are measured from. Each [`Fault`] breaks one demand.

use std::cell::Cell;
use std::sync::Arc;

use contracts::raft::{
    APPEND_ENTRIES, AppendEntriesArgs, AppendEntriesReply, Command, Config, REQUEST_VOTE, Raft,
    RequestVoteArgs, RequestVoteReply, Started, Term,
};
use labrpc::{ClientEnd, RpcError, Service};
use labrt::sync::Mutex;
use labrt::thread;
use labrt::time::Duration;
use serde::Serialize;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing.
    None,
    /// The leader sends a heartbeat each 50 ms.
    BeatsOften,
    /// The same, where every other one has another name.
    BeatsUnderAnotherName,
    /// Nobody asks for votes.
    NobodyStands,
    /// Its followers are one term further than the winner, who never hears of it.
    RefusesTheLeader,
    /// The winner waits for 300 ms.
    WinnerWaits,
    /// `start` asks a peer.
    StartCalls,
    /// `make` asks a peer.
    MakeCalls,
    /// The leader moves on to term 2 although nothing failed.
    RestlessTerm,
}

thread_local! {
    static FAULT: Cell<Fault> = const { Cell::new(Fault::None) };
}

/// What is wrong in this world; to be called on its main thread before the test.
pub(super) fn begin(fault: Fault) {
    FAULT.set(fault);
}

pub(super) struct Scripted {
    fault: Fault,
    me: usize,
    peers: Vec<ClientEnd>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    term: Term,
    leads: bool,
    killed: bool,
}

impl Raft for Scripted {
    fn make(config: Config) -> Arc<Self> {
        let Config { peers, me, apply, .. } = config;
        let server = Arc::new(Self { fault: FAULT.get(), me, peers, state: Mutex::default() });
        if server.fault == Fault::MakeCalls {
            server.ping_next();
        }
        let script = Arc::clone(&server);
        thread::spawn(move || {
            if me == 0 {
                script.play();
            }
            drop(apply);
        });
        server
    }

    fn start(&self, _: Command) -> Option<Started> {
        let (term, leads) = self.state();
        if self.fault == Fault::StartCalls {
            self.ping_next();
        }
        leads.then_some(Started { index: 1, term })
    }

    fn state(&self) -> (Term, bool) {
        let state = self.state.lock();
        (state.term, state.leads)
    }

    fn kill(&self) {
        self.state.lock().killed = true;
    }

    fn services(self: Arc<Self>) -> Vec<Service> {
        let (votes, appends) = (Arc::clone(&self), self);
        let vote = move |args: RequestVoteArgs| {
            let term = votes.follow(args.term);
            RequestVoteReply { term, vote_granted: true }
        };
        let append = move |args: AppendEntriesArgs| {
            let ahead = u64::from(appends.fault == Fault::RefusesTheLeader);
            let term = appends.follow(args.term + ahead);
            AppendEntriesReply { term, success: term == args.term, next_index: 1 }
        };
        vec![
            Service::new("Raft").method("RequestVote", vote).method("AppendEntries", append),
            Service::new("Own").method("Ping", |_: u8| 0_u8),
        ]
    }
}

impl Scripted {
    /// Takes over a later term; the current one.
    fn follow(&self, term: Term) -> Term {
        let mut state = self.state.lock();
        state.term = state.term.max(term);
        state.term
    }

    fn play(self: &Arc<Self>) {
        thread::sleep(Duration::from_millis(300));
        if self.fault == Fault::NobodyStands {
            return;
        }
        self.stand_for(1);
        let often = matches!(self.fault, Fault::BeatsOften | Fault::BeatsUnderAnotherName);
        let pause = Duration::from_millis(if often { 50 } else { 100 });
        for beat in 0.. {
            if self.state.lock().killed {
                return;
            }
            // At 2 s, between the test's two looks at the terms.
            if self.fault == Fault::RestlessTerm && beat == 17 {
                self.stand_for(2);
            }
            self.beat(beat);
            thread::sleep(pause);
        }
    }

    /// Is elected for `term`.
    fn stand_for(&self, term: Term) {
        self.follow(term);
        let ballot = RequestVoteArgs { term, candidate_id: 0, last_log_index: 0, last_log_term: 0 };
        for peer in &self.peers[1..] {
            let _: Result<RequestVoteReply, RpcError> = peer.call(REQUEST_VOTE, &ballot);
        }
        if self.fault == Fault::WinnerWaits {
            thread::sleep(Duration::from_millis(300));
        }
        self.state.lock().leads = self.fault != Fault::RefusesTheLeader;
    }

    fn beat(self: &Arc<Self>, beat: u32) {
        if self.fault == Fault::BeatsUnderAnotherName && beat % 2 == 1 {
            self.send_to_all("Own.Ping", 0_u8);
            return;
        }
        let heartbeat = AppendEntriesArgs {
            term: self.state().0,
            leader_id: 0,
            prev_log_index: 0,
            prev_log_term: 0,
            entries: Vec::new(),
            leader_commit: 0,
        };
        self.send_to_all(APPEND_ENTRIES, heartbeat);
    }

    fn send_to_all<A: Serialize + Clone + Send + 'static>(&self, method: &'static str, args: A) {
        for peer in &self.peers[1..] {
            let (peer, args) = (peer.clone(), args.clone());
            thread::spawn(move || {
                let _: Result<AppendEntriesReply, RpcError> = peer.call(method, &args);
            });
        }
    }

    fn ping_next(&self) {
        let next = (self.me + 1) % self.peers.len();
        let _: Result<u8, RpcError> = self.peers[next].call("Own.Ping", &0_u8);
    }
}
