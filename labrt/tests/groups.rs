//! Groups of threads: who belongs, who still lives, who took a lock, and who is paused.

mod common;

use std::sync::Arc;

use common::{in_both_worlds, in_simulated_worlds};
use labrt::channel;
use labrt::group::Group;
use labrt::sync::{Mutex, RwLock};
use labrt::thread::{self, Builder};
use labrt::time::Duration;

const A_WHILE: Duration = Duration::from_millis(200);

in_both_worlds! {
    fn a_thread_belongs_to_the_group_of_who_starts_it() {
        let group = Group::new();
        let (stop, stopped) = channel::unbounded::<()>();
        let first = Builder::new().group(&group).spawn(move || {
            let child = stopped.clone();
            thread::spawn(move || child.recv());
            stopped.recv()
        });
        thread::spawn(|| thread::sleep(A_WHILE));
        thread::sleep(A_WHILE / 2);
        assert_eq!(group.live(), 2);
        drop(stop);
        assert!(first.join().is_ok_and(|received| received.is_err()));
        thread::sleep(A_WHILE / 2);
        assert_eq!(group.live(), 0);
    }

    fn a_lock_is_seen_where_it_is_first_taken() {
        let group = Group::new();
        let lock = Arc::new(Mutex::new(0));
        let others = Arc::clone(&lock);
        thread::spawn(move || *others.lock() += 1).join().expect("no panic");
        *lock.lock() += 1;
        assert_eq!(group.locked_at(), None);
        let reads = || Builder::new().group(&group).spawn(|| *RwLock::new(1).read());
        let line = line!() - 1;
        assert!(reads().join().is_ok());
        assert_eq!(group.locked_at().map(std::panic::Location::line), Some(line));
    }
}

#[test]
fn what_is_left_of_a_group_says_what_it_waits_for() {
    in_simulated_worlds(|| {
        let group = Group::new();
        let (sender, receiver) = channel::bounded(0);
        Builder::new().name("teller").group(&group).spawn(move || sender.send(1));
        thread::sleep(A_WHILE);
        let lines = group.describe();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with("teller waits for a channel to take its message at "));
        assert!(lines[0].contains("groups.rs:"));
        drop(receiver);
    });
}

#[test]
fn a_thread_is_paused_at_each_of_its_points_in_turn() {
    in_simulated_worlds(|| {
        let mut seen = Vec::new();
        for point in 0.. {
            let group = Group::new();
            let value = Arc::new((Mutex::new(0), Mutex::new(0)));
            let pair = Arc::clone(&value);
            group.pause_at(point);
            let writer = Builder::new().group(&group).spawn(move || {
                *pair.0.lock() += 1;
                *pair.1.lock() += 1;
            });
            thread::sleep(A_WHILE);
            let Some(at) = group.paused() else {
                assert_eq!(group.live(), 0);
                break;
            };
            assert!(at.file().ends_with("groups.rs"));
            seen.push((*value.0.lock(), *value.1.lock()));
            assert!(group.resume());
            writer.join().expect("no panic");
            assert_eq!((*value.0.lock(), *value.1.lock()), (1, 1));
        }
        // Before and after the first, and before and after the second.
        assert_eq!(seen, [(0, 0), (1, 0), (1, 0), (1, 1)]);
    });
}

#[test]
fn a_pause_that_is_not_reached_is_forgotten() {
    in_simulated_worlds(|| {
        let group = Group::new();
        group.pause_at(0);
        assert!(!group.resume());
        let lock = Builder::new().group(&group).spawn(|| *Mutex::new(7).lock());
        assert!(lock.join().is_ok_and(|value| value == 7));
        assert_eq!(group.paused(), None);
    });
}
