//! What the runtime itself finds wrong with a run, and in which words.

#![allow(clippy::disallowed_methods, reason = "std's clock is compared with the world's")]
#![allow(clippy::todo, clippy::unimplemented, reason = "what they do is told apart")]

mod common;

use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use common::{line_of, verdict_of, verdict_with};
use labrt::channel::{Receiver, bounded, unbounded};
use labrt::sync::atomic::{AtomicBool, Ordering};
use labrt::sync::{Condvar, Mutex, RwLock, Slot};
use labrt::thread::{self, Builder, JoinHandle};
use labrt::time::Duration;
use labrt::world::{self, Config, Policy, Verdict, VerdictKind};

#[track_caller]
fn assert_at(verdict: &Verdict, place: &str) {
    let location = verdict.location.as_deref().unwrap_or("no place");
    assert!(location.contains(&format!("{place}:")), "{location} instead of {place}");
}

#[track_caller]
fn assert_says(verdict: &Verdict, parts: &[&str]) {
    let text = verdict.to_string();
    for part in parts {
        assert!(text.contains(part), "no `{part}` in: {text}");
    }
}

/// Keeps a world alive: servers that tick, and a main thread that polls for an hour.
fn live_on() {
    for server in 1..=3 {
        Builder::new().server(format!("server {server}")).name("ticker").spawn(|| {
            loop {
                thread::sleep(Duration::from_millis(50));
            }
        });
    }
    for _ in 0..360_000 {
        thread::sleep(Duration::from_millis(10));
    }
}

/// Threads that each hold one lock and want the next one's.
fn lock_in_a_ring(threads: usize) {
    let locks: Vec<_> = (0..threads).map(|_| Arc::new(Mutex::new(()))).collect();
    for index in 0..threads {
        let (own, next) = (Arc::clone(&locks[index]), Arc::clone(&locks[(index + 1) % threads]));
        Builder::new().server(format!("server {index}")).name("worker").spawn(move || {
            let _own = own.lock(); // own
            thread::sleep(Duration::from_millis(10));
            let _next = next.lock(); // next
        });
    }
}

#[test]
fn locks_taken_in_a_cycle_are_a_deadlock_at_once_in_a_live_world() {
    for threads in [2, 3] {
        let (verdict, _) = verdict_with(Config::sim(1), VerdictKind::Deadlock, move || {
            lock_in_a_ring(threads);
            live_on();
        });
        assert_at(&verdict, &line_of!("next"));
        assert_eq!(verdict.details.len(), threads, "{verdict}");
        assert_says(&verdict, &["wait for each other", "server 0/worker", "server 1/worker"]);
        let number = |line: &String| {
            let (_, lock) = line.split_once("waits for lock ").expect("a numbered lock");
            lock.split(' ').next().map(str::to_owned)
        };
        let locks: std::collections::BTreeSet<_> = verdict.details.iter().map(number).collect();
        assert_eq!(locks.len(), threads, "each waits for another lock: {verdict}");
        for line in &verdict.details {
            let (held, wanted) = line.split_once(") at ").expect("two places");
            assert!(held.contains("(taken at ") && held.contains(&line_of!("own")), "{line}");
            assert!(wanted.contains(&line_of!("next")), "{line}");
        }
        assert!(!verdict.to_string().contains("ticker"), "{verdict}");
    }
}

#[test]
fn a_lock_taken_twice_by_one_thread_is_a_deadlock() {
    let verdict = verdict_of(VerdictKind::Deadlock, || {
        let lock = Mutex::new(());
        let _first = lock.lock(); // first
        let _second = lock.lock(); // second
    });
    assert_at(&verdict, &line_of!("second"));
    assert_says(&verdict, &["main waits for a lock that it holds itself", &line_of!("first")]);
}

#[test]
fn a_reader_that_wants_to_write_is_a_deadlock() {
    let verdict = verdict_of(VerdictKind::Deadlock, || {
        let lock = RwLock::new(());
        let _reader = lock.read();
        let _writer = lock.write();
    });
    assert_says(&verdict, &["holds itself"]);
}

#[test]
fn readers_that_wait_for_each_other_to_write_are_a_deadlock() {
    let verdict = verdict_of(VerdictKind::Deadlock, || {
        let (left, right) = (Arc::new(RwLock::new(())), Arc::new(RwLock::new(())));
        for (first, second) in [(left.clone(), right.clone()), (right, left)] {
            thread::spawn(move || {
                let _reader = first.read();
                thread::sleep(Duration::from_millis(10));
                let _writer = second.write();
            });
        }
        live_on();
    });
    assert_says(&verdict, &["wait for each other"]);
}

