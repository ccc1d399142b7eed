//! What the runtime's primitives cost, in both worlds: `cargo bench -p labrt`.
//!
//! Each bench makes one world and does the same thing very often in it; the figure is the time for
//! one, as wall time over their number. The worlds of all benches are left behind, as ever.

use std::sync::Arc;

use divan::counter::ItemsCount;
use labrt::channel::{bounded, unbounded};
use labrt::sync::{Mutex, Slot};
use labrt::thread;
use labrt::time::Duration;
use labrt::world::{self, Clock, Config};

fn main() {
    divan::main();
}

/// Both worlds; the simulated one with its default policy.
const CLOCKS: [Clock; 2] = [Clock::Sim, Clock::Real];

/// How often the thing is done in one world. The real one is slower at nearly everything.
fn times(clock: Clock, sim: usize, real: usize) -> usize {
    match clock {
        Clock::Sim => sim,
        Clock::Real => real,
    }
}

/// Measures worlds that do something `count` times.
fn bench(bencher: divan::Bencher<'_, '_>, clock: Clock, count: usize, body: fn(usize)) {
    let config = match clock {
        Clock::Sim => Config::sim(1),
        Clock::Real => Config::real(1),
    };
    bencher.counter(ItemsCount::new(count)).bench(|| {
        let outcome = world::run(config.clone(), move || body(count));
        outcome.returned().expect("no verdict");
    });
}

/// Two threads that yield to each other: half of the yields switch.
#[divan::bench(args = CLOCKS, sample_count = 20, sample_size = 1)]
fn yield_of_two_threads(bencher: divan::Bencher<'_, '_>, clock: Clock) {
    bench(bencher, clock, times(clock, 1_000_000, 10_000), |count| {
        let other = thread::spawn(move || (0..count / 2).for_each(|_| thread::yield_now()));
        (0..count / 2).for_each(|_| thread::yield_now());
        other.join().expect("no panic");
    });
}

#[divan::bench(args = CLOCKS, sample_count = 20, sample_size = 1)]
fn spawn_and_join(bencher: divan::Bencher<'_, '_>, clock: Clock) {
    bench(bencher, clock, times(clock, 200_000, 5_000), |count| {
        (0..count).for_each(|_| thread::spawn(|| ()).join().expect("no panic"));
    });
}

#[divan::bench(args = CLOCKS, sample_count = 20, sample_size = 1)]
fn lock_and_unlock(bencher: divan::Bencher<'_, '_>, clock: Clock) {
    bench(bencher, clock, times(clock, 400_000, 400_000), |count| {
        let mutex = Mutex::new(0_usize);
        (0..count).for_each(|_| *mutex.lock() += 1);
    });
}

/// There and back is one.
#[divan::bench(args = CLOCKS, sample_count = 20, sample_size = 1)]
fn channel_ping_pong(bencher: divan::Bencher<'_, '_>, clock: Clock) {
    bench(bencher, clock, times(clock, 200_000, 5_000), |count| {
        let (ping, from_main) = unbounded::<usize>();
        let (pong, to_main) = bounded(1);
        thread::spawn(move || {
            for n in &from_main {
                pong.send(n).expect("main waits");
            }
        });
        for n in 0..count {
            ping.send(n).expect("the other waits");
            assert_eq!(to_main.recv(), Ok(n));
        }
    });
}

/// On the real clock the sleep itself is what takes the time.
#[divan::bench(args = CLOCKS, sample_count = 20, sample_size = 1)]
fn sleep_of_a_microsecond(bencher: divan::Bencher<'_, '_>, clock: Clock) {
    bench(bencher, clock, times(clock, 500_000, 1_000), |count| {
        (0..count).for_each(|_| thread::sleep(Duration::from_micros(1)));
    });
}

/// A thread is started, and hands over one value: the way of an RPC.
#[divan::bench(args = CLOCKS, sample_count = 20, sample_size = 1)]
fn slot_handed_over(bencher: divan::Bencher<'_, '_>, clock: Clock) {
    bench(bencher, clock, times(clock, 200_000, 5_000), |count| {
        for n in 0..count {
            let slot = Slot::new();
            let place = slot.clone();
            thread::spawn(move || place.set(n));
            assert_eq!(slot.wait(), n);
        }
    });
}

/// A hundred virtual seconds of five servers that tick, send to each other and lock: one item is one
/// virtual second.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn virtual_seconds_of_a_cluster(bencher: divan::Bencher<'_, '_>) {
    bench(bencher, Clock::Sim, 100, |seconds| {
        let state = Arc::new(Mutex::new(0_usize));
        let servers: Vec<_> = (0..5)
            .map(|_| {
                let state = Arc::clone(&state);
                thread::spawn(move || {
                    for _ in 0..seconds * 10 {
                        thread::sleep(Duration::from_millis(100));
                        for _ in 0..4 {
                            let (slot, shared) = (Slot::new(), Arc::clone(&state));
                            let place = slot.clone();
                            thread::spawn(move || {
                                thread::sleep(Duration::from_millis(1));
                                *shared.lock() += 1;
                                place.set(());
                            });
                            slot.wait();
                            *state.lock() += 1;
                        }
                    }
                })
            })
            .collect();
        for server in servers {
            server.join().expect("no panic");
        }
    });
}
