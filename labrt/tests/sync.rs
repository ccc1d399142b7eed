//! Locks, condition variables, barriers, wait groups and slots, in both worlds.

mod common;

use std::sync::Arc;

use common::in_both_worlds;
use labrt::sync::atomic::{AtomicUsize, Ordering};
use labrt::sync::{Barrier, Condvar, Mutex, RwLock, Slot, WaitGroup};
use labrt::thread;
use labrt::time::{Duration, Instant};

const MILLI: Duration = Duration::from_millis(1);

/// Runs `body` in so many threads and waits for all.
fn in_threads(count: usize, body: impl Fn(usize) + Clone + Send + 'static) {
    let threads: Vec<_> = (0..count)
        .map(|index| {
            let body = body.clone();
            thread::spawn(move || body(index))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

in_both_worlds! {
    fn a_mutex_excludes() {
        let counter = Arc::new(Mutex::new(0));
        let inside = Arc::new(AtomicUsize::new(0));
        let shared = Arc::clone(&counter);
        in_threads(5, move |_| {
            for _ in 0..20 {
                let mut counter = shared.lock();
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                thread::yield_now();
                *counter += 1;
                inside.fetch_sub(1, Ordering::SeqCst);
            }
        });
        assert_eq!(*counter.lock(), 100);
        assert_eq!(Arc::into_inner(counter).map(Mutex::into_inner), Some(100));
    }

    fn try_lock_never_waits() {
        let mutex = Arc::new(Mutex::new(1));
        let guard = mutex.lock();
        let other = Arc::clone(&mutex);
        assert!(thread::spawn(move || other.try_lock().is_none()).join().unwrap());
        assert_eq!(format!("{mutex:?}"), "Mutex(<locked>)");
        drop(guard);
        assert_eq!(*mutex.try_lock().expect("nobody holds it"), 1);
        assert_eq!(format!("{mutex:?}"), "Mutex(1)");
    }

    fn a_caught_panic_poisons_nothing() {
        let mutex = Mutex::new(1);
        let rwlock = RwLock::new(1);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _guards = (mutex.lock(), rwlock.write());
            panic!("on purpose");
        }));
        assert!(panicked.is_err());
        *mutex.lock() += 1;
        assert_eq!(*mutex.try_lock().expect("nobody holds it"), 2);
        *rwlock.try_write().expect("nobody holds it") += 1;
        assert_eq!(*rwlock.try_read().expect("nobody holds it"), 2);
        assert_eq!(format!("{mutex:?} {rwlock:?}"), "Mutex(2) RwLock(2)");
    }

    fn readers_share_and_writers_do_not() {
        let lock = Arc::new(RwLock::new(0));
        let reading = Arc::new(AtomicUsize::new(0));
        let most = Arc::new(AtomicUsize::new(0));
        let (shared, at_once) = (Arc::clone(&lock), Arc::clone(&most));
        in_threads(6, move |index| {
            for _ in 0..10 {
                if index == 0 {
                    let mut value = shared.write();
                    assert_eq!(reading.load(Ordering::SeqCst), 0);
                    *value += 1;
                } else {
                    let _value = shared.read();
                    let readers = reading.fetch_add(1, Ordering::SeqCst) + 1;
                    at_once.fetch_max(readers, Ordering::SeqCst);
                    thread::sleep(MILLI);
                    reading.fetch_sub(1, Ordering::SeqCst);
                }
            }
        });
        assert_eq!(*lock.read(), 10);
        assert!(most.load(Ordering::SeqCst) >= 2, "readers never shared");
        let reader = lock.read();
        assert!(lock.try_write().is_none() && lock.try_read().is_some());
        drop(reader);
        assert!(lock.try_write().is_some());
        assert_eq!(Arc::into_inner(lock).map(RwLock::into_inner), Some(10));
    }

    fn two_readers_that_need_each_other_go_on_together() {
        let lock = Arc::new(RwLock::new(()));
        let barrier = Arc::new(Barrier::new(3));
        let writer = lock.write();
        let readers: Vec<_> = (0..3).map(|_| {
            let (lock, barrier) = (Arc::clone(&lock), Arc::clone(&barrier));
            thread::spawn(move || {
                let _guard = lock.read();
                barrier.wait();
            })
        }).collect();
        thread::sleep(MILLI);
        drop(writer);
        for reader in readers {
            reader.join().unwrap();
        }
    }

    fn a_condition_variable_wakes_one_or_all() {
        let state = Arc::new((Mutex::new((0, 0)), Condvar::new()));
        let shared = Arc::clone(&state);
        let consumers: Vec<_> = (0..4).map(|_| {
            let state = Arc::clone(&shared);
            thread::spawn(move || {
                let (lock, filled) = &*state;
                let mut guard = lock.lock();
                while guard.0 == 0 {
                    guard = filled.wait(guard);
                }
                guard.0 -= 1;
                guard.1 += 1;
            })
        }).collect();
        let (lock, filled) = &*state;
        for _ in 0..2 {
            lock.lock().0 += 1;
            filled.notify_one();
        }
        lock.lock().0 += 2;
        filled.notify_all();
        for consumer in consumers {
            consumer.join().unwrap();
        }
        assert_eq!(*lock.lock(), (0, 4));
    }

    fn a_wait_ends_when_its_time_is_up() {
        let (lock, condvar) = (Mutex::new(5), Condvar::new());
        let start = Instant::now();
        let (guard, timed_out) = condvar.wait_timeout(lock.lock(), 10 * MILLI);
        assert!(timed_out && *guard == 5);
        assert!(start.elapsed() >= 10 * MILLI);
        assert!(lock.try_lock().is_none(), "the lock is held again");
    }

    fn a_wait_that_is_notified_has_not_timed_out() {
        let pair = Arc::new((Mutex::new(false), Condvar::new()));
        let other = Arc::clone(&pair);
        let notifier = thread::spawn(move || {
            *other.0.lock() = true;
            other.1.notify_one();
        });
        let mut guard = pair.0.lock();
        while !*guard {
            let (again, timed_out) = pair.1.wait_timeout(guard, Duration::from_mins(1));
            guard = again;
            assert!(!timed_out);
        }
        drop(guard);
        notifier.join().unwrap();
    }

    fn a_notification_does_not_go_to_a_wait_that_has_timed_out() {
        let pair = Arc::new((Mutex::new(0), Condvar::new()));
        for _ in 0..20 {
            drop(pair.1.wait_timeout(pair.0.lock(), Duration::from_micros(10)));
        }
        let other = Arc::clone(&pair);
        let waiter = thread::spawn(move || {
            drop(other.1.wait_while(other.0.lock(), |count| *count == 0));
        });
        thread::sleep(MILLI);
        *pair.0.lock() += 1;
        pair.1.notify_one();
        waiter.join().unwrap();
    }

    fn a_barrier_lets_all_pass_together_and_has_one_leader() {
        let barrier = Arc::new(Barrier::new(4));
        let arrived = Arc::new(AtomicUsize::new(0));
        let leaders = Arc::new(AtomicUsize::new(0));
        let led = Arc::clone(&leaders);
        in_threads(4, move |_| {
            for round in 1..=5 {
                arrived.fetch_add(1, Ordering::SeqCst);
                led.fetch_add(usize::from(barrier.wait()), Ordering::SeqCst);
                assert!(arrived.load(Ordering::SeqCst) >= 4 * round);
            }
        });
        assert_eq!(leaders.load(Ordering::SeqCst), 5);
    }

    fn a_wait_group_waits_for_all_its_members() {
        let group = WaitGroup::new();
        let done = Arc::new(AtomicUsize::new(0));
        for _ in 0..5 {
            let (member, done) = (group.clone(), Arc::clone(&done));
            thread::spawn(move || {
                thread::sleep(MILLI);
                done.fetch_add(1, Ordering::SeqCst);
                drop(member);
            });
        }
        group.wait();
        assert_eq!(done.load(Ordering::SeqCst), 5);
        WaitGroup::default().wait();
    }

    fn a_slot_hands_the_first_value_over() {
        let slot = Slot::new();
        assert!(!slot.is_set());
        let other = slot.clone();
        let setter = thread::spawn(move || {
            thread::sleep(MILLI);
            (other.set(7), other.set(8))
        });
        assert_eq!(slot.wait(), 7);
        assert_eq!(setter.join().unwrap(), (true, false));
        assert!(slot.is_set());
    }

    fn many_slots_are_handed_over_quickly() {
        for index in 0..500 {
            let slot = Slot::new();
            let other = slot.clone();
            thread::spawn(move || other.set(index));
            assert_eq!(slot.wait(), index);
        }
    }

    fn locks_in_statics_serve_one_world_after_another() {
        static COUNTER: Mutex<u64> = Mutex::new(0);
        let before = *COUNTER.lock();
        in_threads(3, |_| *COUNTER.lock() += 1);
        assert!(*COUNTER.lock() >= before + 3);
    }

    fn a_lock_that_very_many_threads_want_goes_round() {
        let counter = Arc::new(Mutex::new(0));
        let shared = Arc::clone(&counter);
        in_threads(300, move |_| {
            let mut counter = shared.lock();
            thread::yield_now();
            *counter += 1;
        });
        assert_eq!(*counter.lock(), 300);
    }
}