#[test]
fn a_lock_whose_holder_has_ended_is_a_deadlock_for_those_who_come_later() {
    let verdict = verdict_of(VerdictKind::Deadlock, || {
        let lock = Arc::new(Mutex::new(()));
        let other = Arc::clone(&lock);
        thread::spawn(move || mem::forget(other.lock())).join().unwrap(); // forgotten
        drop(lock.lock());
    });
    assert_says(&verdict, &["whose holder ended without letting go", &line_of!("forgotten")]);
}

#[test]
fn a_lock_whose_holder_ends_is_a_deadlock_for_those_who_wait_already() {
    let verdict = verdict_of(VerdictKind::Deadlock, || {
        let lock = Arc::new(Mutex::new(()));
        let (held, wanted) = (Arc::clone(&lock), lock);
        thread::spawn(move || {
            mem::forget(held.lock());
            thread::sleep(Duration::from_secs(1));
        });
        Builder::new().name("late").spawn(move || {
            thread::sleep(Duration::from_millis(500));
            drop(wanted.lock()); // wanted
        });
        live_on();
    });
    assert_says(&verdict, &["late waits for a lock whose holder ended"]);
    assert_at(&verdict, &line_of!("wanted"));
}

#[test]
fn threads_that_join_each_other_are_a_deadlock() {
    let verdict = verdict_of(VerdictKind::Deadlock, || {
        type Handles = Receiver<JoinHandle<()>>;
        let joiner = |handles: Handles| move || handles.recv().unwrap().join().unwrap();
        let ((to_a, for_a), (to_b, for_b)) = (bounded(1), bounded(1));
        let a = Builder::new().name("a").spawn(joiner(for_a));
        let b = Builder::new().name("b").spawn(joiner(for_b));
        to_a.send(b).unwrap();
        to_b.send(a).unwrap();
        live_on();
    });
    assert_says(&verdict, &["wait for each other", "waits for the end of a thread a"]);
    let verdict = verdict_of(VerdictKind::Deadlock, || {
        let (sender, receiver) = bounded::<JoinHandle<()>>(1);
        let own =
            Builder::new().name("own").spawn(move || receiver.recv().unwrap().join().unwrap());
        sender.send(own).unwrap();
        live_on();
    });
    assert_says(&verdict, &["own waits for its own end"]);
}

#[test]
fn a_thread_joined_under_the_lock_that_it_wants_is_a_deadlock() {
    let verdict = verdict_of(VerdictKind::Deadlock, || {
        let lock = Arc::new(Mutex::new(()));
        let _guard = lock.lock();
        let other = Arc::clone(&lock);
        Builder::new().name("child").spawn(move || drop(other.lock())).join().unwrap();
    });
    assert_says(&verdict, &["main", "child"]);
}

#[test]
fn when_nothing_can_run_every_waiting_thread_is_listed() {
    let verdict = verdict_of(VerdictKind::Deadlock, || {
        let (silent, receiver) = unbounded::<()>();
        let (full, idle) = bounded::<()>(0);
        let pair = Arc::new((Mutex::new(()), Condvar::new()));
        Builder::new().name("reads").spawn(move || receiver.recv()); // reads
        Builder::new().name("writes").spawn(move || full.send(())); // writes
        let waited = Arc::clone(&pair);
        Builder::new().name("waits").spawn(move || drop(waited.1.wait(waited.0.lock()))); // waits
        Slot::<()>::new().wait(); // slot
        drop((silent, idle));
    });
    assert_says(&verdict, &["all 4 threads wait"]);
    for (name, wait, line) in [
        ("main", "a reply", line_of!("slot")),
        ("reads", "a message from a channel", line_of!("reads")),
        ("writes", "a channel to take its message", line_of!("writes")),
        ("waits", "a condition variable", line_of!("waits")),
    ] {
        let is_listed = |detail: &String| {
            detail.starts_with(&format!("{name} waits for {wait} at")) && detail.contains(&line)
        };
        assert!(verdict.details.iter().any(is_listed), "{name}, {line}: {verdict}");
    }
}

