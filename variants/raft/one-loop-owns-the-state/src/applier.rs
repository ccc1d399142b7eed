//! Hands committed entries to the state machine, which may be slow.

use contracts::raft::ApplyMsg;
use labrt::channel::{Receiver, Sender, bounded};
use labrt::thread;

use crate::event::Event;

/// Starts the applier. It takes one batch at a time and tells `inbox` when it wants the next, so
/// that what a slow state machine has not taken yet stays in the log. It ends with the loop, which holds
/// the other end of the channel that is returned.
pub(crate) fn start(apply: Sender<ApplyMsg>, inbox: Sender<Event>) -> Sender<Vec<ApplyMsg>> {
    let (batches, next) = bounded(1);
    thread::Builder::new().name("applier").spawn(move || run(&next, &apply, &inbox));
    batches
}

fn run(next: &Receiver<Vec<ApplyMsg>>, apply: &Sender<ApplyMsg>, inbox: &Sender<Event>) {
    for batch in next {
        for message in batch {
            if apply.send(message).is_err() {
                return;
            }
        }
        if inbox.send(Event::ApplierIdle).is_err() {
            return;
        }
    }
}
