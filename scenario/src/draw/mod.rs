//! Scenarios drawn from a seed, swarm style.
//!
//! A run in which everything goes wrong at once finds few bugs: what one fault brings about, another
//! hides. So each scenario first draws *which* kinds of faults there are and how often they come, and
//! which workload; then the events (Groce et al., "Swarm Testing", ISSTA 2012).
//!
//! | module | what |
//! | --- | --- |
//! | `mix` | which faults, how often; what the network does |
//! | `workload` | the commands, and what belongs to them |
//! | `faults` | faults, and their repairs |

mod faults;
mod mix;
mod workload;

use rand::distr::uniform::{SampleRange, SampleUniform};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::event::{Action, Event, Millis};
use crate::{MAX_EVENTS, Scenario};

/// What a drawn scenario may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The sizes of clusters of which one is drawn; not empty.
    pub servers: Vec<usize>,
    /// The length of the safety phase; drawn when absent.
    pub until: Option<Millis>,
}

impl Default for Options {
    fn default() -> Self {
        Self { servers: vec![3, 5, 7], until: None }
    }
}

/// Length of the safety phase, in milliseconds, where it is drawn.
const UNTIL_MS: std::ops::RangeInclusive<u32> = 5_000..=10_000;

impl Scenario {
    /// The scenario of this seed.
    ///
    /// # Panics
    /// When `options` has no number of servers to draw.
    pub fn draw(seed: u64, options: &Options) -> Self {
        let mut draw = Draw(Xoshiro256PlusPlus::seed_from_u64(seed));
        let servers = draw.one_of(&options.servers);
        let until = options.until.unwrap_or_else(|| Millis(draw.within(UNTIL_MS)));
        let mix = mix::Mix::draw(&mut draw, servers);
        let network = mix::network(&mut draw);
        let mut timeline = Timeline { draw, servers, until, events: Vec::new() };
        workload::add(&mut timeline, mix.workload);
        faults::add(&mut timeline, &mix);
        Self { servers, network, until, events: timeline.events() }
    }
}

/// The scenario's own stream of draws.
struct Draw(Xoshiro256PlusPlus);

impl Draw {
    fn within<T: SampleUniform>(&mut self, range: impl SampleRange<T>) -> T {
        self.0.random_range(range)
    }

    /// Whether something of this many percent happens.
    fn percent(&mut self, percent: u32) -> bool {
        self.within(0..100) < percent
    }

    fn one_of<T: Copy>(&mut self, these: &[T]) -> T {
        these[self.within(0..these.len())]
    }

    /// Each doubling is equally likely: 10 to 20 as much as 1000 to 2000.
    fn log(&mut self, least: u32, most: u32) -> u32 {
        let (least, most) = (f64::from(least).ln(), f64::from(most).ln());
        self.within(least..=most).exp().round() as u32
    }
}

/// The events so far.
struct Timeline {
    draw: Draw,
    servers: usize,
    until: Millis,
    events: Vec<Event>,
}

impl Timeline {
    /// An event this many milliseconds after the start; none after the safety phase.
    fn at(&mut self, ms: u32, action: Action) {
        if ms <= self.until.0 {
            self.events.push(Event { at: Millis(ms), action });
        }
    }

    /// Times from `first_ms` on, uniformly up to twice `gap_ms` apart, until the safety phase is over.
    fn times(&mut self, first_ms: u32, gap_ms: u32) -> Vec<u32> {
        let mut times = Vec::new();
        let mut time = first_ms + self.draw.within(0..=gap_ms);
        while time <= self.until.0 {
            times.push(time);
            time += self.draw.within(1..=(2 * gap_ms).max(2));
        }
        times
    }

    fn server(&mut self) -> usize {
        self.draw.within(0..self.servers)
    }

    fn events(self) -> Vec<Event> {
        let mut events = self.events;
        events.sort_by_key(|event| event.at);
        events.truncate(MAX_EVENTS);
        events
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn drawn() -> impl Iterator<Item = Scenario> {
        (0..300).map(|seed| Scenario::draw(seed, &Options::default()))
    }

    #[test]
    fn a_seed_is_one_scenario() {
        let options = Options::default();
        assert_eq!(Scenario::draw(7, &options), Scenario::draw(7, &options));
        let texts: BTreeSet<String> = drawn().map(|scenario| scenario.to_string()).collect();
        assert_eq!(texts.len(), 300);
    }

    #[test]
    fn every_scenario_is_one_that_can_be_read() {
        for scenario in drawn() {
            assert_eq!(scenario.to_string().parse(), Ok(scenario));
        }
    }

    #[test]
    fn options_are_kept() {
        let options = Options { servers: vec![5], until: Some(Millis(10_000)) };
        for seed in 0..100 {
            let scenario = Scenario::draw(seed, &options);
            assert_eq!((scenario.servers, scenario.until), (5, Millis(10_000)));
        }
    }

    /// Swarm testing rests on it: every kind is there, and every kind is missing.
    #[test]
    fn kinds_are_sometimes_there_and_sometimes_not() {
        let verbs = ["submit", "crash", "restart", "start", "disconnect", "connect", "partition"];
        for verb in verbs.into_iter().chain(["cut", "heal", "crash leader", "loss", "hangs"]) {
            let with = drawn().filter(|s| s.to_string().contains(&format!(" {verb}"))).count();
            let all_have_it = verb == "submit";
            assert!(with > 20 && (all_have_it || with < 280), "{verb}: {with} of 300");
        }
    }

    #[test]
    fn scenarios_have_something_to_shrink_and_fit_into_a_command_line() {
        let mut counts: Vec<usize> = drawn().map(|scenario| scenario.events.len()).collect();
        counts.sort_unstable();
        assert!(counts[150] >= 40, "the median is {}", counts[150]);
        assert!(counts[299] < MAX_EVENTS / 2, "the most are {}", counts[299]);
    }
}
