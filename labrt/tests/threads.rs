//! Threads, time, names, atomics and randomness, in both worlds.

mod common;

use std::sync::Arc;

use common::in_both_worlds;
use labrt::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use labrt::thread::{self, Builder};
use labrt::time::{Duration, Instant};
use labrt::world;
use rand::{Rng, RngExt};

in_both_worlds! {
    fn join_brings_the_value() {
        let handles: Vec<_> = (0..10).map(|n| thread::spawn(move || n * n)).collect();
        let squares: Vec<u32> = handles.into_iter().map(|h| h.join().unwrap()).collect();
        assert_eq!(squares, [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]);
    }

    fn a_thread_is_finished_when_it_has_ended_and_not_before() {
        let go = Arc::new(AtomicBool::new(false));
        let may = Arc::clone(&go);
        let thread = thread::spawn(move || {
            while !may.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(1));
            }
        });
        assert!(!thread.is_finished());
        go.store(true, Ordering::SeqCst);
        while !thread.is_finished() {
            thread::yield_now();
        }
        thread.join().unwrap();
    }

    fn threads_start_threads() {
        fn count(depth: u32) -> u32 {
            if depth == 0 {
                return 1;
            }
            let left = thread::spawn(move || count(depth - 1));
            let right = thread::spawn(move || count(depth - 1));
            left.join().unwrap() + right.join().unwrap()
        }
        assert_eq!(count(5), 32);
    }

    fn a_handle_may_be_dropped() {
        let done = Arc::new(AtomicBool::new(false));
        let set = Arc::clone(&done);
        drop(thread::spawn(move || set.store(true, Ordering::SeqCst)));
        while !done.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn sleep_lasts_at_least_as_long_as_asked() {
        for millis in [0, 1, 3, 10] {
            let asked = Duration::from_millis(millis);
            let (start, world) = (Instant::now(), world::elapsed());
            thread::sleep(asked);
            assert!(start.elapsed() >= asked);
            assert!(world::elapsed() >= world + asked);
        }
    }

    fn a_longer_sleep_ends_later() {
        let order = Arc::new(AtomicU64::new(0));
        let sleepers = [40_u64, 20].map(|millis| {
            let order = Arc::clone(&order);
            thread::spawn(move || {
                let start = Instant::now();
                thread::sleep(Duration::from_millis(millis));
                order.fetch_max(millis, Ordering::SeqCst);
                start.elapsed() >= Duration::from_millis(millis)
            })
        });
        assert!(sleepers.into_iter().all(|sleeper| sleeper.join().unwrap()));
        assert_eq!(order.load(Ordering::SeqCst), 40);
    }

    fn moments_can_be_reckoned_with() {
        let now = Instant::now();
        let hour = Duration::from_hours(1);
        assert_eq!(now + hour - hour, now);
        assert_eq!((now + hour) - now, hour);
        assert_eq!(now - (now + hour), Duration::ZERO);
        assert_eq!(now.checked_duration_since(now + hour), None);
        assert_eq!(now - (now - hour), hour, "a moment before the world began");
        assert_eq!(now.checked_sub(Duration::MAX), None);
        assert_eq!(now.checked_add(Duration::MAX), None);
        let mut moment = now;
        moment += hour;
        moment -= hour;
        assert!(moment == now && now < now + hour);
        assert!((now - hour).elapsed() >= hour);
    }

    fn threads_belong_to_the_server_of_those_who_start_them() {
        assert_eq!(thread::label(), "main");
        let server = Builder::new().name("start").server("server 1").spawn(|| {
            let named = Builder::new().name("ticker").spawn(thread::label).join().unwrap();
            let nameless = thread::spawn(thread::label).join().unwrap();
            let other = thread::with_server("server 2", || {
                Builder::new().name("handler").spawn(thread::label).join().unwrap()
            });
            let after = Builder::new().name("after").spawn(thread::label).join().unwrap();
            (thread::label(), named, nameless, other, after)
        });
        let (own, named, nameless, other, after) = server.join().unwrap();
        assert_eq!(own, "server 1/start");
        assert_eq!(named, "server 1/ticker");
        assert!(nameless.starts_with("server 1/thread "), "{nameless}");
        assert_eq!(other, "server 2/handler");
        assert_eq!(after, "server 1/after");
        let outside = thread::spawn(thread::label).join().unwrap();
        assert!(outside.starts_with("thread "), "{outside}");
    }

    fn each_living_thread_has_a_number_of_its_own() {
        let number = || {
            let before = thread::ordinal();
            thread::yield_now();
            (before, thread::ordinal())
        };
        let others = [thread::spawn(number), thread::spawn(number)];
        let mut numbers = vec![number()];
        numbers.extend(others.map(|thread| thread.join().unwrap()));
        assert!(numbers.iter().all(|(before, after)| before == after), "{numbers:?}");
        let distinct: std::collections::BTreeSet<_> = numbers.iter().collect();
        assert_eq!(distinct.len(), 3, "{numbers:?}");
    }

    fn the_server_comes_back_after_a_panic() {
        let panicked = std::panic::catch_unwind(|| {
            thread::with_server("server 7", || std::panic::resume_unwind(Box::new("on purpose")))
        });
        assert!(panicked.is_err());
        assert_eq!(thread::label(), "main");
    }

    fn atomics_lose_no_update() {
        let total = Arc::new(AtomicUsize::new(0));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let total = Arc::clone(&total);
                thread::spawn(move || (0..50).for_each(|_| {
                    total.fetch_add(1, Ordering::SeqCst);
                }))
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(total.load(Ordering::SeqCst), 200);
        assert_eq!(total.swap(7, Ordering::SeqCst), 200);
        assert_eq!(total.compare_exchange(8, 9, Ordering::SeqCst, Ordering::SeqCst), Err(7));
        assert_eq!(total.compare_exchange(7, 9, Ordering::SeqCst, Ordering::SeqCst), Ok(7));
        assert_eq!(total.fetch_sub(1, Ordering::SeqCst), 9);
        assert_eq!(total.fetch_max(4, Ordering::SeqCst), 8);
        assert_eq!(Arc::into_inner(total).map(AtomicUsize::into_inner), Some(8));
    }

    fn randomness_fills_what_it_is_asked_for() {
        let mut rng = labrt::rand::rng();
        assert!((0..100).map(|_| rng.random_range(0..10)).all(|n| n < 10));
        let mut bytes = [0; 37];
        rng.fill_bytes(&mut bytes);
        assert!(bytes[32..].iter().any(|byte| *byte != 0));
        assert_ne!(rng.next_u64(), rng.next_u64());
    }

    fn a_caught_panic_goes_no_further() {
        let caught = std::panic::catch_unwind(|| panic!("on purpose"));
        assert!(caught.is_err());
        assert_eq!(thread::spawn(|| 5).join().unwrap(), 5);
    }

    fn many_threads_live_at_once() {
        let threads: Vec<_> = (0..500)
            .map(|_| thread::spawn(|| thread::sleep(Duration::from_millis(20))))
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
    }
}

