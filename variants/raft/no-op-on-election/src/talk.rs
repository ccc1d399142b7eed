//! The threads that talk to other servers, each waiting for the answer to what it has said.

use std::sync::Arc;

use contracts::raft::{REQUEST_VOTE, ServerId};
use labrt::time::Instant;

use crate::line::{Next, Request};
use crate::message::APPEND_LOG;
use crate::server::Server;

impl Server {
    /// Thread number `turn` of the line to `peer`, until another has the turn.
    pub(crate) fn talk_to(self: &Arc<Self>, peer: ServerId, turn: u64) {
        while let Some(request) = self.await_something_to_say(peer, turn) {
            match request {
                Request::Vote(args) => {
                    let reply = self.peers[peer].call(REQUEST_VOTE, &args);
                    self.enter(|state| {
                        state.end_call(peer, turn);
                        if let Ok(reply) = reply {
                            state.handle_vote_reply(peer, &args, &reply);
                        }
                    });
                }
                Request::Append(args) => {
                    let reply = self.peers[peer].call(APPEND_LOG, &args);
                    self.enter(|state| {
                        let has_turn = state.end_call(peer, turn);
                        match reply {
                            Ok(reply) => state.handle_append_reply(peer, &args, &reply),
                            // A call that hung for long says nothing of the follower now.
                            Err(_) if has_turn => state.doubt(peer),
                            Err(_) => {}
                        }
                    });
                }
            }
            // Whoever has the turn meanwhile may have something to say now.
            self.signals.talk[peer].notify_all();
        }
    }

    fn await_something_to_say(&self, peer: ServerId, turn: u64) -> Option<Request> {
        let signal = &self.signals.talk[peer];
        let mut state = self.state.lock();
        loop {
            let now = Instant::now();
            state = match state.next(peer, turn, now) {
                Next::Call(request) => return Some(request),
                Next::WaitUntil(at) => {
                    signal.wait_timeout(state, at.saturating_duration_since(now)).0
                }
                Next::Wait => signal.wait(state),
                Next::End => return None,
            };
        }
    }
}
