//! One call's way to the handler and back.
//!
//! The caller's thread carries the request, waits out its delays, and carries the reply. The handler
//! has a thread of its own, so that the caller can leave it when the server goes away.

use labrt::sync::Slot;
use labrt::thread::{self, Builder};
use labrt::time::Duration;
use labrt::trace::{Kind, payload_hash};

use crate::ClientEnd;
use crate::error::RpcError;
use crate::event::{self, record};
use crate::fault::{Fate, ReplyFate};
use crate::service::{Answer, Method};
use crate::switchboard::Route;

impl ClientEnd {
    /// Sends an encoded request and waits for the encoded reply.
    pub(crate) fn exchange(&self, method: &str, request: Vec<u8>) -> Answer {
        let call = self.network.counters.sent(request.len());
        record(
            event::SEND,
            call,
            payload_hash(&request),
            format_args!("{} to {method}, {} bytes", self.name, request.len()),
        );
        if let Some(tap) = &self.tap {
            tap.sent(call, method, &request);
        }
        let answer = self.carry(call, method, request);
        if let Some(tap) = &self.tap {
            tap.returned(call, answer.as_deref());
        }
        answer
    }

    /// Carries a request to its handler, or loses it, and the reply back.
    fn carry(&self, call: u32, method: &str, request: Vec<u8>) -> Answer {
        let route = self.network.board().route(self.id);
        match (self.network.decide(route.is_some()), route) {
            (Fate::Unreachable { fails_after }, _) => {
                pause(fails_after);
                fail(call, event::UNREACHABLE)
            }
            (Fate::RequestLost { fails_after }, _) => {
                pause(fails_after);
                fail(call, event::REQUEST_LOST)
            }
            (Fate::Delivered { after, reply }, Some(route)) => {
                pause(after);
                match self.handle(call, route, method, request) {
                    Some(answer) => self.bring_back(call, answer, reply),
                    None => fail(call, event::CUT_OFF),
                }
            }
            (Fate::Delivered { .. }, None) => unreachable!("a delivered request has a route"),
        }
    }

    /// Runs the handler and waits for its answer; `None` when the call is cut off before.
    fn handle(&self, call: u32, route: Route, method: &str, request: Vec<u8>) -> Option<Answer> {
        let Route { server, instance } = &route;
        let instance = instance.clone();
        let Method { name, handler } = instance.server.method(method, &instance.name);
        let waiting = Slot::new();
        let ticket = self.network.board().arrive(call, self.id, &route, &waiting);
        let thread = Builder::new().server(instance.name.clone()).name(name.clone());
        let (network, caller, server) = (self.network.clone(), waiting.clone(), *server);
        thread.spawn(move || {
            record(event::HANDLE, call, server.0.into(), format_args!("{name}"));
            let answer = instance.server.listen(call, &name, &request, &handler);
            let waits = ticket.is_some_and(|ticket| network.board().leave(ticket));
            record_reply(call, &answer, waits);
            if waits {
                caller.set(Some(answer));
            }
        });
        ticket?;
        waiting.wait()
    }

    /// Carries the handler's answer to the caller, or loses it.
    fn bring_back(&self, call: u32, answer: Answer, fate: ReplyFate) -> Answer {
        match fate {
            ReplyFate::Lost => fail(call, event::REPLY_LOST),
            ReplyFate::Delivered { after } => {
                pause(after);
                if let Ok(reply) = &answer {
                    self.network.counters.replied(reply.len());
                }
                record(event::RECEIVE, call, 0, format_args!("{}", self.name));
                answer
            }
        }
    }
}

fn record_reply(call: u32, answer: &Answer, caller_waits: bool) {
    let kind = if caller_waits { event::REPLY } else { event::REPLY_DISCARDED };
    match answer {
        Ok(reply) => {
            let size = reply.len();
            record(kind, call, payload_hash(reply), format_args!("{size} bytes"));
        }
        Err(error) => record(kind, call, 0, format_args!("{error}")),
    }
}

/// Fails a call for the reason that `kind` names; the caller is not told which.
fn fail(call: u32, kind: Kind) -> Answer {
    record(kind, call, 0, format_args!("the call failed"));
    Err(RpcError::Failed)
}

fn pause(time: Duration) {
    if !time.is_zero() {
        thread::sleep(time);
    }
}
