//! The thread that hands committed commands to the state machine, without holding the lock.

use contracts::raft::ApplyMsg;
use labrt::channel::Sender;

use crate::server::Server;

impl Server {
    /// The applier, until the server is killed or nobody takes what is applied.
    pub(crate) fn run_applier(&self, apply: &Sender<ApplyMsg>) {
        while let Some(messages) = self.await_committed() {
            for message in messages {
                if apply.send(message).is_err() {
                    return;
                }
            }
        }
    }

    fn await_committed(&self) -> Option<Vec<ApplyMsg>> {
        let mut state = self.state.lock();
        while !state.killed && state.last_applied == state.commit_index {
            state = self.signals.committed.wait(state);
        }
        (!state.killed).then(|| state.take_committed())
    }
}
