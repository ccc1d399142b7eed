//! Whose turn it is to talk to another server, and what to say.

use contracts::raft::{RequestVoteArgs, ServerId, Term};
use labrt::time::{Duration, Instant};

use crate::message::AppendLog;
use crate::state::{Role, State};
use crate::timing::{MAX_CALLS, PATIENCE};

/// A conversation with one other server.
#[derive(Debug, Default)]
pub(crate) struct Line {
    /// The number of the thread that talks. Those before it only wait for their last answer.
    turn: u64,
    /// The call on which that thread waits.
    call: Option<Call>,
    /// How many threads, of any number, wait for an answer.
    waiting: usize,
}

/// A call under way.
#[derive(Clone, Copy, Debug)]
struct Call {
    began: Instant,
    cause: Cause,
}

/// Why a server calls another: as the candidate or as the leader of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Election(Term),
    Leadership(Term),
}

/// Something to say.
#[derive(Debug)]
pub(crate) enum Request {
    Vote(RequestVoteArgs),
    Append(AppendLog),
}

/// What a thread that talks is to do next.
#[derive(Debug)]
pub(crate) enum Next {
    Call(Request),
    /// Look again then, or when something has happened.
    WaitUntil(Instant),
    /// Look again when something has happened.
    Wait,
    /// Another thread has the turn, or the server was killed.
    End,
}

impl State {
    /// What thread number `turn` of the line to `peer` is to do `now`. When that is a call, it has begun.
    pub(crate) fn next(&mut self, peer: ServerId, turn: u64, now: Instant) -> Next {
        let line = &self.lines[&peer];
        if self.killed || line.turn != turn {
            return Next::End;
        }
        if line.waiting >= MAX_CALLS {
            return Next::Wait;
        }
        match &self.role {
            Role::Follower => Next::Wait,
            Role::Candidate { .. } => self.next_as_candidate(peer, now),
            Role::Leader { .. } => self.next_as_leader(peer, now),
        }
    }

    fn next_as_candidate(&mut self, peer: ServerId, now: Instant) -> Next {
        let ballot = self.ballot();
        let Role::Candidate { unasked, .. } = &mut self.role else { return Next::Wait };
        if !unasked.remove(&peer) {
            return Next::Wait;
        }
        self.begin(peer, Cause::Election(ballot.term), now);
        Next::Call(Request::Vote(ballot))
    }

    fn next_as_leader(&mut self, peer: ServerId, now: Instant) -> Next {
        let Role::Leader { followers } = &self.role else { return Next::Wait };
        if let Some(at) = self.append_due(&followers[&peer]).filter(|at| now < *at) {
            return Next::WaitUntil(at);
        }
        let Some(args) = self.next_append(peer, now) else { return Next::Wait };
        self.begin(peer, Cause::Leadership(args.term), now);
        Next::Call(Request::Append(args))
    }

    fn begin(&mut self, peer: ServerId, cause: Cause, now: Instant) {
        self.line(peer).call = Some(Call { began: now, cause });
        self.line(peer).waiting += 1;
    }

    /// The call of thread number `turn` is over. Returns whether that thread still has the turn.
    pub(crate) fn end_call(&mut self, peer: ServerId, turn: u64) -> bool {
        let line = self.line(peer);
        line.waiting -= 1;
        let has_turn = line.turn == turn;
        if has_turn {
            line.call = None;
        }
        has_turn
    }

    /// Takes the turn from each thread whose call takes too long. Returns who has it now.
    pub(crate) fn relieve(&mut self, now: Instant) -> Vec<(ServerId, u64)> {
        let mut relieved = Vec::new();
        for peer in self.lines.keys().copied().collect::<Vec<_>>() {
            if self.lines[&peer].call.is_some_and(|call| self.is_stuck(call, now)) {
                self.doubt_after(peer);
                let line = self.line(peer);
                line.turn += 1;
                line.call = None;
                relieved.push((peer, line.turn));
            }
        }
        relieved
    }

    /// Whether some thread is to be relieved.
    pub(crate) fn has_stuck_calls(&self, now: Instant) -> bool {
        self.lines.values().filter_map(|line| line.call).any(|call| self.is_stuck(call, now))
    }

    /// A call takes too long when its time is up, or as soon as this server has something else to say.
    fn is_stuck(&self, call: Call, now: Instant) -> bool {
        let waited: Duration = now.saturating_duration_since(call.began);
        waited >= PATIENCE || self.cause().is_some_and(|cause| cause != call.cause)
    }

    /// A follower that lets its leader wait is spared entries. What it was asked before says nothing.
    fn doubt_after(&mut self, peer: ServerId) {
        let cause = self.lines[&peer].call.map(|call| call.cause);
        if cause == self.cause() {
            self.doubt(peer);
        }
    }

    fn cause(&self) -> Option<Cause> {
        match self.role {
            Role::Follower => None,
            Role::Candidate { .. } => Some(Cause::Election(self.term())),
            Role::Leader { .. } => Some(Cause::Leadership(self.term())),
        }
    }

    fn line(&mut self, peer: ServerId) -> &mut Line {
        self.lines.get_mut(&peer).expect("there is a line to each other server")
    }
}
