//! The standard library's own locks, clocks and threads inside a simulated world.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "how the banned items behave is what is tested"
)]

mod common;

use std::sync::{Arc, Condvar, Mutex, OnceLock, RwLock, mpsc};
use std::time::{Duration, Instant, SystemTime};

use common::{POLICIES, child, line_of, output, text, verdict_of};
use labrt::thread::{self, Builder};
use labrt::world::{self, Config, End, VerdictKind};

/// Runs `body` under every policy and checks that it returns.
fn returns(body: fn()) {
    for policy in POLICIES {
        for seed in 0..4 {
            let config = Config { policy, ..Config::sim(seed) };
            if let Err(verdict) = world::run(config, body).returned() {
                panic!("policy {policy:?}, seed {seed}: {verdict}");
            }
        }
    }
}

#[test]
fn a_std_mutex_may_be_held_across_a_yield() {
    returns(|| {
        let counter = Arc::new(Mutex::new(0));
        let threads: Vec<_> = (0..5)
            .map(|_| {
                let counter = Arc::clone(&counter);
                thread::spawn(move || {
                    for _ in 0..10 {
                        let mut counter = counter.lock().unwrap();
                        let before = *counter;
                        thread::sleep(Duration::from_micros(50));
                        *counter = before + 1;
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(*counter.lock().unwrap(), 50);
    });
}

#[test]
fn a_std_condition_variable_parks_the_lab_thread() {
    returns(|| {
        let pair = Arc::new((Mutex::new(0), Condvar::new()));
        let other = Arc::clone(&pair);
        let producer = thread::spawn(move || {
            for _ in 0..10 {
                thread::sleep(Duration::from_millis(1));
                *other.0.lock().unwrap() += 1;
                other.1.notify_all();
            }
        });
        let full = pair.1.wait_while(pair.0.lock().unwrap(), |count| *count < 10).unwrap();
        assert_eq!(*full, 10);
        let start = labrt::time::Instant::now();
        let (_full, result) = pair.1.wait_timeout(full, Duration::from_secs(20)).unwrap();
        assert!(result.timed_out());
        assert!(start.elapsed() >= Duration::from_secs(20));
        producer.join().unwrap();
    });
}

#[test]
fn std_rwlock_and_oncelock_park_the_lab_thread() {
    returns(|| {
        static ONCE: OnceLock<u32> = OnceLock::new();
        let shared = Arc::new((RwLock::new(0), OnceLock::new()));
        let threads: Vec<_> = (0..4)
            .map(|index| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    let value = *shared.1.get_or_init(|| {
                        thread::sleep(Duration::from_millis(5));
                        42
                    });
                    for _ in 0..5 {
                        if index == 0 {
                            let mut guard = shared.0.write().unwrap();
                            thread::sleep(Duration::from_micros(20));
                            *guard += value;
                        } else {
                            let _guard = shared.0.read().unwrap();
                            thread::sleep(Duration::from_micros(20));
                        }
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(*shared.0.read().unwrap(), 5 * 42);
        assert_eq!(*ONCE.get_or_init(|| 7), 7);
    });
}

#[test]
fn std_sleep_and_std_clocks_are_virtual() {
    returns(|| {
        let (start, date) = (Instant::now(), SystemTime::now());
        let lab = labrt::time::Instant::now();
        std::thread::sleep(Duration::from_secs(30));
        for elapsed in [start.elapsed(), lab.elapsed(), date.elapsed().unwrap()] {
            assert!(elapsed >= Duration::from_secs(30));
            assert!(elapsed < Duration::from_secs(31));
        }
        std::thread::yield_now();
    });
}

#[test]
fn a_deadlock_of_std_locks_is_found_with_their_lines() {
    let verdict = verdict_of(VerdictKind::Deadlock, || {
        let (left, right) = (Arc::new(Mutex::new(())), Arc::new(Mutex::new(())));
        let (other_left, other_right) = (Arc::clone(&left), Arc::clone(&right));
        Builder::new().name("other").spawn(move || {
            let _right = other_right.lock();
            thread::sleep(Duration::from_millis(30));
            let _left = other_left.lock(); // other
        });
        let _left = left.lock();
        thread::sleep(Duration::from_millis(30));
        let _right = right.lock(); // main
    });
    let shown = verdict.to_string();
    assert!(shown.contains(&line_of!("other")) && shown.contains(&line_of!("main")), "{shown}");
    assert!(shown.contains("a lock or condition variable of std"), "{shown}");
}

#[test]
fn a_std_lock_that_an_os_thread_holds_for_a_while_is_waited_for() {
    let lock = Arc::new(Mutex::new(0));
    let other = Arc::clone(&lock);
    let (send, held) = mpsc::channel();
    let (wanted, wait) = mpsc::channel::<()>();
    let outside = std::thread::spawn(move || {
        let mut guard = other.lock().unwrap();
        send.send(()).unwrap();
        wait.recv().unwrap();
        std::thread::sleep(Duration::from_millis(20));
        *guard = 5;
    });
    held.recv().unwrap();
    let outcome = world::run(Config::sim(1), move || {
        wanted.send(()).unwrap();
        *lock.lock().unwrap()
    });
    assert_eq!(outcome.returned().unwrap(), 5);
    outside.join().unwrap();
}

/// The verdict on what stops the OS thread of a world at once.
#[track_caller]
fn blocks_outside(place: &str, body: fn()) {
    let verdict = verdict_of(VerdictKind::BlockedOutside, move || {
        Builder::new().name("offender").spawn(body).join().unwrap();
    });
    assert!(
        verdict.message.starts_with("offender waits in a way that labrt cannot see"),
        "{verdict}"
    );
    let location = verdict.location.unwrap_or_default();
    assert!(location.contains(&format!("{place}:")), "{location} instead of {place}");
}

#[test]
fn what_parks_the_os_thread_is_a_verdict_at_once() {
    blocks_outside(&line_of!("park"), || {
        std::thread::park(); // park
    });
    blocks_outside(&line_of!("mpsc"), || {
        let (_sender, receiver) = mpsc::channel::<()>();
        let _ = receiver.recv(); // mpsc
    });
    blocks_outside(&line_of!("crossbeam"), || {
        let (_sender, receiver) = crossbeam_channel::bounded::<()>(1);
        let _ = receiver.recv(); // crossbeam
    });
}

#[test]
fn an_os_thread_started_in_a_lab_thread_is_a_verdict() {
    let verdict = verdict_of(VerdictKind::ForeignThread, || {
        let _ = std::thread::spawn(|| ()).join(); // spawn
    });
    assert!(verdict.message.starts_with("main started an OS thread"), "{verdict}");
    assert!(verdict.location.unwrap_or_default().contains(&line_of!("spawn")));
}

#[test]
fn an_endless_loop_is_named_with_thread_and_line() {
    let verdict = verdict_of(VerdictKind::EndlessLoop, || {
        Builder::new().server("server 1").name("spinner").spawn(|| {
            while std::hint::black_box(true) {} // spin
        });
        thread::sleep(Duration::from_secs(1));
    });
    assert!(verdict.message.contains("server 1/spinner"), "{verdict}");
    let location = verdict.location.unwrap_or_default();
    assert!(location.contains(&line_of!("spin")), "{location}");
}

#[test]
fn a_read_that_never_ends_is_named_with_thread_and_line() {
    use std::io::Read;
    let verdict = verdict_of(VerdictKind::BlockedOutside, || {
        Builder::new().name("reader").spawn(|| {
            let (mut reader, _writer) = std::io::pipe().unwrap();
            let _ = reader.read(&mut [0]); // read
        });
        thread::sleep(Duration::from_secs(1));
    });
    assert!(verdict.message.contains("reader"), "{verdict}");
    assert!(verdict.location.unwrap_or_default().contains(&line_of!("read")));
}

#[test]
fn many_sleeps_without_any_other_call_are_no_endless_loop() {
    let outcome = world::run(Config::sim(1), || {
        let start = std::time::Duration::from_secs(40_000);
        for _ in 0..400_000 {
            thread::sleep(Duration::from_millis(100));
        }
        assert!(world::elapsed() >= start);
    });
    outcome.returned().unwrap();
}

#[test]
fn a_call_from_an_unknown_os_thread_ends_a_world_that_owns_the_process() {
    let test = "a_call_from_an_unknown_os_thread_ends_a_world_that_owns_the_process";
    let output = output(child(test, || {
        let (send, started) = mpsc::channel();
        std::thread::spawn(move || {
            started.recv().unwrap();
            labrt::thread::yield_now(); // foreign
        });
        let outcome = world::run(Config { exclusive: true, ..Config::sim(1) }, move || {
            send.send(()).unwrap();
            loop {
                thread::sleep(Duration::from_secs(1));
            }
        });
        let End::Verdict(verdict) = outcome.end else { panic!("no verdict") };
        assert_eq!(verdict.kind, VerdictKind::ForeignThread);
        println!("{verdict}");
    }));
    let written = text(&output.stdout);
    assert!(output.status.success(), "{written}{}", text(&output.stderr));
    assert!(
        written.contains("does not know") && written.contains(&line_of!("foreign")),
        "{written}"
    );
}

#[test]
fn a_channel_of_a_world_used_outside_it_panics() {
    let (sender, receiver) =
        world::run(Config::sim(1), labrt::channel::unbounded::<u8>).returned().unwrap();
    let used = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| sender.send(1)));
    assert!(used.is_err());
    drop((sender, receiver));
}
