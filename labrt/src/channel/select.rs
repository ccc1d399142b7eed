//! Waiting for one of several channels; the macro [`select!`](crate::select) is the front end.

use std::fmt;
use std::panic::Location;

use crossbeam_channel::{self as real, Select, SelectedOperation};

use super::queue::{Entry, Offered};
use super::receiver::Source;
use super::{Receiver, RecvError, SendError, Sender, TryRecvError, TrySendError};
use crate::context::{self, Current};
use crate::sim::Sim;
use crate::sim::task::{WaitFor, Woken};
use crate::time::{Duration, nanos};
use crate::trace;

/// One of the operations among which is chosen.
trait Operation<'a> {
    /// Does the operation if that is possible at once.
    fn poll(&mut self, sim: &Sim) -> bool;
    /// Leaves an entry in the channel.
    fn enqueue(&mut self, entry: Entry);
    /// Takes the entry back; `true` when the operation was done meanwhile.
    fn withdraw(&mut self, entry: Entry) -> bool;
    /// When the operation becomes possible by itself, in virtual nanoseconds.
    fn due(&self) -> Option<u64>;
    /// Registers the operation with crossbeam.
    fn register(&self, select: &mut Select<'a>);
    /// Does the operation that crossbeam has chosen.
    fn complete(&mut self, operation: SelectedOperation<'a>);
}

/// A [`RecvCase`] or a [`SendCase`], among which [`select`] chooses.
pub struct Case<'c, 'a>(&'c mut dyn Operation<'a>);

impl fmt::Debug for Case<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Case { .. }")
    }
}

/// Receiving from a channel, as one of several operations.
#[derive(Debug)]
pub struct RecvCase<'a, T> {
    receiver: &'a Receiver<T>,
    result: Option<Result<T, RecvError>>,
}

impl<'a, T> RecvCase<'a, T> {
    /// Receiving from `receiver`.
    pub fn new(receiver: &'a Receiver<T>) -> Self {
        Self { receiver, result: None }
    }

    /// This operation, to be chosen.
    pub fn case(&mut self) -> Case<'_, 'a> {
        Case(self)
    }

    /// What was received.
    ///
    /// # Errors
    /// When the channel is empty and all senders are gone.
    ///
    /// # Panics
    /// When another operation was chosen.
    pub fn finish(self) -> Result<T, RecvError> {
        self.result.expect("this operation was chosen")
    }
}

impl<'a, T> Operation<'a> for RecvCase<'a, T> {
    fn poll(&mut self, sim: &Sim) -> bool {
        self.result = match self.receiver.poll(sim) {
            Ok(message) => Some(Ok(message)),
            Err(TryRecvError::Disconnected) => Some(Err(RecvError)),
            Err(TryRecvError::Empty) => None,
        };
        self.result.is_some()
    }

    fn enqueue(&mut self, entry: Entry) {
        if let Source::Queue(queue) = self.receiver.source() {
            queue.request(entry);
        }
    }

    fn withdraw(&mut self, entry: Entry) -> bool {
        if let Source::Queue(queue) = self.receiver.source()
            && let Some(message) = queue.take_handed(entry)
        {
            self.result = Some(Ok(message));
        }
        self.result.is_some()
    }

    fn due(&self) -> Option<u64> {
        self.receiver.due()
    }

    fn register(&self, select: &mut Select<'a>) {
        match self.receiver.source() {
            Source::Real(receiver) => select.recv(receiver),
            Source::RealTimer(timer) => select.recv(&timer.receiver),
            // A channel of a simulated world, in the real one: nothing comes from it.
            Source::Queue(_) | Source::Timer(_) | Source::Never => select.recv(nothing()),
        };
    }

    fn complete(&mut self, operation: SelectedOperation<'a>) {
        self.result = Some(match self.receiver.source() {
            Source::Real(receiver) => operation.recv(receiver),
            Source::RealTimer(timer) => {
                operation.recv(&timer.receiver).map(|moment| timer.convert(moment))
            }
            Source::Queue(_) | Source::Timer(_) | Source::Never => {
                operation.recv(nothing()).map(|never| match never {})
            }
        });
    }
}

/// A channel on which nothing comes.
fn nothing() -> &'static real::Receiver<std::convert::Infallible> {
    static NOTHING: std::sync::OnceLock<real::Receiver<std::convert::Infallible>> =
        std::sync::OnceLock::new();
    NOTHING.get_or_init(real::never)
}

/// Sending to a channel, as one of several operations.
#[derive(Debug)]
pub struct SendCase<'a, T> {
    sender: &'a Sender<T>,
    message: Option<T>,
    result: Option<Result<(), SendError<T>>>,
}

