//! What an exploration does to one cluster, as data: drawn from a seed, written down in words, and made
//! smaller.
//!
//! A [`Scenario`] is a network and a list of events, each at its time. It says nothing about who runs
//! next: that is the seed's and the policy's. So the same scenario, seed and policy are the same run.
//!
//! ```
//! use scenario::Scenario;
//!
//! let text = "servers 3; latency 2ms; until 4s; 0.9 submit; 0.902 crash leader; 1.5 start";
//! let scenario: Scenario = text.parse().unwrap();
//! assert_eq!(scenario.events.len(), 3);
//! assert_eq!(scenario.to_string(), text);
//! ```
//!
//! | module | what |
//! | --- | --- |
//! | [`event`] | what is done, to whom and when |
//! | [`network`] | what the network does to messages |
//! | [`text`] | scenarios in words, and how they are read |
//! | [`draw`] | scenarios drawn from a seed |
//! | [`shrink`] | smaller scenarios that may fail in the same way |

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "pure data: it needs neither a clock nor a thread"
)]

pub mod draw;
pub mod event;
pub mod network;
pub mod shrink;
pub mod text;

use std::collections::BTreeSet;

pub use draw::Options;
pub use event::{Action, Back, Event, Millis, Whom};
pub use network::Network;
pub use text::ParseError;

/// Most servers in a cluster.
pub const MAX_SERVERS: usize = 9;
/// Most events, and the longest safety phase: what fits into one argument of a command line.
pub const MAX_EVENTS: usize = 1000;
/// See [`MAX_EVENTS`]; an hour.
pub const MAX_UNTIL: Millis = Millis(3_600_000);

/// What is done to one cluster.
///
/// First comes the *safety phase*: all servers run and are connected, the network is as
/// [`network`](Self::network) says, and each event happens at its time. At [`until`](Self::until)
/// everything heals, and the cluster must make progress again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Number of servers, from 1 to [`MAX_SERVERS`].
    pub servers: usize,
    /// What the network does in the safety phase.
    pub network: Network,
    /// The end of the safety phase.
    pub until: Millis,
    /// In order of their times, none after `until`. Each number in them is below `servers`.
    pub events: Vec<Event>,
}

impl Scenario {
    /// Commands that its events give to servers, each round of a burst counted.
    pub fn commands(&self) -> u64 {
        let of_event = |event: &Event| match event.action {
            Action::Submit { count, .. } => u64::from(count),
            _ => 0,
        };
        self.events.iter().map(of_event).sum()
    }

    /// What it is made of, in words: its size, and the kinds of its network's conditions and of its
    /// events, each once. Two scenarios of one mix differ in times and numbers only.
    pub fn mix(&self) -> String {
        let network = self.network.to_string();
        let conditions = network.split("; ").map(|part| part.split(' ').next().unwrap_or(part));
        let is_word = |word: &&str| !word.starts_with(|c: char| c.is_ascii_digit() || c == 'x');
        let events: BTreeSet<String> = self
            .events
            .iter()
            .map(|event| {
                let text = event.action.to_string();
                text.split(' ').filter(is_word).collect::<Vec<_>>().join(" ")
            })
            .collect();
        let mut words = vec![format!("servers {}", self.servers)];
        words.extend(conditions.filter(|word| !word.is_empty()).map(str::to_owned));
        words.extend(events);
        words.join("; ")
    }
}
