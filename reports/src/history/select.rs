//! Which events are shown.

use std::collections::BTreeSet;

use super::model::{Arrival, Event, Level, Message, Server, What};

/// What a person asked to see. The steps of the test and its end are always shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these servers' columns.
    pub servers: Option<BTreeSet<Server>>,
    /// Only lines of the submission's log that are as severe as this, or more.
    pub level: Level,
    /// Nothing before, in virtual nanoseconds.
    pub from_ns: u64,
    /// Nothing after, in virtual nanoseconds.
    pub to_ns: Option<u64>,
    /// Only events of these topics.
    pub topics: Option<BTreeSet<Topic>>,
    /// Also requests that change nothing, answers that come at once, and the end of failed calls.
    pub all: bool,
}

/// What an event is about; some events are about more than one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Roles, terms, votes.
    Elections,
    /// Every message.
    Rpcs,
    /// Commands: accepted, agreed on, applied.
    Applies,
    /// What is crashed, cut off, lost or late.
    Faults,
    /// The submission's own lines.
    Log,
}

impl Topic {
    /// All topics with their names.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("elections", Self::Elections),
        ("rpcs", Self::Rpcs),
        ("applies", Self::Applies),
        ("faults", Self::Faults),
        ("log", Self::Log),
    ];
}

/// An answer that takes longer is late.
pub(super) const LATE_NS: u64 = 10_000_000;

impl Selection {
    /// Whether the column of `server` is shown.
    pub fn has_server(&self, server: Server) -> bool {
        self.servers.as_ref().is_none_or(|servers| servers.contains(&server))
    }

    /// Whether the event is shown, or counted as one of many.
    pub(super) fn shows(&self, event: &Event) -> bool {
        let in_time = event.at_ns >= self.from_ns && self.to_ns.is_none_or(|to| event.at_ns <= to);
        let in_column = event.server.is_none_or(|server| self.has_server(server));
        in_time && in_column && self.is_worth_it(event) && self.is_on_topic(event)
    }

    fn is_worth_it(&self, event: &Event) -> bool {
        match &event.what {
            What::Log { level, .. } => *level <= self.level,
            What::Answer(answer) => self.all || !answer.is_idle,
            What::Outcome(outcome) => {
                self.all || (outcome.failed.is_none() && outcome.took_ns >= LATE_NS)
            }
            _ => true,
        }
    }

    fn is_on_topic(&self, event: &Event) -> bool {
        let Some(topics) = &self.topics else { return true };
        let about = |topic| topics.contains(&topic);
        match &event.what {
            What::Step(_) => true,
            What::Driven(_) => about(Topic::Faults),
            What::Role(_) => about(Topic::Elections),
            What::Request(request) => {
                let failed = request.fate.has_failed() && !request.is_idle;
                about(Topic::Rpcs)
                    || about(Topic::Elections) && is_vote(&request.message)
                    || about(Topic::Faults) && failed
            }
            What::Answer(answer) => {
                let vote = answer.message.as_ref().is_some_and(is_vote);
                about(Topic::Rpcs)
                    || about(Topic::Elections) && vote
                    || about(Topic::Faults) && is_impaired(answer.arrival)
            }
            What::Outcome(_) => about(Topic::Rpcs) || about(Topic::Faults),
            What::Accepted { .. } | What::Applied { .. } | What::Agreed(_) => about(Topic::Applies),
            What::Log { .. } | What::Other { .. } => about(Topic::Log),
        }
    }

    /// Whether the event is one of the requests that are counted, not shown.
    pub(super) fn only_counts(&self, event: &Event) -> bool {
        !self.all && matches!(&event.what, What::Request(request) if request.is_idle)
    }
}

fn is_vote(message: &Message) -> bool {
    matches!(message, Message::Vote { .. })
}

/// Whether the answer does not arrive soon.
fn is_impaired(arrival: Arrival) -> bool {
    match arrival {
        Arrival::Lost | Arrival::Discarded => true,
        Arrival::After(ns) => ns >= LATE_NS,
        Arrival::Open => false,
    }
}
