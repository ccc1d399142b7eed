//! Calls into the submission.

use std::sync::Arc;

use contracts::raft::{Command, Raft, ServerId, Started, Term};
use labrt::time::Duration;
use labrt::{thread, trace, world};

use super::Cluster;
use super::demands::Severity;
use super::observe::Life;
use crate::events;

/// A call that must return at once and takes longer than this is found. Far beyond what a
/// loaded machine does to a call that does not wait.
const AT_ONCE: Duration = Duration::from_secs(1);

impl Cluster {
    /// Asks the instance of `server` for agreement on `command`. None when it refuses or does not
    /// run.
    pub fn submit(&self, server: ServerId, command: &Command) -> Option<Started> {
        let (instance, life) = self.instance(server)?;
        let asked = self.0.observers.asks(life);
        let started = self.on_behalf(server, "start", || instance.start(command.clone()))?;
        let Started { index, term } = started;
        trace::emit(
            events::ACCEPT,
            server as u32,
            events::entry_hash(index, command),
            format_args!("index={index} term={term} command={command}"),
        );
        if index == 0 {
            self.fail(format!(
                "server {server} accepted {command} at index 0; the first index is 1"
            ));
        }
        self.0.observers.accepted(life, asked, command, started);
        Some(started)
    }

    /// The term of `server`, and whether it claims to lead it. None when it does not run.
    pub fn state(&self, server: ServerId) -> Option<(Term, bool)> {
        let (instance, life) = self.instance(server)?;
        let name = Arc::clone(&self.0.names[server]);
        let asked = self.0.observers.asks(life);
        let (term, leads) = thread::with_server(name, || instance.state());
        self.0.observers.state(life, asked, term, leads);
        Some((term, leads))
    }

    fn instance(&self, server: ServerId) -> Option<(Arc<dyn Raft>, Life)> {
        let place = &self.0.places.lock()[server];
        let instance = place.instance.as_ref()?;
        Some((Arc::clone(&instance.raft), Life { server, number: place.life }))
    }

    /// Calls into the submission, which must return at once, for `server`: what it spawns carries
    /// the server's name.
    pub(super) fn on_behalf<T>(
        &self,
        server: ServerId,
        call: &'static str,
        f: impl FnOnce() -> T,
    ) -> T {
        let name = Arc::clone(&self.0.names[server]);
        let began = world::elapsed();
        self.0.observers.calls(server, call);
        let result = thread::with_server(name, f);
        self.0.observers.returned();
        if world::elapsed().saturating_sub(began) > AT_ONCE {
            let message = format!(
                "server {server}: {call} took longer than {} s; it must return at once",
                AT_ONCE.as_secs()
            );
            match self.0.at_once {
                Severity::Warning => self.ctx().warn(message),
                Severity::Failure => self.fail(message),
            }
        }
        result
    }

    fn fail(&self, message: String) -> ! {
        self.ctx().fail(self.ctx().failure(message))
    }
}
