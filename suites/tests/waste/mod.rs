//! Who wastes time, bytes or threads passes, and is warned of that.

mod naive;

use std::convert::identity;

use contracts::Submission;
use labrt::world::Config;

use super::common::{self, find};
use naive::{Habit, Naive};

/// Every seed of a few must pass; with a warning of these words, or with none.
fn expect(course_name: &str, habit: Habit, words: Option<&str>) {
    for seed in 0..5 {
        let submission = Submission::new("naive").raft::<Naive>();
        let before = move || naive::begin(habit);
        let run = common::run(before, identity, find(course_name), submission, Config::sim(seed));
        assert_eq!(run.result, Ok(()), "{course_name}, {habit:?}, seed {seed}");
        let warnings = run.tally.warnings;
        match words {
            None => assert_eq!(warnings, [""; 0], "{course_name}, {habit:?}, seed {seed}"),
            Some(words) => {
                assert_eq!(warnings.len(), 1, "{course_name}, {habit:?}, seed {seed}");
                assert!(warnings[0].contains(words), "{words:?} not in {:?}", warnings[0]);
            }
        }
    }
}

#[test]
fn entries_that_wait_for_a_heartbeat() {
    let words = "entries are slow to leave: half of the commands are applied ";
    expect("TestPromptEntriesPlus", Habit::Slow, Some(words));
    expect("TestPromptEntriesPlus", Habit::Hasty, None);
}

#[test]
fn entries_that_are_sent_again_while_they_are_on_their_way() {
    let words = "entries travel again and again: ";
    expect("TestEntriesTravelOncePlus", Habit::Hasty, Some(words));
    expect("TestEntriesTravelOncePlus", Habit::Slow, None);
}

#[test]
fn entries_for_a_server_that_does_not_answer() {
    let words = "was away for 20 s and missed 20 commands of 5000 bytes";
    expect("TestAbsentFollowerPlus", Habit::Hasty, Some(words));
}

#[test]
fn calls_without_a_bound() {
    let words = " threads after 60 s in which no answer came from ";
    expect("TestWaitingCallsPlus", Habit::Slow, Some(words));
}

#[test]
fn ballots_that_are_sent_once_or_without_a_pause() {
    let seldom = "candidates do not ask again: ";
    expect("TestLostBallotsPlus", Habit::Slow, Some(seldom));
    let often = "servers call without a pause when no answer comes: ";
    expect("TestLostBallotsPlus", Habit::Hasty, Some(often));
}
