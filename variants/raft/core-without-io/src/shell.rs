//! Does what the core decides: lock, threads, network and storage.

use std::sync::Arc;

use contracts::raft::{APPEND_ENTRIES, ApplyMsg, Persister, REQUEST_VOTE, ServerId};
use labrpc::ClientEnd;
use labrt::channel::{Receiver, Sender, bounded};
use labrt::sync::{Condvar, Mutex};
use labrt::thread;
use labrt::time::{Duration, Instant};

use crate::core::Core;
use crate::message::{Action, Answer, Event, Exchange, Request};

/// A server around its core.
#[derive(Debug)]
pub(crate) struct Shell {
    /// `None` once the server was killed.
    live: Mutex<Option<Live>>,
    /// The next deadline came nearer, or the server was killed.
    sooner: Condvar,
    peers: Vec<ClientEnd>,
    started: Instant,
}

/// What a server has only until it is killed.
#[derive(Debug)]
struct Live {
    core: Core,
    persister: Persister,
    applier: Sender<Vec<ApplyMsg>>,
}

impl Shell {
    /// A server without threads; what is to be applied goes to the receiver.
    pub(crate) fn new(
        core: Core,
        persister: Persister,
        peers: Vec<ClientEnd>,
    ) -> (Arc<Self>, Receiver<Vec<ApplyMsg>>) {
        // The core hands out one batch at a time, so there is always room.
        let (applier, batches) = bounded(1);
        let live = Mutex::new(Some(Live { core, persister, applier }));
        let shell = Self { live, sooner: Condvar::new(), peers, started: Instant::now() };
        (Arc::new(shell), batches)
    }

    /// The time as the core counts it.
    pub(crate) fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// Tells the core and does what it wants. `None` when there is nothing to answer, or nobody who
    /// would.
    pub(crate) fn tell(self: &Arc<Self>, event: Event) -> Option<Answer> {
        let mut live = self.live.lock();
        let Live { core, persister, applier } = live.as_mut()?;
        let deadline = core.next_deadline();
        let actions = core.step(event, self.now());
        if is_sooner(core.next_deadline(), deadline) {
            self.sooner.notify_one();
        }
        let mut answer = None;
        for action in actions {
            match action {
                Action::Save(bytes) => persister.save(bytes),
                Action::Send(peer, request) => self.send(peer, request),
                // Fails when nobody takes what is applied any more.
                Action::Apply(messages) => _ = applier.send(messages),
                Action::Answer(given) => answer = Some(given),
            }
        }
        answer
    }

    /// Calls `peer` on a thread of its own, since a call may hang for seconds.
    fn send(self: &Arc<Self>, peer: ServerId, request: Request) {
        let shell = Arc::clone(self);
        thread::Builder::new().name("call").spawn(move || {
            let end = &shell.peers[peer];
            let exchange = match request {
                Request::Vote(args) => {
                    let reply = end.call(REQUEST_VOTE, &args).ok();
                    Exchange::Vote(args, reply)
                }
                Request::Append(args) => {
                    let reply = end.call(APPEND_ENTRIES, &args).ok();
                    Exchange::Append(args, reply)
                }
            };
            shell.tell(Event::Answered { from: peer, exchange });
        });
    }

    /// Starts the server's threads.
    pub(crate) fn run(self: &Arc<Self>, batches: Receiver<Vec<ApplyMsg>>, apply: Sender<ApplyMsg>) {
        let (timer, applier) = (Arc::clone(self), Arc::clone(self));
        thread::Builder::new().name("timer").spawn(move || timer.run_timer());
        thread::Builder::new().name("applier").spawn(move || applier.run_applier(&batches, &apply));
    }

    /// Looks at the core, or lets it do what needs no answer; `None` once the server was killed.
    pub(crate) fn core<T>(&self, look: impl FnOnce(&mut Core) -> T) -> Option<T> {
        self.live.lock().as_mut().map(|live| look(&mut live.core))
    }

    /// The core is gone, and whoever works for it ends.
    pub(crate) fn kill(&self) {
        *self.live.lock() = None;
        self.sooner.notify_all();
    }

    /// The timer thread: tells the core when its deadline has passed.
    fn run_timer(self: &Arc<Self>) {
        while self.await_deadline() {
            self.tell(Event::Tick);
        }
    }

    /// Sleeps until the core's next deadline, wherever it moves. `false` once the server was killed.
    fn await_deadline(&self) -> bool {
        let mut live = self.live.lock();
        while let Some(Live { core, .. }) = live.as_ref() {
            let left = core.next_deadline().map(|at| at.saturating_sub(self.now()));
            live = match left {
                Some(Duration::ZERO) => return true,
                Some(left) => self.sooner.wait_timeout(live, left).0,
                None => self.sooner.wait(live),
            };
        }
        false
    }

    /// The applier thread: the state machine may be slow. It ends when the core is gone.
    fn run_applier(self: &Arc<Self>, batches: &Receiver<Vec<ApplyMsg>>, apply: &Sender<ApplyMsg>) {
        for batch in batches {
            for message in batch {
                let index = message.index;
                if apply.send(message).is_err() {
                    return;
                }
                self.tell(Event::Applied(index));
            }
        }
    }
}

fn is_sooner(deadline: Option<Duration>, before: Option<Duration>) -> bool {
    deadline.is_some_and(|now| before.is_none_or(|before| now < before))
}
