//! Committed commands on their way to the state machine.

use contracts::raft::ApplyMsg;
use labrt::channel::{Receiver, Sender};

/// Hands over what the event loop found committed. The state machine may be slow, and the loop must not wait for it.
pub(crate) fn apply_all(committed: Receiver<ApplyMsg>, apply: Sender<ApplyMsg>) {
    for message in committed {
        if apply.send(message).is_err() {
            return;
        }
    }
}