impl<'a, T> SendCase<'a, T> {
    /// Sending `message` to `sender`. The message is dropped when another operation is chosen.
    pub fn new(sender: &'a Sender<T>, message: T) -> Self {
        Self { sender, message: Some(message), result: None }
    }

    /// This operation, to be chosen.
    pub fn case(&mut self) -> Case<'_, 'a> {
        Case(self)
    }

    /// Whether it was sent.
    ///
    /// # Errors
    /// When all receivers are gone; the error holds the message.
    ///
    /// # Panics
    /// When another operation was chosen.
    pub fn finish(self) -> Result<(), SendError<T>> {
        self.result.expect("this operation was chosen")
    }

    fn take_message(&mut self) -> T {
        self.message.take().expect("the message has not been sent")
    }
}

impl<'a, T> Operation<'a> for SendCase<'a, T> {
    fn poll(&mut self, _sim: &Sim) -> bool {
        let Some(queue) = self.sender.queue() else { return false };
        match queue.try_send(queue.sim(), self.take_message()) {
            Ok(()) => self.result = Some(Ok(())),
            Err(TrySendError::Full(message)) => self.message = Some(message),
            Err(TrySendError::Disconnected(message)) => {
                self.result = Some(Err(SendError(message)));
            }
        }
        self.result.is_some()
    }

    fn enqueue(&mut self, entry: Entry) {
        if let Some(queue) = self.sender.queue() {
            queue.offer(entry, self.take_message());
        }
    }

    fn withdraw(&mut self, entry: Entry) -> bool {
        let Some(queue) = self.sender.queue() else { return false };
        match queue.take_back(entry) {
            Offered::Taken => self.result = Some(Ok(())),
            Offered::Back(message) => self.message = Some(message),
        }
        self.result.is_some()
    }

    fn due(&self) -> Option<u64> {
        None
    }

    fn register(&self, select: &mut Select<'a>) {
        match self.sender.real() {
            Some(sender) => select.send(sender),
            None => select.recv(nothing()),
        };
    }

    fn complete(&mut self, operation: SelectedOperation<'a>) {
        let sender = self.sender.real().expect("crossbeam has chosen a channel of its own");
        let message = self.take_message();
        self.result = Some(operation.send(sender, message));
    }
}

/// Waits until one of `cases` is possible, does it, and returns its position; `None` when `timeout`
/// has passed before (at once, with a timeout of zero). Among several that are possible the choice
/// is random.
#[track_caller]
pub fn select(cases: &mut [Case<'_, '_>], timeout: Option<Duration>) -> Option<usize> {
    match context::current() {
        Current::Sim(sim) => select_sim(sim, cases, timeout, Location::caller()),
        Current::Real => select_real(cases, timeout),
    }
}

fn select_sim(
    sim: &Sim,
    cases: &mut [Case<'_, '_>],
    timeout: Option<Duration>,
    at: &'static Location<'static>,
) -> Option<usize> {
    let deadline = timeout.map(|timeout| sim.now().saturating_add(nanos(timeout)));
    sim.point(trace::SELECT, 0, cases.len() as u64, at);
    loop {
        let count = cases.len();
        let first = sim.choose(count);
        for index in (first..count).chain(0..first) {
            if cases[index].0.poll(sim) {
                return Some(index);
            }
        }
        if deadline.is_some_and(|deadline| deadline <= sim.now()) {
            return None;
        }
        if let Some(index) = wait(sim, cases, deadline, at) {
            return Some(index);
        }
    }
}

/// Waits at all channels; `None` when it is time to look again.
fn wait(
    sim: &Sim,
    cases: &mut [Case<'_, '_>],
    deadline: Option<u64>,
    at: &'static Location<'static>,
) -> Option<usize> {
    let waiter = sim.waiter();
    let mut until = deadline;
    for (token, case) in (0..).zip(cases.iter_mut()) {
        case.0.enqueue(Entry { waiter, token });
        until = [until, case.0.due()].into_iter().flatten().min();
    }
    let woken = sim.block(WaitFor::Select, 0, until, at);
    let mut done = None;
    for (token, case) in (0..).zip(cases.iter_mut()) {
        if case.0.withdraw(Entry { waiter, token }) {
            debug_assert_eq!(woken, Woken::By(token), "one wait is ended by one channel");
            done = Some(token as usize);
        }
    }
    done
}

