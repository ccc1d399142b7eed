//! The contract's server: an address to which events are sent.

use std::sync::Arc;

use contracts::raft::{
    AppendEntriesReply, Command, Config, Raft, RequestVoteReply, SERVICE, Started, Term,
};
use labrpc::Service;
use labrt::channel::{Sender, bounded, unbounded};
use labrt::thread;

use crate::applier;
use crate::calls::Calls;
use crate::event::Event;
use crate::node::Node;
use crate::stable::Stable;

/// A server, as others see it.
#[derive(Debug)]
pub(crate) struct Server {
    inbox: Sender<Event>,
}

impl Server {
    /// Puts a question into the inbox and waits for the answer; `None` when the loop has ended.
    ///
    /// The loop never waits for anybody, so the answer comes at once.
    fn ask<T>(&self, question: impl FnOnce(Sender<T>) -> Event) -> Option<T> {
        let (answer, answers) = bounded(1);
        self.inbox.send(question(answer)).ok()?;
        answers.recv().ok()
    }
}

impl Raft for Server {
    fn make(config: Config) -> Arc<Self> {
        let Config { peers, me, persister, apply } = config;
        let (inbox, events) = unbounded();
        let batches = applier::start(apply, inbox.clone());
        let calls = Calls::new(peers, inbox.clone());
        let node = Node::new(me, Stable::load(persister), calls, batches);
        thread::Builder::new().name("loop").spawn(move || node.run(&events));
        Arc::new(Self { inbox })
    }

    fn start(&self, command: Command) -> Option<Started> {
        self.ask(|answer| Event::Start(command, answer)).flatten()
    }

    fn state(&self) -> (Term, bool) {
        self.ask(Event::State).unwrap_or_default()
    }

    fn kill(&self) {
        // Fails when the server was killed before.
        let _ = self.inbox.send(Event::Kill);
    }

    fn services(self: Arc<Self>) -> Vec<Service> {
        /// A killed server's term: none of its answers counts.
        const NO_TERM: Term = 0;
        let voter = Arc::clone(&self);
        let request_vote = move |args| {
            let reply = voter.ask(|answer| Event::RequestVote(args, answer));
            reply.unwrap_or(RequestVoteReply { term: NO_TERM, vote_granted: false })
        };
        let append_entries = move |args| {
            let reply = self.ask(|answer| Event::AppendEntries(args, answer));
            reply.unwrap_or(AppendEntriesReply { term: NO_TERM, success: false, next_index: 0 })
        };
        vec![
            Service::new(SERVICE)
                .method("RequestVote", request_vote)
                .method("AppendEntries", append_entries),
        ]
    }
}