#[test]
fn outside_any_world_the_api_is_that_of_the_real_one() {
    assert_eq!(world::clock(), labrt::Clock::Real);
    let panicking = thread::spawn(|| panic!("on purpose"));
    assert!(panicking.join().is_err());
    assert_eq!(thread::spawn(|| 3).join().unwrap(), 3);
}

#[test]
fn the_time_of_a_simulated_world_is_virtual() {
    let outcome = world::run(world::Config::sim(1), || {
        thread::sleep(Duration::from_hours(24 * 365 * 100));
        labrt::Clock::Sim == world::clock()
    });
    assert!(outcome.stats.time >= Duration::from_hours(24 * 365 * 100));
    assert!(outcome.returned().unwrap());
}

#[test]
fn a_world_can_be_ended_from_any_thread() {
    for config in [world::Config::sim(1), world::Config::real(1)] {
        let outcome = world::run(config, || {
            thread::spawn(|| world::end(String::from("enough")));
            thread::sleep(Duration::from_hours(1));
        });
        let world::End::Ended(payload) = outcome.end else { panic!("{:?}", outcome.end) };
        assert_eq!(*payload.downcast::<String>().unwrap(), "enough");
    }
}

#[test]
fn more_threads_than_the_real_world_admits_wait_for_their_turn() {
    const THREADS: usize = 8_200;
    let outcome = world::run(world::Config::real(1), || {
        let gate = Arc::new(AtomicBool::new(false));
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                let gate = Arc::clone(&gate);
                thread::spawn(move || {
                    while !gate.load(Ordering::SeqCst) {
                        thread::sleep(Duration::from_millis(100));
                    }
                })
            })
            .collect();
        gate.store(true, Ordering::SeqCst);
        for thread in threads {
            thread.join().unwrap();
        }
    });
    assert!(
        outcome.stats.notes.iter().any(|note| note.contains("all that there can be")),
        "{:?}",
        outcome.stats.notes
    );
    outcome.returned().unwrap();
}