#[test]
fn polling_without_a_rest_is_a_busy_wait() {
    let done = Arc::new(AtomicBool::new(false));
    let lock = Arc::new(Mutex::new(false));
    let verdict = verdict_of(VerdictKind::BusyWait, move || {
        Builder::new().server("server 1").name("poller").spawn(move || {
            while !done.load(Ordering::SeqCst) {} // poll
        });
        live_on();
    });
    assert_at(&verdict, &line_of!("poll"));
    assert_says(&verdict, &["server 1/poller", "without ever waiting"]);
    // A lock that is now and then taken by others gives no rest.
    let verdict = verdict_of(VerdictKind::BusyWait, move || {
        let other = Arc::clone(&lock);
        thread::spawn(move || {
            loop {
                let _guard = other.lock();
                thread::sleep(Duration::from_millis(1));
            }
        });
        while !*lock.lock() {}
    });
    assert_says(&verdict, &["main has run"]);
}

#[test]
fn a_loop_that_reads_the_clock_moves_the_clock() {
    let outcome = world::run(Config::sim(1), || {
        let start = labrt::time::Instant::now();
        while start.elapsed() < Duration::from_millis(20) {}
        let start = std::time::Instant::now();
        while start.elapsed() < Duration::from_millis(20) {}
    });
    outcome.returned().unwrap();
}

#[test]
fn a_panic_names_its_thread_and_its_place() {
    for config in [Config::sim(1), Config::real(1)] {
        let (verdict, _) = verdict_with(config, VerdictKind::Panic, || {
            Builder::new().server("server 2").name("ticker").spawn(|| {
                panic!("term {} is too old", 7); // panic
            });
            thread::sleep(Duration::from_hours(1));
        });
        assert_eq!(verdict.message, "server 2/ticker panicked: term 7 is too old");
        assert_at(&verdict, &line_of!("panic"));
    }
}

#[test]
fn a_panic_that_was_caught_before_is_not_taken_for_the_one_that_was_not() {
    let verdict = verdict_of(VerdictKind::Panic, || {
        assert!(panic::catch_unwind(|| panic!("the first")).is_err());
        panic::resume_unwind(Box::new("the second"));
    });
    assert_eq!(verdict.message, "main panicked: the second");
    assert_eq!(verdict.location, None);
}

/// Does what it is told when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[test]
fn a_panic_in_a_destructor_is_a_panic() {
    let verdict = verdict_of(VerdictKind::Panic, || drop(OnDrop(|| panic!("while dropping"))));
    assert_eq!(verdict.message, "main panicked: while dropping");
}

#[test]
fn a_second_panic_while_the_first_unwinds_is_a_verdict_with_both() {
    for config in [Config::sim(1), Config::real(1)] {
        let (verdict, _) = verdict_with(config, VerdictKind::Panic, || {
            let _second = OnDrop(|| panic!("the second"));
            panic!("the first");
        });
        assert_eq!(verdict.message, "main panicked: the first");
        assert_says(&verdict, &["a destructor panicked as well", "the second"]);
    }
}

#[test]
fn unwinding_lets_go_of_locks_and_lets_nobody_in() {
    let outcome = world::run(Config { policy: Policy::Fifo, ..Config::sim(1) }, || {
        let lock = Arc::new(Mutex::new(0));
        let (sender, receiver) = unbounded();
        let other = Arc::clone(&lock);
        let waiter = thread::spawn(move || {
            thread::sleep(Duration::from_micros(100));
            *other.lock() += 10;
        });
        let mut seen = -1;
        let unwound = panic::catch_unwind(AssertUnwindSafe(|| {
            let _last = OnDrop(|| {
                let mut value = lock.lock();
                seen = *value;
                *value += 1;
            });
            let _guard = lock.lock();
            thread::sleep(Duration::from_millis(1));
            let _first = OnDrop(|| {
                for _ in 0..100 {
                    sender.send(()).unwrap();
                }
            });
            panic!("on purpose");
        }));
        assert!(unwound.is_err());
        assert_eq!(seen, 0, "the other thread came first");
        waiter.join().unwrap();
        assert_eq!((*lock.lock(), receiver.len()), (11, 100));
    });
    outcome.returned().unwrap();
}

#[test]
fn waiting_in_a_destructor_while_unwinding_is_a_verdict() {
    let verdict = verdict_of(VerdictKind::Panic, || {
        let _sleeper = OnDrop(|| thread::sleep(Duration::from_millis(1))); // destructor
        panic!("on purpose");
    });
    assert_eq!(verdict.message, "main panicked: on purpose");
    assert_says(&verdict, &["a destructor waited at", &line_of!("destructor")]);
}

#[test]
fn a_destructor_that_polls_while_unwinding_is_still_found_out() {
    let verdict = verdict_of(VerdictKind::BusyWait, || {
        let done = AtomicBool::new(false);
        let _poller = OnDrop(move || while !done.load(Ordering::SeqCst) {});
        panic!("on purpose");
    });
    assert_says(&verdict, &["main"]);
}

