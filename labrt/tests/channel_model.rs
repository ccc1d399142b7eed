//! Channels against a simple model: whatever one thread does with a channel without waiting.

mod common;

use std::collections::VecDeque;

use labrt::channel::{
    Receiver, RecvTimeoutError, SendTimeoutError, Sender, TryRecvError, TrySendError, bounded,
    unbounded,
};
use labrt::time::Duration;
use labrt::world::{self, Config};
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
enum Step {
    TrySend,
    SendTimeout,
    TryReceive,
    ReceiveTimeout,
    CloneSender,
    DropSender,
    CloneReceiver,
    DropReceiver,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => Just(Step::TrySend),
        2 => Just(Step::SendTimeout),
        6 => Just(Step::TryReceive),
        2 => Just(Step::ReceiveTimeout),
        1 => Just(Step::CloneSender),
        1 => Just(Step::DropSender),
        1 => Just(Step::CloneReceiver),
        1 => Just(Step::DropReceiver),
    ];
    proptest::collection::vec(step, 0..60)
}

/// A channel and what it ought to hold.
struct Tested {
    capacity: Option<usize>,
    senders: Vec<Sender<u32>>,
    receivers: Vec<Receiver<u32>>,
    held: VecDeque<u32>,
    next: u32,
}

impl Tested {
    fn new(capacity: Option<usize>) -> Self {
        let (sender, receiver) = capacity.map_or_else(unbounded, bounded);
        let held = VecDeque::new();
        Self { capacity, senders: vec![sender], receivers: vec![receiver], held, next: 0 }
    }

    fn do_step(&mut self, step: Step) {
        match step {
            Step::TrySend | Step::SendTimeout => self.send(step),
            Step::TryReceive | Step::ReceiveTimeout => self.receive(step),
            Step::CloneSender => self.senders.extend(self.senders.last().cloned()),
            Step::DropSender => drop(self.senders.pop()),
            Step::CloneReceiver => self.receivers.extend(self.receivers.last().cloned()),
            Step::DropReceiver => {
                self.receivers.pop();
                if self.receivers.is_empty() {
                    self.held.clear();
                }
            }
        }
        let len = self.senders.first().map(Sender::len);
        let len = len.or_else(|| self.receivers.first().map(Receiver::len));
        assert!(len.is_none_or(|len| len == self.held.len()));
    }

    fn send(&mut self, step: Step) {
        let Some(sender) = self.senders.last() else { return };
        self.next += 1;
        let message = self.next;
        let is_full = self.capacity.is_some_and(|capacity| self.held.len() >= capacity);
        let is_closed = self.receivers.is_empty();
        if let Step::TrySend = step {
            let expected = match (is_closed, is_full) {
                (true, _) => Err(TrySendError::Disconnected(message)),
                (false, true) => Err(TrySendError::Full(message)),
                (false, false) => Ok(()),
            };
            assert_eq!(sender.try_send(message), expected);
        } else {
            let expected = match (is_closed, is_full) {
                (true, _) => Err(SendTimeoutError::Disconnected(message)),
                (false, true) => Err(SendTimeoutError::Timeout(message)),
                (false, false) => Ok(()),
            };
            assert_eq!(sender.send_timeout(message, Duration::from_millis(1)), expected);
        }
        if !is_closed && !is_full {
            self.held.push_back(message);
        }
    }

    fn receive(&mut self, step: Step) {
        let Some(receiver) = self.receivers.last() else { return };
        let expected = self.held.pop_front();
        let is_closed = self.senders.is_empty();
        if let Step::TryReceive = step {
            let none = if is_closed { TryRecvError::Disconnected } else { TryRecvError::Empty };
            assert_eq!(receiver.try_recv(), expected.ok_or(none));
        } else {
            let none =
                if is_closed { RecvTimeoutError::Disconnected } else { RecvTimeoutError::Timeout };
            assert_eq!(receiver.recv_timeout(Duration::from_millis(1)), expected.ok_or(none));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_channel_does_what_its_model_does(
        capacity in prop_oneof![Just(None), (0_usize..4).prop_map(Some)],
        steps in steps(),
        seed in 0_u64..1_000,
    ) {
        let outcome = world::run(Config::sim(seed), move || {
            let mut tested = Tested::new(capacity);
            steps.into_iter().for_each(|step| tested.do_step(step));
        });
        prop_assert!(outcome.returned().is_ok());
    }

    /// Whatever the number of threads and the capacity: each sender's messages arrive once each,
    /// and at one receiver in the order in which they were sent.
    #[test]
    fn many_threads_lose_and_reorder_nothing(
        capacity in prop_oneof![Just(None), (0_usize..4).prop_map(Some)],
        senders in 1_u32..5,
        receivers in 1_usize..4,
        seed in 0_u64..1_000,
    ) {
        let outcome = world::run(Config::sim(seed), move || {
            let (sender, receiver) = capacity.map_or_else(unbounded, bounded);
            for number in 0..senders {
                let sender = sender.clone();
                labrt::thread::spawn(move || (0..10).for_each(|n| {
                    sender.send((number, n)).expect("receivers wait");
                }));
            }
            drop(sender);
            let threads: Vec<_> = (0..receivers)
                .map(|_| {
                    let receiver = receiver.clone();
                    labrt::thread::spawn(move || receiver.into_iter().collect::<Vec<(u32, u32)>>())
                })
                .collect();
            let received: Vec<_> = threads.into_iter().map(|t| t.join().expect("no panic")).collect();
            for of_one in &received {
                for number in 0..senders {
                    assert!(of_one.iter().filter(|(from, _)| *from == number).is_sorted());
                }
            }
            let mut all = received.concat();
            all.sort_unstable();
            let sent: Vec<_> = (0..senders).flat_map(|s| (0..10).map(move |n| (s, n))).collect();
            assert_eq!(all, sent);
        });
        prop_assert!(outcome.returned().is_ok());
    }
}
