//! The contract's server.

use std::sync::Arc;

use contracts::raft::{
    AppendEntriesReply, Command, Config, Raft, RequestVoteReply, SERVICE, Started, Term,
};
use labrpc::Service;
use rand::RngExt;

use crate::core::Core;
use crate::durable::Durable;
use crate::message::{Answer, Event};
use crate::shell::Shell;

/// A server: turns calls into events, and answers back into what the contract wants.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) shell: Arc<Shell>,
}

impl Raft for Server {
    fn make(config: Config) -> Arc<Self> {
        let Config { peers, me, persister, apply } = config;
        let others = (0..peers.len()).filter(|id| *id != me).collect();
        let durable = Durable::decode(&persister.load());
        let core = Core::new(me, others, durable, labrt::rand::rng().random());
        let (shell, batches) = Shell::new(core, persister, peers);
        shell.run(batches, apply);
        Arc::new(Self { shell })
    }

    fn start(&self, command: Command) -> Option<Started> {
        match self.shell.tell(Event::Start(command)) {
            Some(Answer::Started(started)) => started,
            _ => None,
        }
    }

    fn state(&self) -> (Term, bool) {
        let state = self.shell.core(|core| (core.durable.term(), core.is_leader()));
        state.unwrap_or_default()
    }

    fn kill(&self) {
        self.shell.kill();
    }

    /// A killed server answers in term 0, which counts for nobody.
    fn services(self: Arc<Self>) -> Vec<Service> {
        let voter = Arc::clone(&self.shell);
        let request_vote = move |args| match voter.tell(Event::RequestVote(args)) {
            Some(Answer::Vote(reply)) => reply,
            _ => RequestVoteReply { term: 0, vote_granted: false },
        };
        let append_entries = move |args| match self.shell.tell(Event::AppendEntries(args)) {
            Some(Answer::Append(reply)) => reply,
            _ => AppendEntriesReply { term: 0, success: false, next_index: 0 },
        };
        vec![
            Service::new(SERVICE)
                .method("RequestVote", request_vote)
                .method("AppendEntries", append_entries),
        ]
    }
}