#[test]
fn threads_without_end_are_a_verdict() {
    let verdict = verdict_of(VerdictKind::TooManyThreads, || {
        loop {
            thread::spawn(|| thread::sleep(Duration::from_hours(1))); // spawn
        }
    });
    assert_at(&verdict, &line_of!("spawn"));
    assert_says(&verdict, &["too many live threads"]);
}

#[test]
fn a_world_ends_at_its_time_limit() {
    for (config, step) in
        [(Config::sim(1), Duration::from_hours(5)), (Config::real(1), Duration::from_secs(5))]
    {
        let limit = Duration::from_millis(50);
        let config = Config { time_limit: Some(limit), ..config };
        let outcome = world::run(config, move || thread::sleep(step));
        let is_sim = outcome.stats.steps > 0;
        if is_sim {
            assert!(outcome.stats.time < 2 * limit, "{:?}", outcome.stats.time);
        }
        let verdict = outcome.returned().unwrap_err();
        assert_eq!(verdict.kind, VerdictKind::TimeLimit);
        assert_says(&verdict, &["had not ended after 0.05"]);
        if is_sim {
            assert_says(&verdict, &["main waits for the end of a sleep at"]);
        }
    }
}

#[test]
fn long_waits_for_a_lock_are_noted() {
    let config = Config { time_limit: Some(Duration::from_secs(30)), ..Config::sim(1) };
    let (_, notes) = verdict_with(config, VerdictKind::TimeLimit, || {
        let lock = Arc::new(Mutex::new(()));
        let forever = Arc::new(Mutex::new(()));
        for (name, lock, seconds) in [("short", &lock, 8), ("long", &forever, 3600)] {
            let lock = Arc::clone(lock);
            Builder::new().name(name).spawn(move || {
                let _guard = lock.lock();
                thread::sleep(Duration::from_secs(seconds));
            });
        }
        thread::sleep(Duration::from_secs(1));
        let waiter = Builder::new().name("waiter").spawn(move || drop(lock.lock()));
        Builder::new().name("stuck").spawn(move || drop(forever.lock()));
        waiter.join().unwrap();
        thread::sleep(Duration::from_hours(1));
    });
    let has = |start: &str, part: &str| {
        notes.iter().any(|note| note.starts_with(start) && note.contains(part))
    };
    assert!(has("waiter waited 7.", "which short held"), "{notes:#?}");
    assert!(has("stuck waits for lock 1 held by long", "still waiting"), "{notes:#?}");
}

/// Would take the whole test process down.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        std::process::abort();
    }
}

#[test]
fn what_suspended_threads_hold_is_never_dropped() {
    let outcome = world::run(Config::sim(1), || {
        for _ in 0..10 {
            thread::spawn(|| {
                let _bomb = Bomb;
                thread::sleep(Duration::from_hours(1));
            });
        }
        // One that never gets to run holds its bomb in its closure.
        thread::sleep(Duration::from_millis(1));
        let unstarted = Bomb;
        thread::spawn(move || {
            thread::sleep(Duration::from_hours(1));
            drop(unstarted);
        });
    });
    outcome.returned().unwrap();
}

#[test]
fn an_abort_is_a_verdict_in_a_simulated_world() {
    let verdict = verdict_of(VerdictKind::Abort, || {
        std::process::abort(); // abort
    });
    assert_eq!(verdict.message, "main ended the process by a call of `abort`");
    assert_at(&verdict, &line_of!("abort"));
}

#[test]
fn code_that_is_not_written_is_told_apart_from_other_panics() {
    let verdict_of = |main: fn()| {
        [Config::sim(1), Config::real(1)]
            .map(|config| verdict_with(config, VerdictKind::NotImplemented, main).0)
    };
    for verdict in verdict_of(|| {
        thread::spawn(|| todo!("count {} votes", 3)); // votes
        live_on();
    }) {
        assert_eq!(verdict.message, "`todo!()` was reached: count 3 votes");
        assert_at(&verdict, &line_of!("votes"));
    }
    for verdict in verdict_of(|| unimplemented!()) {
        assert_eq!(verdict.message, "`unimplemented!()` was reached");
    }
    let (verdict, _) = verdict_with(Config::sim(1), VerdictKind::Panic, || {
        panic!("not implemented-ish");
    });
    assert_says(&verdict, &["main panicked: not implemented-ish"]);
}
