//! Channels and `select!`, in both worlds.

mod common;

use common::in_both_worlds;
use labrt::channel::{
    self, Receiver, RecvError, RecvTimeoutError, SendError, SendTimeoutError, TryRecvError,
    TrySendError, after, bounded, never, select, tick, unbounded,
};
use labrt::thread;
use labrt::time::{Duration, Instant};

const MILLI: Duration = Duration::from_millis(1);

/// A thread that sends these after a little while.
fn send_later<T: Send + 'static>(sender: channel::Sender<T>, message: T) {
    thread::spawn(move || {
        thread::sleep(MILLI);
        let _ = sender.send(message);
    });
}

in_both_worlds! {
    fn messages_arrive_in_order() {
        let (sender, receiver) = unbounded();
        let thread = thread::spawn(move || (0..100).for_each(|n| sender.send(n).unwrap()));
        assert_eq!(receiver.iter().collect::<Vec<u32>>(), (0..100).collect::<Vec<_>>());
        thread.join().unwrap();
        assert_eq!(receiver.recv(), Err(RecvError));
    }

    fn each_message_is_received_once() {
        let (sender, receiver) = bounded(3);
        let receivers: Vec<_> = (0..3).map(|_| {
            let receiver = receiver.clone();
            thread::spawn(move || receiver.into_iter().collect::<Vec<u32>>())
        }).collect();
        drop(receiver);
        let senders: Vec<_> = (0..3).map(|n| {
            let sender = sender.clone();
            thread::spawn(move || (0..20).for_each(|m| sender.send(100 * n + m).unwrap()))
        }).collect();
        drop(sender);
        for sender in senders {
            sender.join().unwrap();
        }
        let mut all: Vec<u32> = receivers.into_iter().flat_map(|r| r.join().unwrap()).collect();
        all.sort_unstable();
        let sent: Vec<u32> = (0..3).flat_map(|n| (0..20).map(move |m| 100 * n + m)).collect();
        assert_eq!(all, sent);
    }

    fn a_bounded_channel_holds_no_more_than_its_capacity() {
        let (sender, receiver) = bounded(2);
        assert_eq!(sender.capacity(), Some(2));
        sender.send(1).unwrap();
        sender.try_send(2).unwrap();
        assert_eq!(sender.try_send(3), Err(TrySendError::Full(3)));
        assert_eq!(sender.send_timeout(3, MILLI), Err(SendTimeoutError::Timeout(3)));
        assert_eq!((sender.len(), receiver.len()), (2, 2));
        let blocked = thread::spawn(move || sender.send(3));
        assert_eq!(receiver.recv(), Ok(1));
        assert_eq!(blocked.join().unwrap(), Ok(()));
        assert_eq!(receiver.try_iter().collect::<Vec<_>>(), [2, 3]);
        assert!(receiver.is_empty());
    }

    fn a_rendezvous_channel_passes_a_message_when_both_are_there() {
        let (sender, receiver) = bounded(0);
        assert_eq!(sender.try_send(1), Err(TrySendError::Full(1)));
        assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
        assert_eq!(sender.send_timeout(1, MILLI), Err(SendTimeoutError::Timeout(1)));
        let thread = thread::spawn(move || (0..10).for_each(|n| sender.send(n).unwrap()));
        assert_eq!(receiver.iter().collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
        thread.join().unwrap();
    }

    fn receivers_learn_that_all_senders_are_gone() {
        let (sender, receiver) = unbounded();
        let (second, waiting) = (sender.clone(), receiver.clone());
        let waiter = thread::spawn(move || (waiting.recv(), waiting.recv()));
        thread::sleep(MILLI);
        sender.send(1).unwrap();
        drop(sender);
        thread::sleep(MILLI);
        drop(second);
        assert_eq!(waiter.join().unwrap(), (Ok(1), Err(RecvError)));
        assert_eq!(receiver.try_recv(), Err(TryRecvError::Disconnected));
        assert_eq!(receiver.recv_timeout(MILLI), Err(RecvTimeoutError::Disconnected));
    }

    fn senders_learn_that_all_receivers_are_gone() {
        let (sender, receiver) = bounded(0);
        let waiting = sender.clone();
        let waiter = thread::spawn(move || waiting.send(String::from("unwanted")));
        thread::sleep(MILLI);
        drop(receiver);
        assert_eq!(waiter.join().unwrap(), Err(SendError(String::from("unwanted"))));
        let back = || String::from("back");
        assert_eq!(sender.try_send(back()), Err(TrySendError::Disconnected(back())));
        assert_eq!(sender.send_timeout(back(), MILLI), Err(SendTimeoutError::Disconnected(back())));
    }

    fn what_nobody_received_is_dropped_with_the_channel() {
        let witness = std::sync::Arc::new(());
        let (sender, receiver) = unbounded();
        sender.send(std::sync::Arc::clone(&witness)).unwrap();
        drop(receiver);
        assert_eq!(std::sync::Arc::strong_count(&witness), 1);
        drop(sender);
    }

    fn a_receive_ends_when_its_time_is_up() {
        let (sender, receiver) = unbounded::<u8>();
        let start = Instant::now();
        assert_eq!(receiver.recv_timeout(5 * MILLI), Err(RecvTimeoutError::Timeout));
        assert!(start.elapsed() >= 5 * MILLI);
        assert_eq!(receiver.recv_timeout(Duration::ZERO), Err(RecvTimeoutError::Timeout));
        sender.send(1).unwrap();
        assert_eq!(receiver.recv_timeout(Duration::ZERO), Ok(1));
        send_later(sender, 2);
        assert_eq!(receiver.recv_timeout(Duration::from_mins(1)), Ok(2));
    }

    fn after_delivers_once_and_tick_again_and_again() {
        let start = Instant::now();
        let once = after(3 * MILLI);
        assert_eq!(once.try_recv(), Err(TryRecvError::Empty));
        assert!(once.recv().unwrap() >= start + 3 * MILLI);
        assert!(start.elapsed() >= 3 * MILLI);
        assert_eq!(once.recv_timeout(MILLI), Err(RecvTimeoutError::Timeout));
        let start = Instant::now();
        let ticks = tick(2 * MILLI);
        let moments: Vec<Instant> = ticks.iter().take(4).collect();
        assert!(moments.is_sorted());
        assert!(start.elapsed() >= 8 * MILLI);
        assert_eq!(never::<u8>().recv_timeout(MILLI), Err(RecvTimeoutError::Timeout));
        assert_eq!(never::<u8>().try_recv(), Err(TryRecvError::Empty));
    }

    fn select_takes_what_is_ready() {
        let (a, from_a) = unbounded();
        let (_b, from_b) = unbounded::<u32>();
        a.send(1).unwrap();
        let got = select! {
            recv(from_a) -> message => message.unwrap(),
            recv(from_b) -> _ => unreachable!("nothing was sent"),
        };
        assert_eq!(got, 1);
        let got = select! {
            recv(from_a) -> _ => 0,
            recv(from_b) -> _ => 0,
            default => 9,
        };
        assert_eq!(got, 9);
    }

    fn select_waits_for_the_first_that_becomes_possible() {
        let (a, from_a) = unbounded();
        let (b, from_b) = bounded::<u32>(0);
        send_later(a.clone(), 5);
        let got = select! {
            recv(from_a) -> message => message,
            recv(from_b) -> message => message,
        };
        assert_eq!(got, Ok(5));
        send_later(b, 6);
        select! {
            recv(from_a) -> _ => unreachable!("nothing was sent"),
            recv(from_b) -> message => assert_eq!(message, Ok(6)),
            recv(after(Duration::from_mins(1))) -> _ => unreachable!("too late"),
        }
    }

    fn select_sends_as_well() {
        let (sender, receiver) = bounded(0);
        let (_other, nothing) = unbounded::<u32>();
        let reader = thread::spawn(move || receiver.recv());
        select! {
            send(sender, 3) -> result => result.unwrap(),
            recv(nothing) -> _ => unreachable!("nothing was sent"),
        }
        assert_eq!(reader.join().unwrap(), Ok(3));
        select! {
            send(sender, 4) -> result => assert_eq!(result, Err(SendError(4))),
            recv(nothing) -> _ => unreachable!("nothing was sent"),
        }
    }

    fn the_chosen_send_is_the_one_whose_message_arrives() {
        let (sender, receiver) = bounded(0);
        let reader = thread::spawn(move || receiver.recv().unwrap());
        thread::sleep(MILLI);
        let sent = select! {
            send(sender, 0) -> result => result.map(|()| 0),
            send(sender, 1) -> result => result.map(|()| 1),
        };
        assert_eq!(sent.unwrap(), reader.join().unwrap());
        let (sender, receiver) = bounded(0);
        let reader = thread::spawn(move || {
            thread::sleep(MILLI);
            receiver.recv().unwrap()
        });
        let sent = select! {
            send(sender, 0) -> result => result.map(|()| 0),
            send(sender, 1) -> result => result.map(|()| 1),
        };
        assert_eq!(sent.unwrap(), reader.join().unwrap());
    }

    fn select_gives_up_when_its_time_is_up() {
        let (_sender, receiver) = unbounded::<u32>();
        let start = Instant::now();
        let timed_out = select! {
            recv(receiver) -> _ => false,
            default(4 * MILLI) => true,
        };
        assert!(timed_out && start.elapsed() >= 4 * MILLI);
    }

    fn a_disconnected_channel_is_always_possible() {
        let (sender, receiver) = unbounded::<u32>();
        thread::spawn(move || {
            thread::sleep(MILLI);
            drop(sender);
        });
        let silent: Receiver<u32> = never();
        let got = select! {
            recv(silent) -> message => message,
            recv(receiver) -> message => message,
        };
        assert_eq!(got, Err(RecvError));
    }

    fn select_is_fair_enough_to_serve_both() {
        let (a, from_a) = unbounded();
        let (b, from_b) = unbounded();
        for n in 0..200 {
            a.send(n).unwrap();
            b.send(n).unwrap();
        }
        let mut served = [0; 2];
        for _ in 0..200 {
            select! {
                recv(from_a) -> _ => served[0] += 1,
                recv(from_b) -> _ => served[1] += 1,
            }
        }
        assert!(served.iter().all(|count| *count > 20), "{served:?}");
    }

    fn nothing_is_lost_between_many_selects() {
        let (sender, receiver) = bounded(1);
        let (stop, stopped) = bounded::<()>(0);
        let readers: Vec<_> = (0..3).map(|_| {
            let (receiver, stopped) = (receiver.clone(), stopped.clone());
            thread::spawn(move || {
                let mut sum = 0;
                loop {
                    select! {
                        recv(receiver) -> message => sum += message.unwrap_or(0),
                        recv(stopped) -> _ => break sum,
                        default(2 * MILLI) => {}
                    }
                }
            })
        }).collect();
        let writers: Vec<_> = (0..3).map(|_| {
            let sender = sender.clone();
            thread::spawn(move || {
                for n in 1..=20 {
                    let idle = tick(MILLI);
                    loop {
                        select! {
                            send(sender, n) -> result => {
                                result.unwrap();
                                break;
                            }
                            recv(idle) -> _ => {}
                        }
                    }
                }
            })
        }).collect();
        for writer in writers {
            writer.join().unwrap();
        }
        while !receiver.is_empty() {
            thread::sleep(MILLI);
        }
        drop(stop);
        let sum: u64 = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
        assert_eq!(sum, 3 * 210);
    }
}
