//! The rates and ranges of both courses, and the rules that hold for every draw.

use proptest::prelude::*;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;

const COURSES: [Knobs; 2] = [Knobs::comp385(), Knobs::cs350()];
const UNRELIABLE: Conditions =
    Conditions { reachable: true, reliable: false, long_delays: false, long_reordering: false };
const DRAWS: u32 = 100_000;

/// Fates under `conditions`, always of the same seed.
fn fates(knobs: &Knobs, conditions: Conditions) -> Vec<Fate> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(385);
    (0..DRAWS).map(|_| Fate::decide(knobs, conditions, &mut rng)).collect()
}

/// The share of `fates` for which `is` holds.
fn share(fates: &[Fate], is: impl Fn(&Fate) -> bool) -> f64 {
    fates.iter().filter(|fate| is(fate)).count() as f64 / fates.len() as f64
}

/// The mean of `seconds`, which must be there.
fn mean(seconds: impl Iterator<Item = f64>) -> f64 {
    let all: Vec<f64> = seconds.collect();
    assert!(!all.is_empty(), "nothing to take the mean of");
    all.iter().sum::<f64>() / all.len() as f64
}

fn assert_near(seen: f64, expected: f64, tolerance: f64) {
    assert!(
        (seen - expected).abs() < tolerance,
        "expected {expected} within {tolerance}, saw {seen}"
    );
}

#[test]
fn an_unreliable_network_loses_a_tenth_of_the_requests_and_a_tenth_of_the_replies() {
    for knobs in COURSES {
        let fates = fates(&knobs, UNRELIABLE);
        let requests = share(&fates, |f| matches!(f, Fate::RequestLost { .. }));
        let replies = share(&fates, |f| {
            let lost = ReplyFate::Lost;
            matches!(f, Fate::Delivered { reply, .. } if *reply == lost)
        });
        assert_near(requests, 0.1, 0.005);
        assert_near(replies, 0.9 * 0.1, 0.005);
    }
}

#[test]
fn an_unreliable_network_delays_requests_uniformly() {
    for (knobs, longest) in COURSES.into_iter().zip([0.029, 0.026]) {
        let delays = fates(&knobs, UNRELIABLE).into_iter().map(|fate| match fate {
            Fate::Unreachable { .. } => panic!("the server is reachable"),
            Fate::RequestLost { fails_after } => fails_after.as_secs_f64(),
            Fate::Delivered { after, .. } => after.as_secs_f64(),
        });
        assert_near(mean(delays), longest / 2.0, 0.0005);
    }
}

#[test]
fn nobody_there_takes_seven_seconds_with_long_delays_and_a_tenth_without() {
    for knobs in COURSES {
        for (long_delays, longest) in [(true, 7.0), (false, 0.1)] {
            let nobody = Conditions { reachable: false, long_delays, ..UNRELIABLE };
            let waits = fates(&knobs, nobody).into_iter().map(|fate| match fate {
                Fate::Unreachable { fails_after } => fails_after.as_secs_f64(),
                other => panic!("{other:?} though nobody is there"),
            });
            assert_near(mean(waits), longest / 2.0, longest / 100.0);
        }
    }
}

#[test]
fn long_reordering_makes_two_replies_of_three_late() {
    let reordering = Conditions { reliable: true, long_reordering: true, ..UNRELIABLE };
    // The mean of a uniform draw below a uniform draw below 2 s is 0.5 s.
    for (knobs, rate, mean_lateness) in [(COURSES[0], 0.66, 1.2), (COURSES[1], 2.0 / 3.0, 0.7)] {
        let fates = fates(&knobs, reordering);
        let late: Vec<f64> = fates
            .iter()
            .map(|fate| match fate {
                Fate::Delivered {
                    after: Duration::ZERO,
                    reply: ReplyFate::Delivered { after },
                } => after.as_secs_f64(),
                other => panic!("{other:?} on a reliable network"),
            })
            .filter(|after| *after > 0.0)
            .collect();
        assert_near(late.len() as f64 / f64::from(DRAWS), rate, 0.005);
        assert!(late.iter().all(|after| (0.2..=2.2).contains(after)));
        assert_near(mean(late.into_iter()), mean_lateness, 0.01);
    }
}

#[test]
fn perfect_conditions_draw_nothing() {
    let perfect = Conditions { reliable: true, ..UNRELIABLE };
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let untouched = rng.clone();
    assert_eq!(Fate::decide(&COURSES[0], perfect, &mut rng), Fate::PROMPT);
    assert_eq!(rng, untouched);
}

fn any_conditions() -> impl Strategy<Value = Conditions> {
    any::<[bool; 4]>().prop_map(|[reachable, reliable, long_delays, long_reordering]| Conditions {
        reachable,
        reliable,
        long_delays,
        long_reordering,
    })
}

proptest! {
    #[test]
    fn every_fate_fits_its_conditions(
        seed: u64,
        conditions in any_conditions(),
        knobs in prop::sample::select(COURSES.to_vec()),
    ) {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        match Fate::decide(&knobs, conditions, &mut rng) {
            Fate::Unreachable { fails_after } => {
                prop_assert!(!conditions.reachable);
                prop_assert!(fails_after <= knobs.unreachable_long);
                prop_assert!(conditions.long_delays || fails_after <= knobs.unreachable);
            }
            Fate::RequestLost { fails_after } => {
                prop_assert!(conditions.reachable && !conditions.reliable);
                prop_assert!(fails_after <= knobs.request_delay);
            }
            Fate::Delivered { after, reply } => {
                prop_assert!(conditions.reachable);
                prop_assert!(after <= knobs.request_delay);
                prop_assert!(!conditions.reliable || after.is_zero());
                prop_assert!(!conditions.reliable || reply != ReplyFate::Lost);
                if let ReplyFate::Delivered { after } = reply {
                    let longest = knobs.late_reply_least + knobs.late_reply_extra;
                    prop_assert!(after.is_zero() || conditions.long_reordering);
                    prop_assert!(after.is_zero() || (knobs.late_reply_least..=longest).contains(&after));
                }
            }
        }
    }

    #[test]
    fn the_same_draws_decide_the_same_fate(seed: u64, conditions in any_conditions()) {
        let decide = || {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
            Fate::decide(&Knobs::comp385(), conditions, &mut rng)
        };
        prop_assert_eq!(decide(), decide());
    }
}

#[test]
fn latency_is_there_on_a_reliable_network_too_and_both_ways() {
    let latency = Duration::from_millis(10);
    let knobs = Knobs { latency, ..Knobs::comp385() };
    let reliable = Conditions { reliable: true, ..UNRELIABLE };
    let fates = fates(&knobs, reliable);
    let ways = |fate: &Fate| match fate {
        Fate::Delivered { after, reply: ReplyFate::Delivered { after: back } } => {
            assert!(*after <= latency && *back <= latency, "{fate:?}");
            (after.as_secs_f64(), back.as_secs_f64())
        }
        _ => panic!("{fate:?}"),
    };
    let there = mean(fates.iter().map(|fate| ways(fate).0));
    let back = mean(fates.iter().map(|fate| ways(fate).1));
    assert!((there - 0.005).abs() < 1e-4 && (back - 0.005).abs() < 1e-4, "{there} {back}");
}