fn select_real(cases: &mut [Case<'_, '_>], timeout: Option<Duration>) -> Option<usize> {
    let mut select = Select::new();
    for case in cases.iter() {
        case.0.register(&mut select);
    }
    let operation = match timeout {
        None => select.select(),
        Some(Duration::ZERO) => select.try_select().ok()?,
        Some(timeout) => select.select_timeout(timeout).ok()?,
    };
    let index = operation.index();
    cases[index].0.complete(operation);
    Some(index)
}

/// Waits for one of several channel operations, in the manner of Go's `select`.
///
/// ```
/// use labrt::channel::{after, select, unbounded};
/// use labrt::time::Duration;
///
/// let (sender, receiver) = unbounded();
/// sender.send(7).unwrap();
/// let timeout = after(Duration::from_secs(1));
/// let got = select! {
///     recv(receiver) -> message => message.unwrap(),
///     recv(timeout) -> _ => 0,
/// };
/// assert_eq!(got, 7);
/// ```
///
/// The arms are `recv(receiver) -> result => …`, `send(sender, message) -> result => …` and, at the
/// end, either `default => …` (nothing is possible at once) or `default(timeout) => …` (nothing was
/// possible in that time). A message to send is evaluated at the start, as in Go.
#[macro_export]
macro_rules! select {
    // All arms are read: make the cases, choose, and run the body of the one chosen.
    // The end of a channel is borrowed by a `let` of its own, so that it may be a temporary value.
    (@arms [$($case:ident $end:ident $channel:expr, $make:expr, $pattern:pat, $body:expr;)*]
        $timeout:expr, $default:expr;) => {{
        $(let $end = &$channel;
        let mut $case = $make;)*
        let chosen = $crate::channel::select::select(
            &mut [$($case.case()),*],
            $timeout,
        );
        $crate::select!(@run chosen, 0usize, [$($case, $pattern, $body;)*] $default)
    }};
    (@run $chosen:ident, $index:expr, [] $default:expr) => { $default };
    (@run $chosen:ident, $index:expr,
        [$case:ident, $pattern:pat, $body:expr; $($rest:tt)*] $default:expr) => {
        if $chosen == ::core::option::Option::Some($index) {
            let $pattern = $case.finish();
            $body
        } else {
            $crate::select!(@run $chosen, $index + 1usize, [$($rest)*] $default)
        }
    };
    (@arms [$($arms:tt)*]) => {
        $crate::select!(@arms [$($arms)*] ::core::option::Option::None,
            ::core::unreachable!("without a default, one of the operations is chosen");)
    };
    (@arms [$($arms:tt)*] recv($receiver:expr) -> $pattern:pat => $($rest:tt)*) => {
        $crate::select!(@body [$($arms)*]
            (end $receiver, $crate::channel::select::RecvCase::new(end), $pattern) $($rest)*)
    };
    (@arms [$($arms:tt)*] send($sender:expr, $message:expr) -> $pattern:pat => $($rest:tt)*) => {
        $crate::select!(@body [$($arms)*]
            (end $sender, $crate::channel::select::SendCase::new(end, $message), $pattern) $($rest)*)
    };
    (@arms [$($arms:tt)*] default => $body:expr $(,)?) => {
        $crate::select!(@arms [$($arms)*]
            ::core::option::Option::Some($crate::time::Duration::ZERO), $body;)
    };
    (@arms [$($arms:tt)*] default($timeout:expr) => $body:expr $(,)?) => {
        $crate::select!(@arms [$($arms)*] ::core::option::Option::Some($timeout), $body;)
    };
    // The identifier `case` is another one in each expansion.
    (@body [$($arms:tt)*]
        ($end:ident $channel:expr, $make:expr, $pattern:pat) $body:block, $($rest:tt)*) => {
        $crate::select!(@arms [$($arms)* case $end $channel, $make, $pattern, $body;] $($rest)*)
    };
    (@body [$($arms:tt)*]
        ($end:ident $channel:expr, $make:expr, $pattern:pat) $body:block $($rest:tt)*) => {
        $crate::select!(@arms [$($arms)* case $end $channel, $make, $pattern, $body;] $($rest)*)
    };
    (@body [$($arms:tt)*]
        ($end:ident $channel:expr, $make:expr, $pattern:pat) $body:expr, $($rest:tt)*) => {
        $crate::select!(@arms [$($arms)* case $end $channel, $make, $pattern, $body;] $($rest)*)
    };
    (@body [$($arms:tt)*]
        ($end:ident $channel:expr, $make:expr, $pattern:pat) $body:expr) => {
        $crate::select!(@arms [$($arms)* case $end $channel, $make, $pattern, $body;])
    };
    ($($arms:tt)+) => {
        $crate::select!(@arms [] $($arms)+)
    };
}
